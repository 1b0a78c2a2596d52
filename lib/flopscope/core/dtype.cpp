// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <whest/flopscope/core/dtype.hpp>

namespace flopscope {
namespace {

struct Info {
  DTypeKind kind;
  std::string_view name;
  std::string_view code;  // NumPy's character code without byte order
};

constexpr std::array<Info, k_dtype_count> k_info{{
    {DTypeKind::boolean, "bool", "b1"},
    {DTypeKind::signed_integer, "int8", "i1"},
    {DTypeKind::signed_integer, "int16", "i2"},
    {DTypeKind::signed_integer, "int32", "i4"},
    {DTypeKind::signed_integer, "int64", "i8"},
    {DTypeKind::unsigned_integer, "uint8", "u1"},
    {DTypeKind::unsigned_integer, "uint16", "u2"},
    {DTypeKind::unsigned_integer, "uint32", "u4"},
    {DTypeKind::unsigned_integer, "uint64", "u8"},
    {DTypeKind::real, "float16", "f2"},
    {DTypeKind::real, "float32", "f4"},
    {DTypeKind::real, "float64", "f8"},
    {DTypeKind::complex, "complex64", "c8"},
    {DTypeKind::complex, "complex128", "c16"},
}};

const Info& info(DType d) { return k_info[static_cast<std::size_t>(d)]; }

DType signed_of_size(int bytes) {
  return bytes <= 1 ? DType::int8 : bytes == 2 ? DType::int16 : bytes == 4 ? DType::int32 : DType::int64;
}

// The smallest real floating type that holds an integer type without losing range or (up to 53 bits) precision.
DType float_for_integer(DType d) {
  const int bytes = item_size(d);
  return bytes == 1 ? DType::float16 : bytes == 2 ? DType::float32 : DType::float64;
}

DType promote_integers(DType a, DType b) {
  const bool signed_a = is_signed_integer(a);
  if (signed_a == is_signed_integer(b)) return item_size(a) >= item_size(b) ? a : b;
  const DType s = signed_a ? a : b;
  const DType u = signed_a ? b : a;
  if (item_size(s) > item_size(u)) return s;
  return item_size(u) == 8 ? DType::float64 : signed_of_size(2 * item_size(u));
}

DType promote_real(DType a, DType b) {
  if (is_integer(a)) a = float_for_integer(a);
  if (is_integer(b)) b = float_for_integer(b);
  return std::max(a, b);
}

}  // namespace

DTypeKind kind_of(DType dtype) { return info(dtype).kind; }
std::string_view name_of(DType dtype) { return info(dtype).name; }

std::optional<DType> dtype_from_name(std::string_view name) {
  if (name == "float" || name == "d") return DType::float64;
  if (name == "int" || name == "intp") return DType::int64;
  if (name == "complex") return DType::complex128;
  if (name == "bool_" || name == "?") return DType::bool_;
  if (name == "f") return DType::float32;
  if (name == "e") return DType::float16;
  if (!name.empty() && (name.front() == '<' || name.front() == '=' || name.front() == '|')) name.remove_prefix(1);
  for (std::size_t i = 0; i < k_info.size(); ++i)
    if (k_info[i].name == name || k_info[i].code == name) return static_cast<DType>(i);
  return std::nullopt;
}

DType real_part_of(DType d) {
  return d == DType::complex64 ? DType::float32 : d == DType::complex128 ? DType::float64 : d;
}

DType complex_of(DType d) {
  if (is_complex(d)) return d;
  return d == DType::float16 || d == DType::float32 ? DType::complex64 : DType::complex128;
}

DType promote(DType a, DType b) {
  if (a == b) return a;
  if (a == DType::bool_) return b;
  if (b == DType::bool_) return a;
  if (is_integer(a) && is_integer(b)) return promote_integers(a, b);
  if (!is_complex(a) && !is_complex(b)) return promote_real(a, b);
  const DType real = promote_real(real_part_of(a), real_part_of(b));
  return real == DType::float64 ? DType::complex128 : DType::complex64;
}

DType default_dtype(WeakKind weak) {
  switch (weak) {
    case WeakKind::boolean:
      return DType::bool_;
    case WeakKind::integer:
      return DType::int64;
    case WeakKind::real:
      return DType::float64;
    case WeakKind::complex:
      break;
  }
  return DType::complex128;
}

DType promote_weak(DType strong, WeakKind weak) {
  switch (weak) {
    case WeakKind::boolean:
      return strong;
    case WeakKind::integer:
      return strong == DType::bool_ ? DType::int64 : strong;
    case WeakKind::real:
      return is_floating(strong) ? strong : DType::float64;
    case WeakKind::complex:
      break;
  }
  return is_floating(strong) ? complex_of(strong) : DType::complex128;
}

bool can_cast_safe(DType from, DType to) { return promote(from, to) == to; }

bool can_cast_same_kind(DType from, DType to) {
  if (can_cast_safe(from, to)) return true;
  const auto rank = [](DType d) {
    switch (kind_of(d)) {
      case DTypeKind::boolean:
        return 0;
      case DTypeKind::unsigned_integer:
        return 1;
      case DTypeKind::signed_integer:
        return 2;
      case DTypeKind::real:
        return 3;
      case DTypeKind::complex:
        break;
    }
    return 4;
  };
  return rank(from) <= rank(to);
}

}  // namespace flopscope
