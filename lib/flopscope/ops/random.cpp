// SPDX-License-Identifier: MIT
// The random family of operations.
#include <whest/flopscope/core/catalogue.hpp>

namespace flopscope {

std::span<const Operation> random_operations() { return {}; }

}  // namespace flopscope
