// SPDX-License-Identifier: MIT
// The methods of arrays: those that the models know apart from the function of their name, and those that are it.
#pragma once

#include <flopscope/contractions.hpp>
#include <flopscope/elementwise.hpp>
#include <flopscope/indexing.hpp>
#include <flopscope/reductions.hpp>
#include <flopscope/selection.hpp>
#include <flopscope/shaping.hpp>

namespace flopscope::numpy {

inline ndarray ndarray::T() const {
  static const detail::Operation k_op("method.T");
  return k_op(*this).as<ndarray>();
}
inline ndarray ndarray::mT() const {
  static const detail::Operation k_op("method.mT");
  return k_op(*this).as<ndarray>();
}
inline ndarray ndarray::real() const {
  static const detail::Operation k_op("method.real");
  return k_op(*this).as<ndarray>();
}
inline ndarray ndarray::imag() const {
  static const detail::Operation k_op("method.imag");
  return k_op(*this).as<ndarray>();
}
template <class... More>
ndarray ndarray::transpose(const Arg& axes, const More&... more) const {
  static const detail::Operation k_op("method.transpose");
  if (axes.is_missing()) return k_op(*this).array();
  return detail::with_variadic(k_op, {*this}, {axes, Arg(more)...}).array();
}
template <class... More>
ndarray ndarray::reshape(const Arg& shape, const More&... more) const {
  static const detail::Operation k_op("method.reshape");
  return detail::with_variadic(k_op, {*this}, {shape, Arg(more)...}).array();
}
inline ndarray ndarray::ravel(const Arg& order) const {
  static const detail::Operation k_op("method.ravel");
  return k_op(*this, order).as<ndarray>();
}
inline ndarray ndarray::flatten(const Arg& order) const {
  static const detail::Operation k_op("method.flatten");
  return k_op(*this, order).as<ndarray>();
}
inline ndarray ndarray::copy(const Arg& order) const {
  static const detail::Operation k_op("method.copy");
  return k_op(*this, order).as<ndarray>();
}
template <class... More>
ndarray ndarray::astype(const Arg& dtype, const More&... more) const {
  static const detail::Operation k_op("method.astype");
  return k_op(*this, dtype, more...).template as<ndarray>();
}
inline ndarray ndarray::view(const Arg& dtype) const {
  static const detail::Operation k_op("method.view");
  return k_op(*this, dtype).as<ndarray>();
}
inline ndarray ndarray::squeeze(const Arg& axis) const {
  static const detail::Operation k_op("method.squeeze");
  return k_op(*this, axis).as<ndarray>();
}
inline ndarray ndarray::swapaxes(const Arg& axis1, const Arg& axis2) const {
  static const detail::Operation k_op("method.swapaxes");
  return k_op(*this, axis1, axis2).as<ndarray>();
}
inline ndarray ndarray::diagonal(const Arg& offset, const Arg& axis1, const Arg& axis2) const {
  static const detail::Operation k_op("method.diagonal");
  return k_op(*this, offset, axis1, axis2).as<ndarray>();
}
template <class... More>
ndarray ndarray::choose(const Arg& choices, const More&... more) const {
  static const detail::Operation k_op("method.choose");
  return k_op(*this, choices, more...).template as<ndarray>();
}
inline ndarray ndarray::compress(const Arg& condition, const Arg& axis, const Arg& out) const {
  static const detail::Operation k_op("method.compress");
  return k_op(*this, condition, axis, out).as<ndarray>();
}
inline std::vector<ndarray> ndarray::nonzero() const {
  static const detail::Operation k_op("method.nonzero");
  return k_op(*this).as<Arrays>();
}

namespace detail {

template <class V>
void flatten_into(std::vector<V>& out, const flopscope_array& a, int axis, const char* at) {
  if (axis == a.ndim) return out.push_back(read_item<V>(static_cast<numpy::dtype>(a.dtype), at));
  for (std::int64_t i = 0; i < a.shape[axis]; ++i) flatten_into(out, a, axis + 1, at + i * a.strides[axis]);
}

}  // namespace detail

template <class V>
std::vector<V> ndarray::tolist() const {
  std::vector<V> out;
  out.reserve(static_cast<std::size_t>(size()));
  detail::flatten_into(out, head(), 0, static_cast<const char*>(head().data));
  return out;
}

inline void ndarray::fill(const Arg& value) const {
  static const detail::Operation k_op("method.fill");
  k_op(*this, value);
}
inline void ndarray::put(const Arg& indices, const Arg& values, const Arg& mode) const {
  static const detail::Operation k_op("method.put");
  k_op(*this, indices, values, mode);
}
inline void ndarray::sort(const Arg& axis, const Arg& kind) const {
  static const detail::Operation k_op("method.sort");
  k_op(*this, axis, kind);
}
inline void ndarray::partition(const Arg& kth, const Arg& axis, const Arg& kind) const {
  static const detail::Operation k_op("method.partition");
  k_op(*this, kth, axis, kind);
}
inline void ndarray::resize(const Arg& shape) {
  static const detail::Operation k_op("method.resize");
  detail::with_variadic(k_op, {*this}, {shape});
}

inline ndarray ndarray::conj() const { return numpy::conj(*this); }
inline ndarray ndarray::dot(const Arg& other) const { return numpy::dot(*this, other); }
inline ndarray ndarray::round(const Arg& decimals, const Arg& out) const { return numpy::round(*this, decimals, out); }
inline ndarray ndarray::repeat(const Arg& repeats, const Arg& axis) const {
  return numpy::repeat(*this, repeats, axis);
}
template <class... More>
ndarray ndarray::sum(const Arg& axis, const More&... more) const {
  return numpy::sum(*this, axis, more...);
}
template <class... More>
ndarray ndarray::prod(const Arg& axis, const More&... more) const {
  return numpy::prod(*this, axis, more...);
}
template <class... More>
ndarray ndarray::mean(const Arg& axis, const More&... more) const {
  return numpy::mean(*this, axis, more...);
}
template <class... More>
ndarray ndarray::max(const Arg& axis, const More&... more) const {
  return numpy::max(*this, axis, more...);
}
template <class... More>
ndarray ndarray::min(const Arg& axis, const More&... more) const {
  return numpy::min(*this, axis, more...);
}
template <class... More>
ndarray ndarray::var(const Arg& axis, const More&... more) const {
  return numpy::var(*this, axis, more...);
}
template <class... More>
ndarray ndarray::std(const Arg& axis, const More&... more) const {
  return numpy::std(*this, axis, more...);
}
template <class... More>
ndarray ndarray::any(const Arg& axis, const More&... more) const {
  return numpy::any(*this, axis, more...);
}
template <class... More>
ndarray ndarray::all(const Arg& axis, const More&... more) const {
  return numpy::all(*this, axis, more...);
}
template <class... More>
ndarray ndarray::argmax(const Arg& axis, const More&... more) const {
  return numpy::argmax(*this, axis, more...);
}
template <class... More>
ndarray ndarray::argmin(const Arg& axis, const More&... more) const {
  return numpy::argmin(*this, axis, more...);
}
template <class... More>
ndarray ndarray::cumsum(const Arg& axis, const More&... more) const {
  return numpy::cumsum(*this, axis, more...);
}
template <class... More>
ndarray ndarray::cumprod(const Arg& axis, const More&... more) const {
  return numpy::cumprod(*this, axis, more...);
}
template <class... More>
ndarray ndarray::trace(const Arg& offset, const More&... more) const {
  return numpy::trace(*this, offset, more...);
}
template <class... More>
ndarray ndarray::clip(const Arg& lo, const Arg& hi, const More&... more) const {
  return numpy::clip(*this, lo, hi, more...);
}
template <class... More>
ndarray ndarray::take(const Arg& indices, const Arg& axis, const More&... more) const {
  return numpy::take(*this, indices, axis, more...);
}
template <class... More>
ndarray ndarray::argsort(const Arg& axis, const More&... more) const {
  return numpy::argsort(*this, axis, more...);
}
template <class... More>
ndarray ndarray::argpartition(const Arg& kth, const Arg& axis, const More&... more) const {
  return numpy::argpartition(*this, kth, axis, more...);
}
template <class... More>
ndarray ndarray::searchsorted(const Arg& v, const Arg& side, const More&... more) const {
  return numpy::searchsorted(*this, v, side, more...);
}

}  // namespace flopscope::numpy
