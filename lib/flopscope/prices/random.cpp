// SPDX-License-Identifier: MIT
// Price formulas of the random family.
#include <whest/flopscope/core/price.hpp>

namespace flopscope {

std::span<const Formula> random_formulas() { return {}; }

}  // namespace flopscope
