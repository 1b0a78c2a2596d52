// SPDX-License-Identifier: MIT
// The movement family of operations.
#include <whest/flopscope/core/catalogue.hpp>

namespace flopscope {

std::span<const Operation> movement_operations() { return {}; }

}  // namespace flopscope
