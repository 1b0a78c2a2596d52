// SPDX-License-Identifier: MIT
// NumPy's elementwise functions, by name. Operations of other families may apply them to their own temporaries
// (ufunc::apply), uncounted.
#pragma once

#include <whest/flopscope/ops/detail/ufunc.hpp>

namespace flopscope::ufunc {

// ops/ufunc_arithmetic.cpp
extern const Ufunc k_add, k_subtract, k_multiply, k_true_divide, k_maximum, k_minimum, k_fmax, k_fmin;
// ops/ufunc_integer.cpp
extern const Ufunc k_floor_divide, k_remainder, k_fmod, k_divmod, k_bitwise_and, k_bitwise_or, k_bitwise_xor, k_gcd,
    k_lcm, k_left_shift, k_right_shift, k_invert, k_bitwise_count;
// ops/ufunc_compare.cpp
extern const Ufunc k_greater, k_greater_equal, k_less, k_less_equal, k_equal, k_not_equal, k_logical_and, k_logical_or,
    k_logical_xor, k_logical_not;
// ops/ufunc_power.cpp
extern const Ufunc k_power, k_float_power;
// ops/ufunc_real.cpp
extern const Ufunc k_logaddexp, k_logaddexp2, k_arctan2, k_hypot, k_copysign, k_nextafter, k_heaviside, k_ldexp, k_modf,
    k_frexp, k_signbit, k_spacing, k_fabs, k_degrees, k_radians, k_cbrt, k_isnan, k_isinf, k_isfinite;
// ops/ufunc_unary.cpp
extern const Ufunc k_absolute, k_negative, k_positive, k_square, k_reciprocal, k_sign, k_conjugate, k_sqrt, k_ceil,
    k_floor, k_trunc, k_rint;
// ops/ufunc_transcendental.cpp
extern const Ufunc k_exp, k_exp2, k_expm1, k_log, k_log2, k_log10, k_log1p, k_sin, k_cos, k_tan, k_arcsin, k_arccos,
    k_arctan, k_sinh, k_cosh, k_tanh, k_arcsinh, k_arccosh, k_arctanh;

}  // namespace flopscope::ufunc
