// SPDX-License-Identifier: MIT
// The fft family of operations.
#include <whest/flopscope/core/catalogue.hpp>

namespace flopscope {

std::span<const Operation> fft_operations() { return {}; }

}  // namespace flopscope
