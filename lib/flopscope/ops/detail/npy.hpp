// SPDX-License-Identifier: MIT
// The .npy format (NumPy enhancement proposal 1): one array as a text header and its bytes.
#pragma once

#include <string>
#include <string_view>
#include <whest/flopscope/core/array.hpp>

namespace flopscope::detail {

// Throws ValueError for bytes that are not a .npy file of one of the 14 dtypes, or are cut short. Either byte order,
// either element order.
ArrayRef array_from_npy(std::string_view bytes);

// Version 1.0, little-endian, C order.
std::string npy_of(const Array& a);

}  // namespace flopscope::detail
