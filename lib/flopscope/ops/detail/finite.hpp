// SPDX-License-Identifier: MIT
#pragma once

#include <whest/flopscope/core/array.hpp>

namespace flopscope::detail {

// Whether no element is an infinity or NaN, nor a part of one.
bool all_finite(const Array& a);

}  // namespace flopscope::detail
