// SPDX-License-Identifier: MIT
// Price formulas of the linalg family.
#include <whest/flopscope/core/price.hpp>

namespace flopscope {

std::span<const Formula> linalg_formulas() { return {}; }

}  // namespace flopscope
