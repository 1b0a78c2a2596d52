// SPDX-License-Identifier: MIT
// The in-place operators, a part of the symmetry family.
#pragma once

#include <span>
#include <whest/flopscope/core/operation.hpp>

namespace flopscope {

std::span<const Operation> inplace_operators();

}  // namespace flopscope
