// SPDX-License-Identifier: MIT
// Functions of one array that are made of others: angle, sinc, i0, round, nan_to_num, tests of numbers.
#include <whest/flopscope/ops/detail/families.hpp>

namespace flopscope {

std::span<const Operation> unary_composite_operations() { return {}; }

}  // namespace flopscope
