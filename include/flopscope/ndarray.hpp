// SPDX-License-Identifier: MIT
// The participant's array: a handle (shape, dtype, strides, a read-only view of the data). Copying a handle copies a
// reference, and two handles of one array are the same object, as in Python.
#pragma once

#include <concepts>
#include <flopscope/errors.hpp>
#include <flopscope/value.hpp>
#include <limits>
#include <optional>

namespace flopscope {
class SymmetryGroup;
}

namespace flopscope::numpy {

template <class... I>
class Item;

namespace detail {

constexpr std::int64_t item_size(numpy::dtype d) {
  constexpr std::int64_t k_sizes[] = {1, 1, 2, 4, 8, 1, 2, 4, 8, 2, 4, 8, 8, 16};
  return k_sizes[static_cast<int>(d)];
}

}  // namespace detail

class ndarray {
 public:
  ndarray() = default;
  // Takes over one reference.
  static ndarray adopt(const flopscope_array* a) {
    ndarray out;
    out.m_array = a;
    return out;
  }
  ndarray(const ndarray& o) : m_array(o.m_array) {
    if (m_array) flopscope_array_retain(m_array);
  }
  ndarray(ndarray&& o) noexcept : m_array(std::exchange(o.m_array, nullptr)) {}
  // Of a variable: what x[i] returns cannot be assigned to, x.at(i) can.
  ndarray& operator=(ndarray o) & noexcept {
    std::swap(m_array, o.m_array);
    return *this;
  }
  ~ndarray() {
    if (m_array) flopscope_array_release(m_array);
  }

  const flopscope_array* handle() const { return m_array; }
  // What the library shows of the array; ValueError for a variable that has none.
  const flopscope_array& head() const {
    if (m_array == nullptr) throw Error("ValueError", "the array was never set, or was moved from");
    return *m_array;
  }
  explicit operator bool() const;

  // ---- What is free to look at ----
  int ndim() const { return head().ndim; }
  std::int64_t size() const { return head().size; }
  std::int64_t shape(int axis) const {
    if (axis < -ndim() || axis >= ndim())
      throw Error("AxisError", "axis " + std::to_string(axis) + " is out of bounds for array of dimension " +
                                   std::to_string(ndim()));
    return m_array->shape[axis < 0 ? axis + ndim() : axis];
  }
  shape_t shape() const { return {head().shape, m_array->shape + m_array->ndim}; }
  numpy::dtype dtype() const { return static_cast<numpy::dtype>(head().dtype); }
  std::int64_t itemsize() const { return detail::item_size(dtype()); }
  std::int64_t nbytes() const { return size() * itemsize(); }
  // The group that the array declares itself symmetric under, where it does (defined in symmetry.hpp).
  std::optional<SymmetryGroup> symmetry() const;
  template <class... More>
  bool is_symmetric(const More&... more) const;  // symmetry, atol=1e-6, rtol=1e-5
  // A read-only view of the elements; only for a C-contiguous array of that type (TypeError otherwise).
  template <class T>
  const T* data() const {
    if (head().contiguous == 0 || detail::dtype_of_v<T> != dtype())
      throw Error("TypeError", "data<T>() needs a C-contiguous array of that dtype");
    return static_cast<const T*>(m_array->data);
  }
  // The only element of an array of size 1, as float(x) or int(x). Errors: TypeError (a complex number as a real one),
  // ValueError and OverflowError (NaN, or a number that T cannot hold, as an integer).
  template <class T = double>
  T item() const;
  template <class T = double, class... I>
  requires(sizeof...(I) > 0) T item(const I&... indices)
  const { return (*this)[indices...].template item<T>(); }
  explicit operator double() const { return item<double>(); }
  explicit operator float() const { return static_cast<float>(item<double>()); }
  explicit operator std::int64_t() const { return item<std::int64_t>(); }
  explicit operator int() const { return item<int>(); }

  // ---- Methods, as in NumPy (defined in methods.hpp); behind each, what follows the first parameters ----
  ndarray T() const;
  ndarray mT() const;
  ndarray real() const;
  ndarray imag() const;
  ndarray conj() const;
  template <class... More>
  ndarray transpose(const Arg& axes = {}, const More&... more) const;
  template <class... More>
  ndarray reshape(const Arg& shape, const More&... more) const;  // more sizes, or order='C', copy=None
  ndarray ravel(const Arg& order = {}) const;
  ndarray flatten(const Arg& order = {}) const;
  ndarray copy(const Arg& order = {}) const;
  template <class... More>
  ndarray astype(const Arg& dtype, const More&... more) const;  // *, copy=True, casting='unsafe'
  ndarray view(const Arg& dtype = {}) const;
  ndarray squeeze(const Arg& axis = {}) const;
  ndarray swapaxes(const Arg& axis1, const Arg& axis2) const;
  ndarray diagonal(const Arg& offset = {}, const Arg& axis1 = {}, const Arg& axis2 = {}) const;
  ndarray repeat(const Arg& repeats, const Arg& axis = {}) const;
  template <class... More>
  ndarray sum(const Arg& axis = {}, const More&... more) const;  // dtype, out, keepdims, initial, where
  template <class... More>
  ndarray prod(const Arg& axis = {}, const More&... more) const;  // dtype, out, keepdims, initial, where
  template <class... More>
  ndarray mean(const Arg& axis = {}, const More&... more) const;  // dtype, out, keepdims, *, where
  template <class... More>
  ndarray max(const Arg& axis = {}, const More&... more) const;  // out, keepdims, initial, where
  template <class... More>
  ndarray min(const Arg& axis = {}, const More&... more) const;  // out, keepdims, initial, where
  template <class... More>
  ndarray var(const Arg& axis = {}, const More&... more) const;  // dtype, out, ddof, keepdims, *, where, mean
  template <class... More>
  ndarray std(const Arg& axis = {}, const More&... more) const;  // dtype, out, ddof, keepdims, *, where, mean
  template <class... More>
  ndarray any(const Arg& axis = {}, const More&... more) const;  // out, keepdims, *, where
  template <class... More>
  ndarray all(const Arg& axis = {}, const More&... more) const;  // out, keepdims, *, where
  template <class... More>
  ndarray argmax(const Arg& axis = {}, const More&... more) const;  // out, *, keepdims
  template <class... More>
  ndarray argmin(const Arg& axis = {}, const More&... more) const;  // out, *, keepdims
  template <class... More>
  ndarray cumsum(const Arg& axis = {}, const More&... more) const;  // dtype, out
  template <class... More>
  ndarray cumprod(const Arg& axis = {}, const More&... more) const;  // dtype, out
  template <class... More>
  ndarray trace(const Arg& offset = {}, const More&... more) const;  // axis1, axis2, dtype, out
  template <class... More>
  ndarray clip(const Arg& lo, const Arg& hi = {}, const More&... more) const;  // out
  ndarray round(const Arg& decimals = {}, const Arg& out = {}) const;
  ndarray dot(const Arg& other) const;
  template <class... More>
  ndarray take(const Arg& indices, const Arg& axis = {}, const More&... more) const;  // out, mode='raise'
  template <class... More>
  ndarray choose(const Arg& choices, const More&... more) const;  // out, mode='raise'
  ndarray compress(const Arg& condition, const Arg& axis = {}, const Arg& out = {}) const;
  std::vector<ndarray> nonzero() const;
  template <class... More>
  ndarray argsort(const Arg& axis = {}, const More&... more) const;  // kind, order, *, stable
  template <class... More>
  ndarray argpartition(const Arg& kth, const Arg& axis = {}, const More&... more) const;  // kind, order
  template <class... More>
  ndarray searchsorted(const Arg& v, const Arg& side = {}, const More&... more) const;  // sorter
  // All elements in C order.
  template <class V = double>
  std::vector<V> tolist() const;

  // ---- Writing, where the model lets arrays be changed (0.5); every handle on the array sees it ----
  void fill(const Arg& value) const;
  void put(const Arg& indices, const Arg& values, const Arg& mode = {}) const;
  void sort(const Arg& axis = {}, const Arg& kind = {}) const;
  void partition(const Arg& kth, const Arg& axis = {}, const Arg& kind = {}) const;
  void resize(const Arg& shape);
  ndarray& operator+=(const Arg& b);
  ndarray& operator-=(const Arg& b);
  ndarray& operator*=(const Arg& b);
  ndarray& operator/=(const Arg& b);
  ndarray& operator%=(const Arg& b);
  ndarray& operator&=(const Arg& b);
  ndarray& operator|=(const Arg& b);
  ndarray& operator^=(const Arg& b);
  ndarray& operator<<=(const Arg& b);
  ndarray& operator>>=(const Arg& b);

  // Indexing: integers, slice(...), ellipsis, newaxis, integer arrays and masks: x[0], x[slice(1, 3), 0], x[mask].
  template <class... I>
  ndarray operator[](const I&... items) const;
  ndarray operator[](std::initializer_list<std::int64_t> rows) const;  // x[{0, 2}]
  template <std::same_as<bool> Truth>
  ndarray operator[](std::initializer_list<Truth> mask) const;  // x[{true, false}]
  // The same as a place to write to: x.at(0, slice(1, 3)) = 5, x.at(mask) += 1.
  template <class... I>
  Item<I...> at(const I&... items) const;

  // The first axis, one by one: for (const fnp::ndarray& row : x)
  class iterator;
  iterator begin() const;
  iterator end() const;

 private:
  const flopscope_array* m_array = nullptr;
};

inline Arg::Arg(const ndarray& a) : m_value{FLOPSCOPE_ARRAY, 0, 0, 0, {.array = &a.head()}} {}

namespace detail {

// Whether x, without its fraction, is a number of the integer type T.
template <class T, class V>
constexpr bool fits_integer(V x) {
  if constexpr (std::is_integral_v<V>) {
    const T y = static_cast<T>(x);
    return static_cast<V>(y) == x && (y < T{}) == (x < V{});
  } else {
    constexpr double above = 2 * static_cast<double>(std::uint64_t{1} << (std::numeric_limits<T>::digits - 1));
    return x < above && (std::is_signed_v<T> ? x >= -above || x > -above - 1 : x > -1);
  }
}

// An element as a T. Complex numbers become no real ones, and no number an integer that cannot hold it.
template <class T, class V>
T converted(V x) {
  constexpr bool to_complex = std::is_same_v<T, std::complex<float>> || std::is_same_v<T, std::complex<double>>;
  constexpr bool from_complex = std::is_same_v<V, std::complex<float>> || std::is_same_v<V, std::complex<double>>;
  if constexpr (from_complex && to_complex) {
    return T(static_cast<typename T::value_type>(x.real()), static_cast<typename T::value_type>(x.imag()));
  } else if constexpr (from_complex) {
    throw Error("TypeError", "a complex number cannot be converted to a real one");
  } else if constexpr (to_complex) {
    return T(static_cast<typename T::value_type>(x));
  } else if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
    if (x != x) throw Error("ValueError", "cannot convert float NaN to integer");
    if (!fits_integer<T>(x)) throw Error("OverflowError", "the number does not fit this type of integer");
    return static_cast<T>(x);
  } else {
    return static_cast<T>(x);
  }
}

template <class T>
T read_item(numpy::dtype type, const void* at) {
  switch (type) {
    case dtype::bool_:
      return converted<T>(*static_cast<const bool*>(at));
    case dtype::int8:
      return converted<T>(*static_cast<const std::int8_t*>(at));
    case dtype::int16:
      return converted<T>(*static_cast<const std::int16_t*>(at));
    case dtype::int32:
      return converted<T>(*static_cast<const std::int32_t*>(at));
    case dtype::int64:
      return converted<T>(*static_cast<const std::int64_t*>(at));
    case dtype::uint8:
      return converted<T>(*static_cast<const std::uint8_t*>(at));
    case dtype::uint16:
      return converted<T>(*static_cast<const std::uint16_t*>(at));
    case dtype::uint32:
      return converted<T>(*static_cast<const std::uint32_t*>(at));
    case dtype::uint64:
      return converted<T>(*static_cast<const std::uint64_t*>(at));
    case dtype::float16:
      return converted<T>(static_cast<float>(*static_cast<const _Float16*>(at)));
    case dtype::float32:
      return converted<T>(*static_cast<const float*>(at));
    case dtype::float64:
      return converted<T>(*static_cast<const double*>(at));
    case dtype::complex64:
      return converted<T>(*static_cast<const std::complex<float>*>(at));
    case dtype::complex128:
      break;
  }
  return converted<T>(*static_cast<const std::complex<double>*>(at));
}

}  // namespace detail

template <class T>
T ndarray::item() const {
  if (size() != 1) throw Error("TypeError", "only arrays of one element can be converted to a number");
  return detail::read_item<T>(dtype(), m_array->data);
}

// Whether the only element is true.
inline ndarray::operator bool() const {
  const auto x = item<std::complex<double>>();
  return x != 0.0;
}

}  // namespace flopscope::numpy
