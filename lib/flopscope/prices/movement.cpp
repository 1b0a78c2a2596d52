// SPDX-License-Identifier: MIT
// Price formulas of the movement family.
#include <whest/flopscope/core/price.hpp>

namespace flopscope {

std::span<const Formula> movement_formulas() { return {}; }

}  // namespace flopscope
