// SPDX-License-Identifier: MIT
// Elementwise functions, under NumPy's names; behind each, NumPy's parameters ("ufunc": out=None, *, where=True,
// casting='same_kind', order='K', dtype=None).
#pragma once

#include <flopscope/detail/function.hpp>

namespace flopscope::numpy {

// clang-format off
// ---- Of one array ----
FLOPSCOPE_ARRAY_FUNCTION(ndarray, abs, "abs", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, absolute, "absolute", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, negative, "negative", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, positive, "positive", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, exp, "exp", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, exp2, "exp2", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, expm1, "expm1", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, log, "log", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, log2, "log2", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, log10, "log10", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, log1p, "log1p", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, sqrt, "sqrt", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, cbrt, "cbrt", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, square, "square", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, reciprocal, "reciprocal", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, sin, "sin", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, cos, "cos", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, tan, "tan", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, arcsin, "arcsin", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, arccos, "arccos", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, arctan, "arctan", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, sinh, "sinh", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, cosh, "cosh", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, tanh, "tanh", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, arcsinh, "arcsinh", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, arccosh, "arccosh", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, arctanh, "arctanh", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, asin, "asin", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, acos, "acos", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, atan, "atan", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, asinh, "asinh", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, acosh, "acosh", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, atanh, "atanh", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, degrees, "degrees", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, radians, "radians", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, deg2rad, "deg2rad", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, rad2deg, "rad2deg", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, sign, "sign", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, signbit, "signbit", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, fabs, "fabs", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, ceil, "ceil", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, floor, "floor", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, rint, "rint", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, trunc, "trunc", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, spacing, "spacing", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, logical_not, "logical_not", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, conj, "conj", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, conjugate, "conjugate", 1, 1)  // x, ufunc
FLOPSCOPE_FUNCTION(Tuple<2>, modf, "modf", 1, 1)  // x, ufunc
FLOPSCOPE_FUNCTION(Tuple<2>, frexp, "frexp", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, isnan, "isnan", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, isinf, "isinf", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, isfinite, "isfinite", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, bitwise_not, "bitwise_not", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, bitwise_invert, "bitwise_invert", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, invert, "invert", 1, 1)  // x, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, bitwise_count, "bitwise_count", 1, 1)  // x, ufunc
FLOPSCOPE_FUNCTION(ndarray, round, "round", 1, 2)  // a, decimals=0, out=None
FLOPSCOPE_FUNCTION(ndarray, around, "around", 1, 2)  // a, decimals=0, out=None
FLOPSCOPE_FUNCTION(ndarray, fix, "fix", 1, 1)  // x, out=None
FLOPSCOPE_FUNCTION(ndarray, angle, "angle", 1, 1)  // z, deg=False
FLOPSCOPE_FUNCTION(ndarray, sinc, "sinc", 1, 1)  // x
FLOPSCOPE_FUNCTION(ndarray, i0, "i0", 1, 1)  // x
FLOPSCOPE_FUNCTION(ndarray, nan_to_num, "nan_to_num", 1, 1)  // x, copy=True, nan=0.0, posinf=None, neginf=None
FLOPSCOPE_FUNCTION(ndarray, isneginf, "isneginf", 1, 1)  // x, out=None
FLOPSCOPE_FUNCTION(ndarray, isposinf, "isposinf", 1, 1)  // x, out=None
FLOPSCOPE_FUNCTION(ndarray, iscomplex, "iscomplex", 1, 1)  // x
FLOPSCOPE_FUNCTION(ndarray, isreal, "isreal", 1, 1)  // x
FLOPSCOPE_FUNCTION(ndarray, real_if_close, "real_if_close", 1, 2)  // a, tol=100
FLOPSCOPE_FUNCTION(ndarray, real, "real", 1, 1)  // val
FLOPSCOPE_FUNCTION(ndarray, imag, "imag", 1, 1)  // val

// ---- Of two arrays ----
FLOPSCOPE_ARRAY_FUNCTION(ndarray, add, "add", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, subtract, "subtract", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, multiply, "multiply", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, divide, "divide", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, true_divide, "true_divide", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, floor_divide, "floor_divide", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, power, "power", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, pow, "pow", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, float_power, "float_power", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, mod, "mod", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, remainder, "remainder", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, fmod, "fmod", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_FUNCTION(Tuple<2>, divmod, "divmod", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, maximum, "maximum", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, minimum, "minimum", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, fmax, "fmax", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, fmin, "fmin", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, logaddexp, "logaddexp", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, logaddexp2, "logaddexp2", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, arctan2, "arctan2", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, atan2, "atan2", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, hypot, "hypot", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, copysign, "copysign", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, nextafter, "nextafter", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, heaviside, "heaviside", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, ldexp, "ldexp", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, greater, "greater", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, greater_equal, "greater_equal", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, less, "less", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, less_equal, "less_equal", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, equal, "equal", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, not_equal, "not_equal", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, logical_and, "logical_and", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, logical_or, "logical_or", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, logical_xor, "logical_xor", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, bitwise_and, "bitwise_and", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, bitwise_or, "bitwise_or", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, bitwise_xor, "bitwise_xor", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, gcd, "gcd", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, lcm, "lcm", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, left_shift, "left_shift", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, right_shift, "right_shift", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, bitwise_left_shift, "bitwise_left_shift", 2, 2)  // x1, x2, ufunc
FLOPSCOPE_ARRAY_FUNCTION(ndarray, bitwise_right_shift, "bitwise_right_shift", 2, 2)  // x1, x2, ufunc

// ---- Comparisons with a tolerance, differences, integrals ----
FLOPSCOPE_FUNCTION(ndarray, isclose, "isclose", 2, 2)  // a, b, rtol=1e-05, atol=1e-08, equal_nan=False
FLOPSCOPE_FUNCTION(bool, allclose, "allclose", 2, 2)  // a, b, rtol=1e-05, atol=1e-08, equal_nan=False
FLOPSCOPE_FUNCTION(bool, array_equal, "array_equal", 2, 2)  // a1, a2, equal_nan=False
FLOPSCOPE_FUNCTION(bool, array_equiv, "array_equiv", 2, 2)  // a1, a2
FLOPSCOPE_FUNCTION(ndarray, diff, "diff", 1, 4)  // a, n=1, axis=-1, prepend=None, append=None
FLOPSCOPE_FUNCTION(ndarray, ediff1d, "ediff1d", 1, 3)  // ary, to_end=None, to_begin=None
FLOPSCOPE_FUNCTION(ndarray, trapezoid, "trapezoid", 1, 4)  // y, x=None, dx=1.0, axis=-1
FLOPSCOPE_FUNCTION(ndarray, trapz, "trapz", 1, 4)  // y, x=None, dx=1.0, axis=-1
FLOPSCOPE_FUNCTION(ndarray, unwrap, "unwrap", 1, 3)  // p, discont=None, axis=-1, *, period=6.283185307179586
FLOPSCOPE_FUNCTION(ndarray, interp, "interp", 3, 5)  // x, xp, fp, left=None, right=None, period=None
// clang-format on

// out=None, *, min=None, max=None, where=True, casting='same_kind', dtype=None, order='K', subok=True
template <class... More>
ndarray clip(const Arg& a, const Arg& a_min = {}, const Arg& a_max = {}, const More&... more) {
  static const detail::Operation k_op("clip");
  return k_op(a, a_min, a_max, detail::billed_by_position(more)...).array();
}

// gradient(f, *spacings): one array for each axis.
template <class... More>
Arrays gradient(const Arg& f, const More&... more) {
  static const detail::Operation k_op("gradient");
  return detail::with_variadic(k_op, {f}, {Arg(more)...}).template as<Arrays>();
}

}  // namespace flopscope::numpy
