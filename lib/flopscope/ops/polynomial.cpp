// SPDX-License-Identifier: MIT
// The polynomial family of operations.
#include <whest/flopscope/core/catalogue.hpp>

namespace flopscope {

std::span<const Operation> polynomial_operations() { return {}; }

}  // namespace flopscope
