// SPDX-License-Identifier: MIT
// Ziggurat normals and exponentials (Marsaglia and Tsang 2000), step by step as NumPy draws them. `Bits` is any bit
// generator: with Pcg64 itself everything is inline.
#pragma once

#include <cmath>
#include <cstdint>
#include <whest/random/ziggurat_tables.hpp>

namespace whest::random {

template <class Bits>
double standard_normal(Bits& bits) {
  for (;;) {
    const std::uint64_t word = bits.next_uint64();
    const std::size_t step = word & 0xff;
    const bool negative = ((word >> 8) & 1) != 0;
    const std::uint64_t magnitude = (word >> 9) & 0x000fffffffffffff;
    const double x = static_cast<double>(magnitude) * k_wi_double[step];
    const double signed_x = negative ? -x : x;
    if (magnitude < k_ki_double[step]) return signed_x;  // 99.3%
    if (step == 0) {                                     // the tail
      for (;;) {
        const double xx = -k_normal_inv_r * std::log1p(-bits.next_double());
        const double yy = -std::log1p(-bits.next_double());
        if (yy + yy > xx * xx) return ((magnitude >> 8) & 1) != 0 ? -(k_normal_r + xx) : k_normal_r + xx;
      }
    }
    if ((k_fi_double[step - 1] - k_fi_double[step]) * bits.next_double() + k_fi_double[step] < std::exp(-0.5 * x * x)) {
      return signed_x;  // the wedge
    }
  }
}

template <class Bits>
float standard_normal_f(Bits& bits) {
  for (;;) {
    const std::uint32_t word = bits.next_uint32();
    const std::size_t step = word & 0xff;
    const bool negative = ((word >> 8) & 1) != 0;
    const std::uint32_t magnitude = (word >> 9) & 0x007fffff;
    const float x = static_cast<float>(magnitude) * k_wi_float[step];
    const float signed_x = negative ? -x : x;
    if (magnitude < k_ki_float[step]) return signed_x;
    if (step == 0) {
      for (;;) {
        const float xx = -k_normal_inv_r_f * std::log1p(-bits.next_float());
        const float yy = -std::log1p(-bits.next_float());
        if (yy + yy > xx * xx) return ((magnitude >> 8) & 1) != 0 ? -(k_normal_r_f + xx) : k_normal_r_f + xx;
      }
    }
    // A float against the exp of a double: as NumPy compares them.
    const float height = (k_fi_float[step - 1] - k_fi_float[step]) * bits.next_float() + k_fi_float[step];
    if (static_cast<double>(height) < std::exp(-0.5 * static_cast<double>(x) * static_cast<double>(x))) return signed_x;
  }
}

template <class Bits>
double standard_exponential(Bits& bits) {
  for (;;) {
    const std::uint64_t word = bits.next_uint64() >> 3;
    const std::size_t step = word & 0xff;
    const std::uint64_t magnitude = word >> 8;
    const double x = static_cast<double>(magnitude) * k_we_double[step];
    if (magnitude < k_ke_double[step]) return x;  // 98.9%
    if (step == 0) return k_exponential_r - std::log1p(-bits.next_double());
    if ((k_fe_double[step - 1] - k_fe_double[step]) * bits.next_double() + k_fe_double[step] < std::exp(-x)) return x;
  }
}

template <class Bits>
float standard_exponential_f(Bits& bits) {
  for (;;) {
    const std::uint32_t word = bits.next_uint32() >> 1;
    const std::size_t step = word & 0xff;
    const std::uint32_t magnitude = word >> 8;
    const float x = static_cast<float>(magnitude) * k_we_float[step];
    if (magnitude < k_ke_float[step]) return x;
    if (step == 0) return k_exponential_r_f - std::log1p(-bits.next_float());
    if ((k_fe_float[step - 1] - k_fe_float[step]) * bits.next_float() + k_fe_float[step] < std::exp(-x)) return x;
  }
}

}  // namespace whest::random
