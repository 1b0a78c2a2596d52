// SPDX-License-Identifier: MIT
// Element types: sizes, kinds, names, and NumPy 2's promotion (without value-based casting; weak scalars included).
#pragma once

#include <complex>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace flopscope {

// The order is part of the ABI (include/flopscope/abi.h).
enum class DType : std::uint8_t {
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
inline constexpr int k_dtype_count = 14;

enum class DTypeKind : std::uint8_t { boolean, signed_integer, unsigned_integer, real, complex };

using Half = _Float16;
using Complex64 = std::complex<float>;
using Complex128 = std::complex<double>;

DTypeKind kind_of(DType dtype);
inline constexpr std::uint8_t k_item_bytes[k_dtype_count] = {1, 1, 2, 4, 8, 1, 2, 4, 8, 2, 4, 8, 8, 16};
inline int item_size(DType dtype) { return k_item_bytes[static_cast<std::size_t>(dtype)]; }  // bytes
std::string_view name_of(DType dtype);                                                       // "float32", "bool", ...
std::optional<DType> dtype_from_name(std::string_view name);  // also "float", "int", "complex", "f4", "<f8", ...

inline bool is_complex(DType d) { return d >= DType::complex64; }
inline bool is_real_floating(DType d) { return d >= DType::float16 && d <= DType::float64; }
inline bool is_floating(DType d) { return d >= DType::float16; }  // real or complex
inline bool is_integer(DType d) { return d >= DType::int8 && d <= DType::uint64; }
inline bool is_signed_integer(DType d) { return d >= DType::int8 && d <= DType::int64; }
inline bool is_unsigned_integer(DType d) { return d >= DType::uint8 && d <= DType::uint64; }

// The dtype of the real and imaginary parts (itself for a real dtype), and the complex dtype that holds a real one.
DType real_part_of(DType dtype);
DType complex_of(DType dtype);

// numpy.promote_types.
DType promote(DType a, DType b);

// How a Python scalar takes part in promotion (NEP 50): it only fixes the kind.
enum class WeakKind : std::uint8_t { boolean, integer, real, complex };
DType promote_weak(DType strong, WeakKind weak);
DType default_dtype(WeakKind weak);  // bool, int64, float64, complex128

// Whether numpy.can_cast(from, to, casting="same_kind" / "safe").
bool can_cast_same_kind(DType from, DType to);
bool can_cast_safe(DType from, DType to);

template <class T>
inline constexpr DType dtype_of = [] {
  if constexpr (std::is_same_v<T, bool>)
    return DType::bool_;
  else if constexpr (std::is_same_v<T, std::int8_t>)
    return DType::int8;
  else if constexpr (std::is_same_v<T, std::int16_t>)
    return DType::int16;
  else if constexpr (std::is_same_v<T, std::int32_t>)
    return DType::int32;
  else if constexpr (std::is_same_v<T, std::int64_t>)
    return DType::int64;
  else if constexpr (std::is_same_v<T, std::uint8_t>)
    return DType::uint8;
  else if constexpr (std::is_same_v<T, std::uint16_t>)
    return DType::uint16;
  else if constexpr (std::is_same_v<T, std::uint32_t>)
    return DType::uint32;
  else if constexpr (std::is_same_v<T, std::uint64_t>)
    return DType::uint64;
  else if constexpr (std::is_same_v<T, Half>)
    return DType::float16;
  else if constexpr (std::is_same_v<T, float>)
    return DType::float32;
  else if constexpr (std::is_same_v<T, double>)
    return DType::float64;
  else if constexpr (std::is_same_v<T, Complex64>)
    return DType::complex64;
  else
    return DType::complex128;
}();

// Calls f.template operator()<T>() with the C++ type of `dtype`.
template <class F>
decltype(auto) visit_dtype(DType dtype, F&& f) {
  switch (dtype) {
    case DType::bool_:
      return f.template operator()<bool>();
    case DType::int8:
      return f.template operator()<std::int8_t>();
    case DType::int16:
      return f.template operator()<std::int16_t>();
    case DType::int32:
      return f.template operator()<std::int32_t>();
    case DType::int64:
      return f.template operator()<std::int64_t>();
    case DType::uint8:
      return f.template operator()<std::uint8_t>();
    case DType::uint16:
      return f.template operator()<std::uint16_t>();
    case DType::uint32:
      return f.template operator()<std::uint32_t>();
    case DType::uint64:
      return f.template operator()<std::uint64_t>();
    case DType::float16:
      return f.template operator()<Half>();
    case DType::float32:
      return f.template operator()<float>();
    case DType::float64:
      return f.template operator()<double>();
    case DType::complex64:
      return f.template operator()<Complex64>();
    case DType::complex128:
      break;
  }
  return f.template operator()<Complex128>();
}

}  // namespace flopscope
