// SPDX-License-Identifier: MIT
// Polynomials by their coefficients (the highest power first), and windows.
#pragma once

#include <flopscope/detail/function.hpp>

namespace flopscope::numpy {

// clang-format off
// ---- Polynomials and windows ----
FLOPSCOPE_FUNCTION(ndarray, polyadd, "polyadd", 2, 2)  // a1, a2
FLOPSCOPE_FUNCTION(ndarray, polysub, "polysub", 2, 2)  // a1, a2
FLOPSCOPE_FUNCTION(ndarray, polymul, "polymul", 2, 2)  // a1, a2
FLOPSCOPE_FUNCTION(Tuple<2>, polydiv, "polydiv", 2, 2)  // u, v
FLOPSCOPE_FUNCTION(ndarray, polyder, "polyder", 1, 1)  // p, m=1
FLOPSCOPE_FUNCTION(ndarray, polyint, "polyint", 1, 1)  // p, m=1, k=None
FLOPSCOPE_FUNCTION(ndarray, polyval, "polyval", 2, 2)  // p, x
FLOPSCOPE_FUNCTION(detail::SeveralFrom<1>::Result<More...>, polyfit, "polyfit", 3, 3)  // x, y, deg, rcond=None, full=False, w=None, cov=False
FLOPSCOPE_FUNCTION(ndarray, poly, "poly", 1, 1)  // seq_of_zeros
FLOPSCOPE_FUNCTION(ndarray, roots, "roots", 1, 1)  // p
FLOPSCOPE_FUNCTION(ndarray, bartlett, "bartlett", 1, 1)  // M
FLOPSCOPE_FUNCTION(ndarray, blackman, "blackman", 1, 1)  // M
FLOPSCOPE_FUNCTION(ndarray, hamming, "hamming", 1, 1)  // M
FLOPSCOPE_FUNCTION(ndarray, hanning, "hanning", 1, 1)  // M
FLOPSCOPE_FUNCTION(ndarray, kaiser, "kaiser", 2, 2)  // M, beta
// clang-format on

}  // namespace flopscope::numpy
