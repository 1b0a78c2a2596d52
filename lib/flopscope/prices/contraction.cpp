// SPDX-License-Identifier: MIT
// Price formulas of the contraction family.
#include <whest/flopscope/core/price.hpp>

namespace flopscope {

std::span<const Formula> contraction_formulas() { return {}; }

}  // namespace flopscope
