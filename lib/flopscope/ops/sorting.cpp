// SPDX-License-Identifier: MIT
// The sorting family of operations.
#include <whest/flopscope/core/catalogue.hpp>

namespace flopscope {

std::span<const Operation> sorting_operations() { return {}; }

}  // namespace flopscope
