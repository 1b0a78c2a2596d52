// SPDX-License-Identifier: MIT
// The operators of arrays: elementwise, as in NumPy. `a @ b` is matmul(a, b), `a ** b` is power(a, b).
#pragma once

#include <flopscope/elementwise.hpp>
#include <flopscope/symmetry.hpp>

namespace flopscope::numpy {

namespace detail {

template <class S>
inline constexpr bool is_number = std::is_arithmetic_v<S>;
template <class S>
inline constexpr bool is_number<std::complex<S>> = true;

// Whether Python asks the second operand of a comparison first: an array that declares a symmetry is of a class derived
// from that of arrays.
inline bool second_is_asked(const ndarray& a, const ndarray& b) { return b.symmetry() && !a.symmetry(); }

}  // namespace detail

// clang-format off
// Numbers have forms of their own on either side. A comparison that begins with one is the array's with the number, as
// in Python.
#define FLOPSCOPE_OPERATOR(symbol, function)                                                                 \
  inline ndarray operator symbol(const ndarray& a, const ndarray& b) { return function(a, b); }              \
  template <class S>                                                                                         \
  requires detail::is_number<S> ndarray operator symbol(const ndarray& a, S b) { return function(a, b); }    \
  template <class S>                                                                                         \
  requires detail::is_number<S> ndarray operator symbol(S a, const ndarray& b) { return function(a, b); }
#define FLOPSCOPE_COMPARISON(symbol, function, turned)                                                       \
  inline ndarray operator symbol(const ndarray& a, const ndarray& b) {                                       \
    return detail::second_is_asked(a, b) ? turned(b, a) : function(a, b);                                    \
  }                                                                                                          \
  template <class S>                                                                                         \
  requires detail::is_number<S> ndarray operator symbol(const ndarray& a, S b) { return function(a, b); }    \
  template <class S>                                                                                         \
  requires detail::is_number<S> ndarray operator symbol(S a, const ndarray& b) { return turned(b, a); }
FLOPSCOPE_OPERATOR(+, add)
FLOPSCOPE_OPERATOR(-, subtract)
FLOPSCOPE_OPERATOR(*, multiply)
FLOPSCOPE_OPERATOR(/, true_divide)
FLOPSCOPE_OPERATOR(%, mod)
FLOPSCOPE_COMPARISON(<, less, greater)
FLOPSCOPE_COMPARISON(<=, less_equal, greater_equal)
FLOPSCOPE_COMPARISON(>, greater, less)
FLOPSCOPE_COMPARISON(>=, greater_equal, less_equal)
FLOPSCOPE_COMPARISON(==, equal, equal)
FLOPSCOPE_COMPARISON(!=, not_equal, not_equal)
FLOPSCOPE_OPERATOR(&, bitwise_and)
FLOPSCOPE_OPERATOR(|, bitwise_or)
FLOPSCOPE_OPERATOR(^, bitwise_xor)
FLOPSCOPE_OPERATOR(<<, left_shift)
FLOPSCOPE_OPERATOR(>>, right_shift)
#undef FLOPSCOPE_COMPARISON
#undef FLOPSCOPE_OPERATOR
// clang-format on
inline ndarray operator-(const ndarray& a) { return negative(a); }
inline ndarray operator+(const ndarray& a) { return positive(a); }
inline ndarray operator~(const ndarray& a) { return invert(a); }

// In place, where the model lets arrays be changed: the array itself, TypeError elsewhere.
// clang-format off
#define FLOPSCOPE_IN_PLACE(function, operation)                     \
  inline void function(const ndarray& a, const Arg& b) {            \
    static const detail::Operation k_op(operation);                 \
    k_op(a, b);                                                     \
  }
FLOPSCOPE_IN_PLACE(iadd, "method.__iadd__")
FLOPSCOPE_IN_PLACE(isub, "method.__isub__")
FLOPSCOPE_IN_PLACE(imul, "method.__imul__")
FLOPSCOPE_IN_PLACE(itruediv, "method.__itruediv__")
FLOPSCOPE_IN_PLACE(ifloordiv, "method.__ifloordiv__")
FLOPSCOPE_IN_PLACE(imod, "method.__imod__")
FLOPSCOPE_IN_PLACE(ipow, "method.__ipow__")
FLOPSCOPE_IN_PLACE(imatmul, "method.__imatmul__")
FLOPSCOPE_IN_PLACE(iand, "method.__iand__")
FLOPSCOPE_IN_PLACE(ior, "method.__ior__")
FLOPSCOPE_IN_PLACE(ixor, "method.__ixor__")
FLOPSCOPE_IN_PLACE(ilshift, "method.__ilshift__")
FLOPSCOPE_IN_PLACE(irshift, "method.__irshift__")
#undef FLOPSCOPE_IN_PLACE
#define FLOPSCOPE_ASSIGNMENT(symbol, function)                      \
  inline ndarray& ndarray::operator symbol(const Arg& b) {          \
    function(*this, b);                                             \
    return *this;                                                   \
  }
FLOPSCOPE_ASSIGNMENT(+=, iadd)
FLOPSCOPE_ASSIGNMENT(-=, isub)
FLOPSCOPE_ASSIGNMENT(*=, imul)
FLOPSCOPE_ASSIGNMENT(/=, itruediv)
FLOPSCOPE_ASSIGNMENT(%=, imod)
FLOPSCOPE_ASSIGNMENT(&=, iand)
FLOPSCOPE_ASSIGNMENT(|=, ior)
FLOPSCOPE_ASSIGNMENT(^=, ixor)
FLOPSCOPE_ASSIGNMENT(<<=, ilshift)
FLOPSCOPE_ASSIGNMENT(>>=, irshift)
#undef FLOPSCOPE_ASSIGNMENT
// clang-format on

}  // namespace flopscope::numpy
