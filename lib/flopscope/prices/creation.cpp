// SPDX-License-Identifier: MIT
// Price formulas of the creation family.
#include <whest/flopscope/core/price.hpp>

namespace flopscope {

std::span<const Formula> creation_formulas() { return {}; }

}  // namespace flopscope
