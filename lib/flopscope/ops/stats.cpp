// SPDX-License-Identifier: MIT
// The stats family of operations.
#include <whest/flopscope/core/catalogue.hpp>

namespace flopscope {

std::span<const Operation> stats_operations() { return {}; }

}  // namespace flopscope
