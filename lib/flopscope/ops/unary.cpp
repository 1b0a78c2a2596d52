// SPDX-License-Identifier: MIT
// The unary family of operations.
#include <whest/flopscope/core/catalogue.hpp>

namespace flopscope {

std::span<const Operation> unary_operations() { return {}; }

}  // namespace flopscope
