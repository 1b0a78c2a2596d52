// SPDX-License-Identifier: MIT
// The linalg family of operations.
#include <whest/flopscope/core/catalogue.hpp>

namespace flopscope {

std::span<const Operation> linalg_operations() { return {}; }

}  // namespace flopscope
