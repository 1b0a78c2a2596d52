// SPDX-License-Identifier: MIT
// The symmetry family of operations.
#include <whest/flopscope/core/catalogue.hpp>

namespace flopscope {

std::span<const Operation> symmetry_operations() { return {}; }

}  // namespace flopscope
