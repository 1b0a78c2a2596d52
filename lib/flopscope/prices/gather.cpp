// SPDX-License-Identifier: MIT
// Price formulas of the gather family.
#include <whest/flopscope/core/price.hpp>

namespace flopscope {

std::span<const Formula> gather_formulas() { return {}; }

}  // namespace flopscope
