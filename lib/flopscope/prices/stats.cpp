// SPDX-License-Identifier: MIT
// Price formulas of the stats family.
#include <whest/flopscope/core/price.hpp>

namespace flopscope {

std::span<const Formula> stats_formulas() { return {}; }

}  // namespace flopscope
