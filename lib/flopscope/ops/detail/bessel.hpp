// SPDX-License-Identifier: MIT
// The modified Bessel function of the first kind, order 0.
#pragma once

namespace flopscope::detail {

double bessel_i0(double x);  // infinity where it passes the largest double; x is no NaN

}  // namespace flopscope::detail
