// SPDX-License-Identifier: MIT
// The indexing family of operations.
#include <whest/flopscope/core/catalogue.hpp>

namespace flopscope {

std::span<const Operation> indexing_operations() { return {}; }

}  // namespace flopscope
