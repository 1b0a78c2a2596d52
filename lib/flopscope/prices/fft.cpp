// SPDX-License-Identifier: MIT
// Price formulas of the fft family.
#include <whest/flopscope/core/price.hpp>

namespace flopscope {

std::span<const Formula> fft_formulas() { return {}; }

}  // namespace flopscope
