// SPDX-License-Identifier: MIT
// Numbers of half precision to and from wider ones, rounded once to the nearest: by their bits and without branches, so
// that loops are vectorised where the processor's baseline has no instruction for it.
#pragma once

#include <bit>
#include <cstdint>
#include <whest/flopscope/core/dtype.hpp>

namespace flopscope {

#if defined(__F16C__) || defined(__aarch64__)
constexpr float float_of(Half x) { return static_cast<float>(x); }
constexpr Half half_of(float x) { return static_cast<Half>(x); }
constexpr Half half_of(double x) { return static_cast<Half>(x); }
#else

// The exponent is moved by a product, which makes subnormal numbers normal too.
constexpr float float_of(Half x) {
  const std::uint32_t bits = std::bit_cast<std::uint16_t>(x), sign = (bits & 0x8000U) << 16,
                      size = (bits & 0x7fffU) << 13;
  const auto moved = std::bit_cast<std::uint32_t>(std::bit_cast<float>(size) * 0x1p112F);
  const std::uint32_t quiet = (bits & 0x7fffU) > 0x7c00U ? 0x7fc00000U : 0U;
  const std::uint32_t infinite = (bits & 0x7c00U) == 0x7c00U ? 0x7f800000U | quiet : 0U;
  return std::bit_cast<float>(moved | infinite | sign);
}

constexpr Half half_of(float x) {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  const std::uint32_t size = bits & 0x7fffffffU;
  // Normal numbers: 13 bits are rounded off to even, which may carry into the exponent.
  const std::uint32_t normal = (size - (112U << 23) + 0xfffU + ((size >> 13) & 1U)) >> 13;
  // Subnormal ones: a sum with 1/2 has them in its last bits.
  const std::uint32_t subnormal = std::bit_cast<std::uint32_t>(std::bit_cast<float>(size) + 0.5F) - 0x3f000000U;
  const std::uint32_t not_finite = size > 0x7f800000U ? 0x7e00U | ((size >> 13) & 0x3ffU) : 0x7c00U;
  const std::uint32_t finite = size < (113U << 23) ? subnormal : normal;
  const std::uint32_t all = size >= (143U << 23) ? not_finite : finite;
  return std::bit_cast<Half>(static_cast<std::uint16_t>(all | ((bits >> 16) & 0x8000U)));
}

// Through a float32 in whose last place stands whether anything was cut off.
constexpr Half half_of(double x) {
  constexpr std::uint64_t k_low = 0xffffffffU;
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const std::uint64_t any = ((bits & k_low) + k_low) & (k_low + 1);
  return half_of(static_cast<float>(std::bit_cast<double>((bits | any) & ~k_low)));
}
#endif

}  // namespace flopscope
