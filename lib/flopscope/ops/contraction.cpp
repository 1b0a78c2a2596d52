// SPDX-License-Identifier: MIT
// The contraction family of operations.
#include <whest/flopscope/core/catalogue.hpp>

namespace flopscope {

std::span<const Operation> contraction_operations() { return {}; }

}  // namespace flopscope
