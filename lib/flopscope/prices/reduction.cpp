// SPDX-License-Identifier: MIT
// Price formulas of the reduction family.
#include <whest/flopscope/core/price.hpp>

namespace flopscope {

std::span<const Formula> reduction_formulas() { return {}; }

}  // namespace flopscope
