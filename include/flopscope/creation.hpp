// SPDX-License-Identifier: MIT
// Arrays from shapes, ranges, values and other arrays.
#pragma once

#include <flopscope/detail/function.hpp>
#include <flopscope/keywords.hpp>
#include <memory>

namespace flopscope::numpy {

// clang-format off
// ---- From shapes and values ----
FLOPSCOPE_FUNCTION(ndarray, zeros, "zeros", 1, 2)  // shape, dtype=None, order=None, device=None, like=None
FLOPSCOPE_FUNCTION(ndarray, ones, "ones", 1, 2)  // shape, dtype=None, order=None, device=None, like=None
FLOPSCOPE_FUNCTION(ndarray, empty, "empty", 1, 2)  // shape, dtype=None, order=None, device=None, like=None
FLOPSCOPE_FUNCTION(ndarray, full, "full", 2, 3)  // shape, fill_value, dtype=None, order=None, device=None, like=None
FLOPSCOPE_FUNCTION(ndarray, zeros_like, "zeros_like", 1, 2)  // a, dtype=None, order=None, subok=None, shape=None, device=None
FLOPSCOPE_FUNCTION(ndarray, ones_like, "ones_like", 1, 2)  // a, dtype=None, order=None, subok=None, shape=None, device=None
FLOPSCOPE_FUNCTION(ndarray, empty_like, "empty_like", 1, 2)  // a, dtype=None, order=None, subok=None, shape=None, device=None
FLOPSCOPE_FUNCTION(ndarray, full_like, "full_like", 2, 3)  // a, fill_value, dtype=None, order=None, subok=None, shape=None, device=None
FLOPSCOPE_FUNCTION(ndarray, eye, "eye", 1, 4)  // N, M=None, k=0, dtype=None, order=None, device=None, like=None
FLOPSCOPE_FUNCTION(ndarray, identity, "identity", 1, 2)  // n, dtype=None, like=None
FLOPSCOPE_FUNCTION(ndarray, asarray, "asarray", 1, 2)  // a, dtype=None, order=None, device=None, copy=None, like=None
FLOPSCOPE_FUNCTION(ndarray, fromiter, "fromiter", 2, 2)  // iter, dtype, count=-1, *, like=None
FLOPSCOPE_FUNCTION(ndarray, frombuffer, "frombuffer", 1, 2)  // buffer, dtype=float64, count=-1, offset=0, *, like=None
FLOPSCOPE_FUNCTION(ndarray, asarray_chkfinite, "asarray_chkfinite", 1, 2)  // a, dtype=None, order=None
FLOPSCOPE_FUNCTION(ndarray, diag, "diag", 1, 2)  // v, k=0
FLOPSCOPE_FUNCTION(ndarray, diagflat, "diagflat", 1, 2)  // v, k=0
FLOPSCOPE_FUNCTION(ndarray, diagonal, "diagonal", 1, 2)  // a, offset=0, axis1=0, axis2=1
FLOPSCOPE_FUNCTION(ndarray, tril, "tril", 1, 2)  // m, k=0
FLOPSCOPE_FUNCTION(ndarray, triu, "triu", 1, 2)  // m, k=0
FLOPSCOPE_FUNCTION(ndarray, tri, "tri", 1, 4)  // N, M=None, k=0, dtype=None, like=None
FLOPSCOPE_FUNCTION(Arrays, tril_indices, "tril_indices", 1, 2)  // n, k=0, m=None
FLOPSCOPE_FUNCTION(Arrays, triu_indices, "triu_indices", 1, 2)  // n, k=0, m=None
FLOPSCOPE_FUNCTION(Arrays, tril_indices_from, "tril_indices_from", 1, 2)  // arr, k=0
FLOPSCOPE_FUNCTION(Arrays, triu_indices_from, "triu_indices_from", 1, 2)  // arr, k=0
FLOPSCOPE_FUNCTION(Arrays, diag_indices, "diag_indices", 1, 2)  // n, ndim=2
FLOPSCOPE_FUNCTION(Arrays, diag_indices_from, "diag_indices_from", 1, 1)  // arr
FLOPSCOPE_FUNCTION(ndarray, vander, "vander", 1, 3)  // x, N=None, increasing=False
FLOPSCOPE_FUNCTION(detail::SeveralFrom<1>::Result<More...>, indices, "indices", 1, 1)  // dimensions, dtype=None, sparse=False
FLOPSCOPE_FUNCTION(ndarray, arange, "arange", 1, 4)  // start, stop=None, step=None, dtype=None, *, device=None, like=None
FLOPSCOPE_FUNCTION(detail::SeveralFrom<2>::Result<More...>, linspace, "linspace", 2, 2)  // start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0, *, device=None
FLOPSCOPE_FUNCTION(ndarray, logspace, "logspace", 2, 3)  // start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0
FLOPSCOPE_FUNCTION(ndarray, geomspace, "geomspace", 2, 3)  // start, stop, num=50, endpoint=True, dtype=None, axis=0
// clang-format on

// A counted copy: of an array or of nested lists (of another dtype if asked for), or of numbers in C order with a
// shape.
template <class... More>
ndarray array(const Arg& object, const Arg& dtype = {}, const More&... more) {
  static const detail::Operation k_op("array");
  return k_op(object, dtype, more...).array();
}
template <class V>
ndarray array(const std::vector<V>& values, const shape_t& shape) {
  std::int64_t n = 1;
  for (const std::int64_t s : shape) n *= s;
  if (n != static_cast<std::int64_t>(values.size()))
    throw Error("ValueError", "the shape does not hold that many values");
  detail::Outcome outcome;
  const auto copy = [&](const void* elements) {
    detail::check(flopscope_array_from(elements, static_cast<std::uint8_t>(detail::dtype_of_v<V>), shape.data(),
                                       static_cast<std::int32_t>(shape.size()), outcome.out()));
  };
  if constexpr (std::is_same_v<V, bool>) {  // a vector of them has no bytes to point at
    const auto elements = std::make_unique<bool[]>(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) elements[i] = values[i];
    copy(elements.get());
  } else {
    copy(values.data());
  }
  return std::move(outcome).array();
}
template <class V>
requires detail::is_element_v<V> ndarray array(const std::vector<V>& values) {
  return array(values, {static_cast<std::int64_t>(values.size())});
}
// Integers of a list are int64, as in Python.
template <class V>
requires std::is_arithmetic_v<V> ndarray array(std::initializer_list<V> values) {
  using Element = std::conditional_t<std::is_same_v<V, int>, std::int64_t, V>;
  return array(std::vector<Element>(values.begin(), values.end()));
}

// The short forms f(n, dtype).
inline ndarray eye(const Arg& n, numpy::dtype d) { return eye(n, kw::dtype = d); }

template <class... A>
Arrays meshgrid(const A&... xi) {  // *xi, copy=True, sparse=False, indexing='xy'
  static const detail::Operation k_op("meshgrid");
  return detail::with_variadic(k_op, {}, {Arg(xi)...}).template as<Arrays>();
}
template <class... A>
Arrays ix_(const A&... sequences) {
  static const detail::Operation k_op("ix_");
  return detail::with_variadic(k_op, {}, {Arg(sequences)...}).template as<Arrays>();
}
// The numbers that so many bytes spell, from memory of the caller's.
inline ndarray frombuffer(const void* bytes, std::size_t size, numpy::dtype d, std::int64_t count = -1,
                          std::int64_t offset = 0) {
  return frombuffer(std::string(static_cast<const char*>(bytes), size), d, count, offset);
}
inline Arrays ix_(const Arg& first, const Arg& second, const Arg& third = {}) {
  static const detail::Operation k_op("ix_");
  std::vector<Arg> sequences{first, second};
  if (!third.is_missing()) sequences.push_back(third);
  return detail::with_variadic(k_op, {}, std::move(sequences)).as<Arrays>();
}
inline Arrays ix_(const std::vector<ndarray>& sequences) {
  static const detail::Operation k_op("ix_");
  return detail::with_variadic(k_op, {}, {sequences.begin(), sequences.end()}).as<Arrays>();
}

}  // namespace flopscope::numpy
