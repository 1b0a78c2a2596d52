// SPDX-License-Identifier: MIT
// Price formulas of the sorting family.
#include <whest/flopscope/core/price.hpp>

namespace flopscope {

std::span<const Formula> sorting_formulas() { return {}; }

}  // namespace flopscope
