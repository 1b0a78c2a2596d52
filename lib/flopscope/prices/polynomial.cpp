// SPDX-License-Identifier: MIT
// Price formulas of the polynomial family.
#include <whest/flopscope/core/price.hpp>

namespace flopscope {

std::span<const Formula> polynomial_formulas() { return {}; }

}  // namespace flopscope
