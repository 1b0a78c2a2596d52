// SPDX-License-Identifier: MIT
// Free questions about shapes, dtypes and memory. They are neither charged nor logged in any model.
#include <fmt/format.h>

#include <cmath>
#include <whest/flopscope/ops/detail/layout.hpp>
#include <whest/flopscope/ops/detail/tables.hpp>
#include <whest/flopscope/symmetry/tag.hpp>

namespace flopscope {
namespace {

// ---- shapes ----

Result run_shape(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  std::vector<Result> out;
  for (const std::int64_t d : a->dims()) out.push_back(Result::integer(d));
  return Result::tuple(std::move(out));
}

Result run_size(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const auto axes = to_axes(call.arg(1), a->ndim);
  if (!axes) return Result::integer(a->size);
  std::int64_t n = 1;
  for (const std::int64_t axis : *axes) n *= a->shape[axis];
  return Result::integer(n);
}

Result run_ndim(Call& call) { return Result::integer(to_array(call.arg(0))->ndim); }

Result run_isscalar(Call& call) {
  return Result::boolean(call.arg(0).is_scalar() || call.arg(0).is(ValueKind::string));
}

Result run_iterable(Call& call) {
  const Value& v = call.arg(0);
  if (v.is_array()) return Result::boolean(v.as_array().ndim > 0);
  return Result::boolean(v.is_sequence() || v.is(ValueKind::string));
}

Result run_isfortran(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  return Result::boolean(!a->is_contiguous() && detail::reversed_axes(*a)->is_contiguous());
}

// ---- memory ----

struct Extent {
  const std::byte *low, *high;
};

Extent extent_of(const Array& a) {
  Extent e{a.items<std::byte>(), a.items<std::byte>()};
  if (a.size == 0) return e;
  for (int d = 0; d < a.ndim; ++d) (a.strides[d] < 0 ? e.low : e.high) += (a.shape[d] - 1) * a.strides[d];
  e.high += a.item_bytes();
  return e;
}

Result run_may_share_memory(Call& call) {
  if (!call.arg(0).is_array() || !call.arg(1).is_array()) return Result::boolean(false);
  const Extent a = extent_of(call.arg(0).as_array()), b = extent_of(call.arg(1).as_array());
  return Result::boolean(a.low < b.high && b.low < a.high);
}

// Exact: whether some element's bytes are in both.
Result run_shares_memory(Call& call) {
  if (!call.arg(0).is_array() || !call.arg(1).is_array()) return Result::boolean(false);
  const Array &a = call.arg(0).as_array(), &b = call.arg(1).as_array();
  const Extent ea = extent_of(a), eb = extent_of(b);
  if (!(ea.low < eb.high && eb.low < ea.high)) return Result::boolean(false);
  std::vector<const std::byte*> of_a;
  for_each_element(a, [&](const std::byte* at) { of_a.push_back(at); });
  std::sort(of_a.begin(), of_a.end());
  bool shared = false;
  for_each_element(b, [&](const std::byte* at) {
    const auto after = std::lower_bound(of_a.begin(), of_a.end(), at);
    shared = shared || (after != of_a.end() && *after < at + b.item_bytes()) ||
             (after != of_a.begin() && *(after - 1) + a.item_bytes() > at);
  });
  return Result::boolean(shared);
}

// ---- dtypes ----

DType dtype_like(const Value& v) {
  if (v.is_array()) return v.as_array().type();
  if (v.is(ValueKind::dtype) || v.is(ValueKind::string)) return *to_dtype(v);
  return to_operand(v).type();
}

Result dtype_result(DType d) { return Result::Variant(d); }

Result run_can_cast(Call& call) {
  const DType from = dtype_like(call.arg(0)), to = dtype_like(call.arg(1));
  const std::string_view casting = call.arg(2).is_absent() ? "safe" : call.arg(2).as_string();
  if (casting == "unsafe") return Result::boolean(true);
  if (casting == "no" || casting == "equiv") return Result::boolean(from == to);
  if (casting == "same_kind") return Result::boolean(can_cast_same_kind(from, to));
  if (casting == "safe") return Result::boolean(can_cast_safe(from, to));
  throw_value_error(
      fmt::format("casting must be one of 'no', 'equiv', 'safe', 'same_kind', or 'unsafe' (got '{}')", casting));
}

Result run_promote_types(Call& call) { return dtype_result(promote(dtype_like(call.arg(0)), dtype_like(call.arg(1)))); }

Result run_result_type(Call& call) {
  std::vector<Operand> operands;
  for (const Value& v : call.arg(0).as_items()) {
    if (v.is(ValueKind::dtype) || v.is(ValueKind::string))
      operands.push_back({zeros(*to_dtype(v), {}), std::nullopt});
    else
      operands.push_back(to_operand(v));
  }
  if (operands.empty()) throw_value_error("at least one array or dtype is required");
  return dtype_result(result_type(operands));
}

// The common floating type of arrays; integers count as float64.
Result run_common_type(Call& call) {
  DType d = DType::float16;
  for (const Value& v : call.arg(0).as_items()) {
    const DType t = dtype_like(v);
    if (t == DType::bool_) throw_type_error("can't get common type for non-numeric array");
    d = promote(d, is_integer(t) ? DType::float64 : t);
  }
  return dtype_result(d);
}

Result run_min_scalar_type(Call& call) {
  const Value& v = call.arg(0);
  if (v.is_array() && v.as_array().ndim > 0) return dtype_result(v.as_array().type());
  const Operand o = to_operand(v);
  if (is_integer(o.type())) {
    const std::int64_t x = item_int64(*o.array);
    if (o.type() == DType::uint64 && x < 0) return dtype_result(DType::uint64);
    if (x >= 0)
      return dtype_result(x < 256          ? DType::uint8
                          : x < 65536      ? DType::uint16
                          : x < 4294967296 ? DType::uint32
                                           : DType::uint64);
    return dtype_result(x >= -128          ? DType::int8
                        : x >= -32768      ? DType::int16
                        : x >= -2147483648 ? DType::int32
                                           : DType::int64);
  }
  if (is_real_floating(o.type())) {
    const double x = std::abs(item_double(*o.array));
    return dtype_result(!(x > 65000) || x == HUGE_VAL ? DType::float16 : x <= 3.4e38 ? DType::float32 : DType::float64);
  }
  if (is_complex(o.type())) {
    const Complex128 x = read_complex(*o.array, o.array->items<std::byte>());
    const bool small = std::max(std::abs(x.real()), std::abs(x.imag())) <= 3.4e38;
    return dtype_result(small ? DType::complex64 : DType::complex128);
  }
  return dtype_result(o.type());
}

Result run_isdtype(Call& call) {
  const DType d = dtype_like(call.arg(0));
  const auto is = [&](const Value& kind) {
    if (!kind.is(ValueKind::string)) return dtype_like(kind) == d;
    const std::string_view k = kind.as_string();
    if (k == "bool") return d == DType::bool_;
    if (k == "signed integer") return is_signed_integer(d);
    if (k == "unsigned integer") return is_unsigned_integer(d);
    if (k == "integral") return is_integer(d);
    if (k == "real floating") return is_real_floating(d);
    if (k == "complex floating") return is_complex(d);
    if (k == "numeric") return d != DType::bool_;
    throw_value_error(fmt::format("kind argument is a string, but '{}' is not a known kind name.", k));
  };
  if (!call.arg(1).is_sequence()) return Result::boolean(is(call.arg(1)));
  bool any = false;
  for (const Value& kind : call.arg(1).as_items()) any = is(kind) || any;
  return Result::boolean(any);
}

// A dtype is a subtype of itself and of the abstract kinds above it, which are named by text.
Result run_issubdtype(Call& call) {
  const DType d = dtype_like(call.arg(0));
  const Value& above = call.arg(1);
  if (above.is(ValueKind::string)) {
    const std::string_view k = above.as_string();
    if (k == "generic") return Result::boolean(true);
    if (k == "number") return Result::boolean(d != DType::bool_);
    if (k == "integer") return Result::boolean(is_integer(d));
    if (k == "signedinteger") return Result::boolean(is_signed_integer(d));
    if (k == "unsignedinteger") return Result::boolean(is_unsigned_integer(d));
    if (k == "inexact") return Result::boolean(is_floating(d));
    if (k == "floating") return Result::boolean(is_real_floating(d));
    if (k == "complexfloating") return Result::boolean(is_complex(d));
  }
  return Result::boolean(dtype_like(above) == d);
}

// Whether the dtype is complex (variant 1) or real (0). Some models charge it as a pass over the elements.
Result run_iscomplexobj(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const auto n = static_cast<double>(a->size);
  call.charge({.in = n, .out = n, .unique_out = a->tag() ? symmetry::unique_elements(a->tag(), a->dims()) : n},
              a->type());
  return Result::boolean(is_complex(a->type()) == (call.op.variant == 1));
}

Result run_typename(Call& call) {
  constexpr std::pair<char, std::string_view> k_names[] = {{'?', "bool"},
                                                           {'b', "signed char"},
                                                           {'h', "short"},
                                                           {'i', "integer"},
                                                           {'l', "long integer"},
                                                           {'q', "long long integer"},
                                                           {'B', "unsigned char"},
                                                           {'H', "unsigned short"},
                                                           {'I', "unsigned integer"},
                                                           {'L', "unsigned long integer"},
                                                           {'Q', "unsigned long long integer"},
                                                           {'f', "single precision"},
                                                           {'d', "double precision"},
                                                           {'g', "long precision"},
                                                           {'F', "complex single precision"},
                                                           {'D', "complex double precision"},
                                                           {'G', "complex long double precision"},
                                                           {'S', "string"},
                                                           {'U', "unicode"},
                                                           {'V', "void"},
                                                           {'O', "object"}};
  const std::string_view code = call.arg(0).as_string();
  for (const auto& [c, name] : k_names)
    if (code.size() == 1 && code[0] == c) return Result::text(std::string(name));
  throw Error(ErrorKind::key_error, fmt::format("'{}'", code));
}

constexpr Operation query(std::string_view name, std::string_view signature, Kernel run) {
  return {.name = name, .signature = signature, .run = run, .formula = "zero"};
}

constexpr Operation k_operations[] = {
    query("shape", "a", run_shape),
    query("size", "a, axis=None", run_size),
    query("ndim", "a", run_ndim),
    query("method.shape", "a", run_shape),
    query("method.size", "a", run_size),
    query("method.ndim", "a", run_ndim),
    query("isscalar", "element", run_isscalar),
    query("iterable", "y", run_iterable),
    query("isfortran", "a", run_isfortran),
    query("may_share_memory", "a, b, max_work=None", run_may_share_memory),
    query("shares_memory", "a, b, max_work=None", run_shares_memory),
    query("can_cast", "from_, to, casting='safe'", run_can_cast),
    query("promote_types", "type1, type2", run_promote_types),
    query("result_type", "*arrays_and_dtypes", run_result_type),
    query("common_type", "*arrays", run_common_type),
    query("min_scalar_type", "a", run_min_scalar_type),
    query("isdtype", "dtype, kind", run_isdtype),
    query("typename", "char", run_typename),
    {.name = "iscomplexobj", .signature = "x", .run = run_iscomplexobj, .formula = "elements", .variant = 1},
    {.name = "isrealobj", .signature = "x", .run = run_iscomplexobj, .formula = "elements"},
    query("issubdtype", "arg1, arg2", run_issubdtype),
};

}  // namespace

detail::Table detail::query_operations() { return k_operations; }

}  // namespace flopscope
