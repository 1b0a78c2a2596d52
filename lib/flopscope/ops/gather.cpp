// SPDX-License-Identifier: MIT
// The gather family of operations.
#include <whest/flopscope/core/catalogue.hpp>

namespace flopscope {

std::span<const Operation> gather_operations() { return {}; }

}  // namespace flopscope
