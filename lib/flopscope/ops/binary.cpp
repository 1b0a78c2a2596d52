// SPDX-License-Identifier: MIT
// The binary family of operations.
#include <whest/flopscope/core/catalogue.hpp>

namespace flopscope {

std::span<const Operation> binary_operations() { return {}; }

}  // namespace flopscope
