// SPDX-License-Identifier: MIT
// What operations take: dtypes, parts of an index, and arguments, by position or by keyword.
#pragma once

#include <flopscope/abi.h>

#include <array>
#include <bit>
#include <complex>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
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

// The dtype of elements of the C++ type T; no other type has one.
template <class T>
inline constexpr dtype dtype_of_v = [] {
  static_assert(std::is_integral_v<T> || std::is_same_v<T, _Float16> || std::is_same_v<T, float> ||
                    std::is_same_v<T, double> || std::is_same_v<T, std::complex<float>> ||
                    std::is_same_v<T, std::complex<double>>,
                "elements are integers, _Float16, float, double, complex<float> or complex<double>");
  if constexpr (std::is_same_v<T, bool>)
    return dtype::bool_;
  else if constexpr (std::is_integral_v<T>)
    return static_cast<dtype>(static_cast<int>(std::is_signed_v<T> ? dtype::int8 : dtype::uint8) +
                              std::countr_zero(sizeof(T)));
  else if constexpr (std::is_same_v<T, _Float16>)
    return dtype::float16;
  else if constexpr (std::is_same_v<T, float>)
    return dtype::float32;
  else if constexpr (std::is_same_v<T, double>)
    return dtype::float64;
  else if constexpr (std::is_same_v<T, std::complex<float>>)
    return dtype::complex64;
  else
    return dtype::complex128;
}();

// Whether arrays can have elements of that type.
template <class T>
inline constexpr bool is_element_v =
    (std::is_arithmetic_v<T> && !std::is_same_v<T, long double>) || std::is_same_v<T, _Float16> ||
    std::is_same_v<T, std::complex<float>> || std::is_same_v<T, std::complex<double>>;
// What a value says of the type of its elements; 0 for those that no array has.
template <class T>
inline constexpr std::uint16_t element_v = [] {
  if constexpr (is_element_v<T>)
    return static_cast<std::uint16_t>(1 + static_cast<int>(dtype_of_v<T>));
  else
    return std::uint16_t{0};
}();

inline flopscope_value make(std::uint8_t kind) { return {kind, 0, 0, 0, {.c = {}}}; }
// Field by field: memory just written in small pieces and read in larger ones holds up the processor for longer than a
// small operation takes.
inline flopscope_value copy(const flopscope_value& v) {
  return {v.kind, v.flags, v.element, v.count, {.c = {v.c[0], v.c[1]}}};
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

// An argument of an operation: an array, a number (weak, as in NumPy 2), text, a dtype, a list of arguments, or
// nothing. It borrows arrays and texts: it is made for one call. `{1, 2}` is a list, `{}` leaves the argument out.
// As an array, a vector has the dtype of its elements, and so has a list of numbers of one type, but that those of int
// are int64; a list of several types has the dtype that Python's numbers give.
class Arg {
 public:
  Arg() : m_value(detail::make(FLOPSCOPE_MISSING)) {}
  Arg(std::nullptr_t) : m_value(detail::make(FLOPSCOPE_NONE)) {}  // Python's None
  Arg(std::nullopt_t) : Arg() {}
  Arg(const ndarray& a);
  template <class T>
  requires(std::is_arithmetic_v<T> || std::is_same_v<T, _Float16>) Arg(T x) {
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
    m_value.element = std::is_same_v<T, int> ? detail::element_v<std::int64_t> : detail::element_v<T>;
  }
  template <class T>
  Arg(std::complex<T> x) : m_value(detail::make(FLOPSCOPE_COMPLEX)) {
    m_value.element = detail::element_v<std::complex<T>>;
    m_value.c[0] = x.real();
    m_value.c[1] = x.imag();
  }
  Arg(const char* text) : m_value(detail::make(FLOPSCOPE_STRING)) {
    if (text == nullptr) {
      m_value.kind = FLOPSCOPE_NONE;
      return;
    }
    m_value.s = text;
    m_value.count = static_cast<std::uint32_t>(std::char_traits<char>::length(text));
  }
  Arg(const std::string& text) : m_value(detail::make(FLOPSCOPE_STRING)) {
    m_value.s = text.data();
    m_value.count = static_cast<std::uint32_t>(text.size());
  }
  Arg(dtype d) : m_value(detail::make(FLOPSCOPE_DTYPE)) { m_value.i = static_cast<int>(d); }
  Arg(const slice& s);
  Arg(std::initializer_list<Arg> items);
  template <class V>
  requires std::is_convertible_v<const V&, Arg> Arg(const std::vector<V>& items);
  template <class V, std::size_t N>
  requires std::is_convertible_v<const V&, Arg> Arg(const std::array<V, N>& items)
      : Arg(std::vector<V>(items.begin(), items.end())) {}
  template <class V>
  requires std::is_convertible_v<const V&, Arg> Arg(const std::optional<V>& v) : Arg() {
    if (v) *this = Arg(*v);
  }
  explicit Arg(const flopscope_value& v) : m_value(v) {}

  const flopscope_value& value() const { return m_value; }
  const char* keyword() const { return m_keyword; }  // null: given by position
  bool is_missing() const { return m_value.kind == FLOPSCOPE_MISSING; }
  static Arg list(std::vector<Arg> items) {
    Arg out;
    out.hold(FLOPSCOPE_LIST, std::move(items));
    return out;
  }
  static Arg tuple(std::vector<Arg> items) {
    Arg out;
    out.hold(FLOPSCOPE_TUPLE, std::move(items));
    return out;
  }
  Arg named(const char* keyword) const {
    Arg copy(*this);
    copy.m_keyword = keyword;
    return copy;
  }
  // Marked as given by position, where that has a price of its own.
  Arg placed() const {
    Arg copy(*this);
    copy.m_value.flags |= 2;
    return copy;
  }

 private:
  struct Items;  // of a list or a slice
  void hold(std::uint8_t kind, std::vector<Arg> items);

  flopscope_value m_value;
  const char* m_keyword = nullptr;
  std::shared_ptr<const Items> m_items;
};

struct Arg::Items {
  std::vector<Arg> args;
  std::vector<flopscope_value> values;
};

inline void Arg::hold(std::uint8_t kind, std::vector<Arg> items) {
  auto held = std::make_shared<Items>();
  for (const Arg& item : items) held->values.push_back(item.value());
  held->args = std::move(items);
  m_value = detail::make_sequence(kind, held->values.data(), held->values.size());
  m_items = std::move(held);
}

namespace detail {

// As in Python, several integers (a shape, axes) are a tuple and anything else is a list.
inline std::uint8_t sequence_kind(const std::vector<Arg>& items) {
  for (const Arg& item : items)
    if (item.value().kind != FLOPSCOPE_INT) return FLOPSCOPE_LIST;
  return FLOPSCOPE_TUPLE;
}

}  // namespace detail

inline Arg::Arg(std::initializer_list<Arg> items) : Arg() {
  std::vector<Arg> list(items);
  const std::uint8_t kind = detail::sequence_kind(list);
  hold(kind, std::move(list));
}

template <class V>
requires std::is_convertible_v<const V&, Arg> Arg::Arg(const std::vector<V>& items) : Arg() {
  std::vector<Arg> list;
  for (auto&& item : items) list.push_back(static_cast<const V&>(item));
  const std::uint8_t kind = detail::sequence_kind(list);
  hold(kind, std::move(list));
  m_value.element = detail::element_v<V>;
}

inline Arg::Arg(const slice& s) : Arg() {
  const auto part = [](const std::optional<std::int64_t>& i) { return i ? Arg(*i) : Arg(nullptr); };
  hold(FLOPSCOPE_SLICE, {part(s.start), part(s.stop), part(s.step)});
}

// A keyword argument: `kw::axis = 0`, `kw::shape = {2, 3}`. The names are in <flopscope/keywords.hpp>.
class Keyword {
 public:
  explicit constexpr Keyword(const char* name) : m_name(name) {}
  Arg operator=(const Arg& value) const { return value.named(m_name); }

 private:
  const char* m_name;
};

// One that makes an operation return several arrays: `kw::return_counts = true`.
class Several : public Arg {
 public:
  explicit Several(const Arg& arg) : Arg(arg) {}
};
class SeveralKeyword {
 public:
  explicit constexpr SeveralKeyword(const char* name) : m_name(name) {}
  Several operator=(const Arg& value) const { return Several(value.named(m_name)); }

 private:
  const char* m_name;
};

}  // namespace flopscope::numpy
