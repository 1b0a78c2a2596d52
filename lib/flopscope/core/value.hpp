// SPDX-License-Identifier: MIT
// Arguments and results of operations. A Value is a borrowed, trivially copyable record (the layout of the C ABI); a
// Result owns what an operation returns.
#pragma once

#include <complex>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>
#include <whest/flopscope/core/array.hpp>

namespace flopscope {

// A library object that is not an array (random generators, polynomials of the SDK...). Subclasses live in their
// family.
class Object {
 public:
  virtual ~Object() = default;
  virtual std::string text() const { return {}; }  // what it says of itself
};
using ObjectRef = std::shared_ptr<Object>;

enum class ValueKind : std::uint8_t {
  missing,
  none,
  boolean,
  integer,
  real,
  complex,
  string,
  dtype,
  array,
  list,
  tuple,
  slice,
  ellipsis,
  group,
  object
};

// Set on a dtype or an array that came by position: some models refuse the one where they take it by name, and bill the
// other.
inline constexpr std::uint8_t k_by_position = 2;

class Value : public flopscope_value {
 public:
  Value() : flopscope_value{} {}
  Value(const Array& a) : Value(ValueKind::array) { array = &a; }
  Value(const ArrayRef& a) : Value(*a) {}
  static Value none() { return Value(ValueKind::none); }
  static Value boolean(bool b) {
    Value v(ValueKind::boolean);
    v.i = b;
    return v;
  }
  static Value integer(std::int64_t x) {
    Value v(ValueKind::integer);
    v.i = x;
    return v;
  }
  static Value unsigned_integer(std::uint64_t x) {
    Value v = integer(static_cast<std::int64_t>(x));
    v.flags = x > 0x7fffffffffffffffULL ? 1 : 0;
    return v;
  }
  static Value real(double x) {
    Value v(ValueKind::real);
    v.f = x;
    return v;
  }
  static Value complex(Complex128 x) {
    Value v(ValueKind::complex);
    v.c[0] = x.real();
    v.c[1] = x.imag();
    return v;
  }
  static Value string(std::string_view text) {
    Value v(ValueKind::string);
    v.s = text.data();
    v.count = static_cast<std::uint32_t>(text.size());
    return v;
  }
  static Value of_dtype(DType d) {
    Value v(ValueKind::dtype);
    v.i = static_cast<int>(d);
    return v;
  }
  static Value list(std::span<const Value> items) { return sequence(ValueKind::list, items); }
  static Value tuple(std::span<const Value> items) { return sequence(ValueKind::tuple, items); }
  // start, stop, step: none or integer. `three` must outlive the value.
  static Value slice(std::span<const Value, 3> three) { return sequence(ValueKind::slice, three); }
  static Value ellipsis() { return Value(ValueKind::ellipsis); }
  static Value of_group(const TagRef& tag) {
    Value v(ValueKind::group);
    v.group = &tag;
    return v;
  }
  static Value of_object(const ObjectRef& o) {
    Value v(ValueKind::object);
    v.object = reinterpret_cast<flopscope_object*>(const_cast<ObjectRef*>(&o));
    return v;
  }

  ValueKind what() const { return static_cast<ValueKind>(kind); }
  bool is(ValueKind k) const { return what() == k; }
  bool is_missing() const { return is(ValueKind::missing); }
  bool is_absent() const { return what() <= ValueKind::none; }  // missing or None
  bool is_array() const { return is(ValueKind::array); }
  bool is_scalar() const { return what() >= ValueKind::boolean && what() <= ValueKind::complex; }
  bool is_sequence() const { return is(ValueKind::list) || is(ValueKind::tuple); }

  const Array& as_array() const { return as_internal(array); }
  std::span<const Value> as_items() const { return {static_cast<const Value*>(items), count}; }
  std::string_view as_string() const { return {s, count}; }
  const TagRef& as_group() const { return *static_cast<const TagRef*>(group); }
  const ObjectRef& as_object() const { return *reinterpret_cast<const ObjectRef*>(object); }

 private:
  explicit Value(ValueKind k) : flopscope_value{} { kind = static_cast<std::uint8_t>(k); }
  static Value sequence(ValueKind k, std::span<const Value> items) {
    Value v(k);
    v.items = items.data();
    v.count = static_cast<std::uint32_t>(items.size());
    return v;
  }
};
static_assert(sizeof(Value) == sizeof(flopscope_value) && std::is_trivially_copyable_v<Value>);

// What an operation returns. A NumPy scalar is a 0-d array here; `bool`, int, float, complex, text are Python's own.
class Result {
 public:
  struct Tuple {
    std::vector<Result> items;
  };
  struct List {
    std::vector<Result> items;
  };
  using Variant = std::variant<std::monostate, ArrayRef, bool, std::int64_t, double, Complex128, std::string, DType,
                               Tuple, List, TagRef, ObjectRef>;

  Result() = default;
  Result(ArrayRef a) : m_value(std::move(a)) {}
  Result(Variant v) : m_value(std::move(v)) {}
  static Result none() { return {}; }
  static Result boolean(bool b) { return Variant(b); }
  static Result integer(std::int64_t x) { return Variant(x); }
  static Result real(double x) { return Variant(x); }
  static Result text(std::string s) { return Variant(std::move(s)); }
  static Result tuple(std::vector<Result> items) { return Variant(Tuple{std::move(items)}); }
  static Result list(std::vector<Result> items) { return Variant(List{std::move(items)}); }

  const Variant& variant() const { return m_value; }
  bool is_none() const { return std::holds_alternative<std::monostate>(m_value); }
  bool is_array() const { return std::holds_alternative<ArrayRef>(m_value); }
  const ArrayRef& array() const { return std::get<ArrayRef>(m_value); }
  ArrayRef take_array() { return std::move(std::get<ArrayRef>(m_value)); }
  // Items of a tuple or list; null otherwise.
  const std::vector<Result>* items() const;

 private:
  Variant m_value;
};

// Reading arguments; each throws TypeError (or what NumPy throws) with the parameter's name in the text.
std::int64_t to_int(const Value& v, std::string_view what);  // int, bool, or integer array of size 1
// The same, and a real number without its fraction, as Python's int() takes it.
std::int64_t to_whole(const Value& v, std::string_view what);
double to_double(const Value& v, std::string_view what);  // any real scalar or array of size 1
bool to_bool(const Value& v, bool if_missing);
DType to_dtype(const Value& v, DType if_absent);  // dtype, or its name as a string
std::optional<DType> to_dtype(const Value& v);
Dims to_shape(const Value& v, std::string_view what);  // int or sequence of ints; refuses negatives
// An `axis` argument: absent -> nullopt (all axes); int or tuple -> normalised, distinct axes; throws
// AxisError/ValueError.
std::optional<Dims> to_axes(const Value& v, int ndim);
// One axis with a default.
int to_axis(const Value& v, int ndim, int if_missing);

// An operand: an array, or a Python scalar (weak), or nested sequences (converted to a fresh array, charging nothing).
struct Operand {
  ArrayRef array;                // 0-d for scalars
  std::optional<WeakKind> weak;  // set for Python scalars
  DType type() const { return array->type(); }
};
Operand to_operand(const Value& v);
ArrayRef to_array(const Value& v);                     // the array itself, or a new one from scalars and sequences
DType result_type(std::span<const Operand> operands);  // NumPy 2's result_type, weak scalars included
inline DType result_type(std::initializer_list<Operand> operands) {
  return result_type(std::span(operands.begin(), operands.size()));
}

}  // namespace flopscope
