// SPDX-License-Identifier: MIT
// Distributions with complex parameters, as far as the packages answer for them: their arithmetic on the parameters is
// NumPy's, and complex with them.
#pragma once

#include <string_view>
#include <whest/flopscope/core/dtype.hpp>

namespace flopscope::stats {

struct ComplexParameters {
  Complex128 loc = 0, scale = 1, a = 0, b = 0;
  bool scale_is_complex = false;
  DType scale_dtype = DType::float64;  // as in the curves: of a plain number's product with it
};
// Of a distribution function only the real part means something.
using ComplexCurve = Complex128 (*)(double x, const ComplexParameters& p);

// nullptr: complex parameters lose their imaginary part.
ComplexCurve complex_curve(std::string_view function);

}  // namespace flopscope::stats
