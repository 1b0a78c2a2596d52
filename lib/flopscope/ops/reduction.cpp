// SPDX-License-Identifier: MIT
// The reduction family of operations.
#include <whest/flopscope/core/catalogue.hpp>

namespace flopscope {

std::span<const Operation> reduction_operations() { return {}; }

}  // namespace flopscope
