// SPDX-License-Identifier: MIT
// The participant's array: a handle (shape, dtype, strides, a read-only view of the data). Arrays are immutable;
// copying a handle copies a reference, and two handles of one array are the same object, as in Python.
#pragma once

#include <complex>
#include <cstdint>
#include <flopscope/errors.hpp>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace flopscope::numpy {

enum class dtype : std::uint8_t {
  bool_,
  int8,
  int16,
  int32,
  int64,
  uint8,
  uint16,
  uint32,
  uint64,
  float16,
  float32,
  float64,
  complex64,
  complex128
};
inline constexpr dtype bool_ = dtype::bool_, int8 = dtype::int8, int16 = dtype::int16, int32 = dtype::int32,
                       int64 = dtype::int64, uint8 = dtype::uint8, uint16 = dtype::uint16, uint32 = dtype::uint32,
                       uint64 = dtype::uint64, float16 = dtype::float16, float32 = dtype::float32,
                       float64 = dtype::float64, complex64 = dtype::complex64, complex128 = dtype::complex128;

using shape_t = std::vector<std::int64_t>;

class ndarray;

// start:stop:step of an index; leave out what Python leaves out: slice(), slice(3), slice(1, 3), slice({}, {}, -1).
struct slice {
  std::optional<std::int64_t> start, stop, step;
  slice() = default;
  explicit slice(std::optional<std::int64_t> to) : stop(to) {}
  slice(std::optional<std::int64_t> from, std::optional<std::int64_t> to, std::optional<std::int64_t> by = {})
      : start(from), stop(to), step(by) {}
};
struct ellipsis_t {};
struct newaxis_t {};
inline constexpr ellipsis_t ellipsis{};
inline constexpr newaxis_t newaxis{};

namespace detail {

using flopscope::detail::check;

template <class T>
inline constexpr dtype dtype_of_v = [] {
  if constexpr (std::is_same_v<T, bool>)
    return dtype::bool_;
  else if constexpr (std::is_same_v<T, std::int8_t>)
    return dtype::int8;
  else if constexpr (std::is_same_v<T, std::int16_t>)
    return dtype::int16;
  else if constexpr (std::is_same_v<T, std::int32_t>)
    return dtype::int32;
  else if constexpr (std::is_integral_v<T> && std::is_signed_v<T>)
    return dtype::int64;
  else if constexpr (std::is_same_v<T, std::uint8_t>)
    return dtype::uint8;
  else if constexpr (std::is_same_v<T, std::uint16_t>)
    return dtype::uint16;
  else if constexpr (std::is_same_v<T, std::uint32_t>)
    return dtype::uint32;
  else if constexpr (std::is_integral_v<T>)
    return dtype::uint64;
  else if constexpr (std::is_same_v<T, float>)
    return dtype::float32;
  else if constexpr (std::is_same_v<T, double>)
    return dtype::float64;
  else if constexpr (std::is_same_v<T, std::complex<float>>)
    return dtype::complex64;
  else
    return dtype::complex128;
}();

inline flopscope_value make(std::uint8_t kind) { return {kind, 0, 0, 0, {.c = {}}}; }
// Field by field: memory just written in small pieces and read in larger ones holds up the processor for longer than a
// small operation takes.
inline flopscope_value copy(const flopscope_value& v) {
  return {v.kind, v.flags, v.reserved, v.count, {.c = {v.c[0], v.c[1]}}};
}
inline flopscope_value make_int(std::int64_t i) {
  flopscope_value v = make(FLOPSCOPE_INT);
  v.i = i;
  return v;
}
inline flopscope_value make_sequence(std::uint8_t kind, const flopscope_value* items, std::size_t n) {
  flopscope_value v = make(kind);
  v.items = items;
  v.count = static_cast<std::uint32_t>(n);
  return v;
}

}  // namespace detail

// An argument of an operation: an array, a number (weak, as in NumPy 2), text, or nothing.
class Arg {
 public:
  Arg() : m_value(detail::make(FLOPSCOPE_MISSING)) {}
  Arg(std::nullptr_t) : m_value(detail::make(FLOPSCOPE_NONE)) {}
  Arg(const ndarray& a);
  template <class T>
  requires std::is_arithmetic_v<T> Arg(T x) {
    if constexpr (std::is_same_v<T, bool>) {
      m_value = detail::make(FLOPSCOPE_BOOL);
      m_value.i = x;
    } else if constexpr (std::is_integral_v<T>) {
      m_value = detail::make_int(static_cast<std::int64_t>(x));
      if constexpr (std::is_unsigned_v<T>) m_value.flags = static_cast<std::uint64_t>(x) > 0x7fffffffffffffffULL;
    } else {
      m_value = detail::make(FLOPSCOPE_FLOAT);
      m_value.f = static_cast<double>(x);
    }
  }
  Arg(std::complex<double> x) : m_value(detail::make(FLOPSCOPE_COMPLEX)) {
    m_value.c[0] = x.real();
    m_value.c[1] = x.imag();
  }
  Arg(const char* text) : m_value(detail::make(FLOPSCOPE_STRING)) {
    m_value.s = text;
    m_value.count = static_cast<std::uint32_t>(std::char_traits<char>::length(text));
  }
  Arg(const std::string& text) : m_value(detail::make(FLOPSCOPE_STRING)) {
    m_value.s = text.data();
    m_value.count = static_cast<std::uint32_t>(text.size());
  }
  Arg(dtype d) : m_value(detail::make(FLOPSCOPE_DTYPE)) { m_value.i = static_cast<int>(d); }
  explicit Arg(const flopscope_value& v) : m_value(v) {}
  const flopscope_value& value() const { return m_value; }

 private:
  flopscope_value m_value;
};

namespace detail {

// A list of integers (a shape, axes, a permutation) as a value; keeps the items.
class Ints {
 public:
  Ints(std::initializer_list<std::int64_t> v) { fill(v.begin(), v.end()); }
  Ints(const shape_t& v) { fill(v.begin(), v.end()); }
  flopscope_value value() const { return make_sequence(FLOPSCOPE_TUPLE, m_items.data(), m_items.size()); }

 private:
  template <class It>
  void fill(It b, It e) {
    for (; b != e; ++b) m_items.push_back(make_int(*b));
  }
  std::vector<flopscope_value> m_items;
};

// The result of a call; owns it until it is taken.
class Outcome {
 public:
  Outcome() : m_value(make(FLOPSCOPE_MISSING)) {}
  Outcome(Outcome&& o) noexcept : m_value(std::exchange(o.m_value, make(FLOPSCOPE_MISSING))) {}
  Outcome(const Outcome&) = delete;
  Outcome& operator=(const Outcome&) = delete;
  Outcome& operator=(Outcome&&) = delete;
  ~Outcome() {
    if (m_value.kind != FLOPSCOPE_MISSING) flopscope_value_release(&m_value);
  }
  flopscope_value* out() { return &m_value; }
  const flopscope_value& value() const { return m_value; }
  ndarray array() &&;
  std::vector<ndarray> arrays() &&;

 private:
  flopscope_value m_value;
};

// An operation and where the caller's parameters stand in its argument list. Made once per call site (static).
class Operation {
 public:
  static constexpr int k_max_parameters = 12;
  Operation(const char* name, const char* parameters)
      : m_op(flopscope_find_operation(name, parameters, m_slots)), m_name(name) {
    if (m_op != nullptr) m_arity = flopscope_arity(m_op);
    while (m_in_place < k_max_parameters && m_slots[m_in_place] == m_in_place) ++m_in_place;
  }
  // args[i] belongs to the i-th of the parameters.
  Outcome call(const flopscope_value* args, int n) const {
    if (m_op == nullptr || m_arity > 24)
      throw Error("AttributeError", std::string("flopscope.numpy does not provide '") + m_name + "'.");
    Outcome outcome;
    if (n <= m_in_place) {  // the operation's first parameters: what follows may be left out
      check(flopscope_invoke(m_op, args, static_cast<std::size_t>(n), outcome.out()));
      return outcome;
    }
    flopscope_value slots[24];
    for (int i = 0; i < m_arity; ++i) slots[i] = make(FLOPSCOPE_MISSING);
    for (int i = 0; i < n; ++i) {
      if (args[i].kind == FLOPSCOPE_MISSING) continue;
      if (m_slots[i] < 0) throw Error("TypeError", std::string(m_name) + "() got an argument that it does not take");
      slots[m_slots[i]] = args[i];
    }
    check(flopscope_invoke(m_op, slots, static_cast<std::size_t>(m_arity), outcome.out()));
    return outcome;
  }
  template <class... A>
  Outcome operator()(const A&... args) const {
    static_assert(sizeof...(A) <= k_max_parameters);
    const flopscope_value values[] = {copy(static_cast<const Arg&>(args).value())...};
    return call(values, static_cast<int>(sizeof...(A)));
  }

 private:
  std::int32_t m_slots[k_max_parameters] = {};
  const flopscope_operation* m_op;
  const char* m_name;
  int m_arity = 0;
  int m_in_place = 0;  // so many parameters of the caller are the operation's first ones
};

}  // namespace detail

// axis= of a reduction: all axes (default), one, or several.
class Axis {
 public:
  Axis() : m_value(detail::make(FLOPSCOPE_MISSING)) {}
  Axis(int axis) : m_value(detail::make_int(axis)) {}
  Axis(std::initializer_list<std::int64_t> axes) : m_ints(axes), m_several(true) {}
  flopscope_value value() const { return m_several ? m_ints.value() : m_value; }

 private:
  flopscope_value m_value{};
  detail::Ints m_ints{};
  bool m_several = false;
};

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
  ndarray& operator=(ndarray o) noexcept {
    std::swap(m_array, o.m_array);
    return *this;
  }
  ~ndarray() {
    if (m_array) flopscope_array_release(m_array);
  }

  const flopscope_array* handle() const { return m_array; }
  explicit operator bool() const { return item<double>() != 0; }

  // ---- What is free to look at ----
  int ndim() const { return m_array->ndim; }
  std::int64_t size() const { return m_array->size; }
  std::int64_t shape(int axis) const { return m_array->shape[axis < 0 ? axis + ndim() : axis]; }
  shape_t shape() const { return {m_array->shape, m_array->shape + m_array->ndim}; }
  numpy::dtype dtype() const { return static_cast<numpy::dtype>(m_array->dtype); }
  // A read-only view of the elements; only for a C-contiguous array of that type (TypeError otherwise).
  template <class T>
  const T* data() const {
    if (m_array->contiguous == 0 || detail::dtype_of_v<T> != dtype())
      throw Error("TypeError", "data<T>() needs a C-contiguous array of that dtype");
    return static_cast<const T*>(m_array->data);
  }
  // The only element of an array of size 1, as float(x) or int(x).
  template <class T = double>
  T item() const;
  explicit operator double() const { return item<double>(); }
  explicit operator float() const { return static_cast<float>(item<double>()); }
  explicit operator std::int64_t() const { return item<std::int64_t>(); }
  explicit operator int() const { return static_cast<int>(item<std::int64_t>()); }

  // ---- Methods, as in NumPy (defined in numpy.hpp) ----
  ndarray T() const;
  ndarray transpose() const;
  ndarray transpose(const shape_t& axes) const;
  ndarray reshape(const shape_t& shape) const;
  ndarray ravel() const;
  ndarray flatten() const;
  ndarray copy() const;
  ndarray astype(numpy::dtype d) const;
  ndarray squeeze() const;
  ndarray swapaxes(int a, int b) const;
  ndarray diagonal(int offset = 0) const;
  ndarray sum(const Axis& axis = {}, bool keepdims = false) const;
  ndarray mean(const Axis& axis = {}, bool keepdims = false) const;
  ndarray max(const Axis& axis = {}, bool keepdims = false) const;
  ndarray min(const Axis& axis = {}, bool keepdims = false) const;
  ndarray prod(const Axis& axis = {}, bool keepdims = false) const;
  ndarray var(const Axis& axis = {}, int ddof = 0, bool keepdims = false) const;
  ndarray std(const Axis& axis = {}, int ddof = 0, bool keepdims = false) const;
  ndarray any(const Axis& axis = {}) const;
  ndarray all(const Axis& axis = {}) const;
  ndarray argmax(std::optional<int> axis = {}) const;
  ndarray argmin(std::optional<int> axis = {}) const;
  ndarray argsort(int axis = -1) const;
  ndarray cumsum(std::optional<int> axis = {}) const;
  ndarray clip(const Arg& lo, const Arg& hi) const;
  ndarray dot(const ndarray& other) const;
  ndarray take(const ndarray& indices, std::optional<int> axis = {}) const;
  std::vector<ndarray> nonzero() const;

  // Indexing: integers, slice(...), ellipsis, newaxis, integer arrays and masks: x[0], x[slice(1, 3), 0], x[mask].
  template <class... I>
  ndarray operator[](const I&... items) const;

 private:
  const flopscope_array* m_array = nullptr;
};

inline Arg::Arg(const ndarray& a) : m_value{FLOPSCOPE_ARRAY, 0, 0, 0, {.array = a.handle()}} {}

namespace detail {

inline ndarray Outcome::array() && {
  if (m_value.kind != FLOPSCOPE_ARRAY) throw Error("TypeError", "the operation returned no array");
  return ndarray::adopt(std::exchange(m_value, make(FLOPSCOPE_MISSING)).array);
}

inline std::vector<ndarray> Outcome::arrays() && {
  std::vector<ndarray> out;
  if (m_value.kind == FLOPSCOPE_ARRAY) {
    out.push_back(std::move(*this).array());
    return out;
  }
  for (std::uint32_t i = 0; i < m_value.count; ++i) {
    if (m_value.items[i].kind != FLOPSCOPE_ARRAY)
      throw Error("TypeError", "the operation returned something that is no array");
    flopscope_array_retain(m_value.items[i].array);
    out.push_back(ndarray::adopt(m_value.items[i].array));
  }
  return out;
}

// One entry of an index, with what it borrows.
struct IndexEntry {
  flopscope_value value;
  flopscope_value three[3];
  IndexEntry(const slice& s) : value(make_sequence(FLOPSCOPE_SLICE, three, 3)) {
    const std::optional<std::int64_t> parts[] = {s.start, s.stop, s.step};
    for (int i = 0; i < 3; ++i) three[i] = parts[i] ? make_int(*parts[i]) : make(FLOPSCOPE_NONE);
  }
  IndexEntry(ellipsis_t) : value(make(FLOPSCOPE_ELLIPSIS)) {}
  IndexEntry(newaxis_t) : value(make(FLOPSCOPE_NONE)) {}
  IndexEntry(const ndarray& a) : value(Arg(a).value()) {}
  template <class T>
  requires std::is_integral_v<T> IndexEntry(T i) : value(make_int(static_cast<std::int64_t>(i))) {}
  IndexEntry(const IndexEntry&) = delete;
  IndexEntry& operator=(const IndexEntry&) = delete;
};

template <class T>
T read_item(const flopscope_array& a) {
  switch (static_cast<dtype>(a.dtype)) {
    case dtype::bool_:
      return static_cast<T>(*static_cast<const bool*>(a.data));
    case dtype::int8:
      return static_cast<T>(*static_cast<const std::int8_t*>(a.data));
    case dtype::int16:
      return static_cast<T>(*static_cast<const std::int16_t*>(a.data));
    case dtype::int32:
      return static_cast<T>(*static_cast<const std::int32_t*>(a.data));
    case dtype::int64:
      return static_cast<T>(*static_cast<const std::int64_t*>(a.data));
    case dtype::uint8:
      return static_cast<T>(*static_cast<const std::uint8_t*>(a.data));
    case dtype::uint16:
      return static_cast<T>(*static_cast<const std::uint16_t*>(a.data));
    case dtype::uint32:
      return static_cast<T>(*static_cast<const std::uint32_t*>(a.data));
    case dtype::uint64:
      return static_cast<T>(*static_cast<const std::uint64_t*>(a.data));
    case dtype::float16:
      return static_cast<T>(static_cast<float>(*static_cast<const _Float16*>(a.data)));
    case dtype::float32:
    case dtype::complex64:
      return static_cast<T>(*static_cast<const float*>(a.data));
    case dtype::float64:
    case dtype::complex128:
      break;
  }
  return static_cast<T>(*static_cast<const double*>(a.data));
}

}  // namespace detail

template <class T>
T ndarray::item() const {
  if (m_array->size != 1) throw Error("TypeError", "only arrays of one element can be converted to a number");
  return detail::read_item<T>(*m_array);
}

template <class... I>
ndarray ndarray::operator[](const I&... items) const {
  static const detail::Operation k_getitem("getitem", "a,key");
  const detail::IndexEntry entries[] = {detail::IndexEntry(items)...};
  flopscope_value values[sizeof...(I)];
  for (std::size_t i = 0; i < sizeof...(I); ++i) values[i] = entries[i].value;
  const Arg key(sizeof...(I) == 1 ? values[0] : detail::make_sequence(FLOPSCOPE_TUPLE, values, sizeof...(I)));
  return k_getitem(Arg(*this), key).array();
}

}  // namespace flopscope::numpy
