// SPDX-License-Identifier: MIT
// Counter-based normals, written once over a vector type `V` (see layer-inl.hpp for the rule of inclusion; further
// members: I (lanes uint32), integer, iota, add_i, sub_i, xor_i, and_i, shifts, multiply (high and low words),
// conversions, select (b where the top bit of the mask is set, else a), mul, sqrt, constant).
//
// Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC11) with counter (g, row low, row
// high, 0) and the 64-bit key gives four words; Box-Muller makes four normals of them. Column c of a row has g = 16 (c
// / 64) + c % 16 and is normal number (c % 64) / 16 of that counter: the order suits vectors of 1, 8 and 16 lanes
// alike. Logarithm, sine and cosine are polynomials evaluated by fused multiply-add in a fixed order (no libm), so that
// every instruction set gives the same bits; their coefficients interpolate in Chebyshev nodes (errors below 1e-8).

template <class V>
struct Words {
  typename V::I w[4];
};

template <class V>
inline __attribute__((always_inline)) Words<V> philox(typename V::I c0, typename V::I c1, typename V::I c2,
                                                      std::uint64_t key) {
  using I = typename V::I;
  I c3 = V::integer(0);
  std::uint32_t k0 = static_cast<std::uint32_t>(key);
  std::uint32_t k1 = static_cast<std::uint32_t>(key >> 32);
#pragma GCC unroll 10
  for (int round = 0; round < 10; ++round) {
    I high0;
    I low0;
    I high1;
    I low1;
    V::multiply(c0, 0xD2511F53U, high0, low0);
    V::multiply(c2, 0xCD9E8D57U, high1, low1);
    c0 = V::xor_i(V::xor_i(high1, c1), V::integer(k0));
    c2 = V::xor_i(V::xor_i(high0, c3), V::integer(k1));
    c1 = low1;
    c3 = low0;
    k0 += 0x9E3779B9U;
    k1 += 0xBB67AE85U;
  }
  return {{c0, c1, c2, c3}};
}

// ln(u), 2^-32 <= u <= 1: u = 2^e m, m in [sqrt(1/2), sqrt(2)), ln m = x - x^2/2 + x^3 P(x) with x = m - 1.
template <class V>
inline __attribute__((always_inline)) typename V::F log_unit(typename V::F u) {
  using F = typename V::F;
  const auto bits = V::as_integer(u);
  const auto exponent = V::template shift_right_signed<23>(V::sub_i(bits, V::integer(0x3F3504F3U)));
  const F m = V::as_float(V::sub_i(bits, V::template shift_left<23>(exponent)));
  const F x = V::sub(m, V::constant(1.0F));
  F p = V::constant(0.06971612F);
  p = V::fma(p, x, V::constant(-0.11479734F));
  p = V::fma(p, x, V::constant(0.1168542F));
  p = V::fma(p, x, V::constant(-0.12425687F));
  p = V::fma(p, x, V::constant(0.14249058F));
  p = V::fma(p, x, V::constant(-0.16667803F));
  p = V::fma(p, x, V::constant(0.20000716F));
  p = V::fma(p, x, V::constant(-0.24999997F));
  p = V::fma(p, x, V::constant(0.3333333F));
  const F x2 = V::mul(x, x);
  const F tail = V::fma(V::mul(x2, x), p, V::mul(x2, V::constant(-0.5F)));
  return V::fma(V::to_float_signed(exponent), V::constant(0.6931472F), V::add(x, tail));
}

// Two normals of two words: radius from the upper 31 bits of the first, angle (all 32 bits, in turns) from the second.
template <class V>
inline __attribute__((always_inline)) void box_muller(typename V::I radius_word, typename V::I angle_word,
                                                      typename V::F& first, typename V::F& second) {
  using F = typename V::F;
  const F u =
      V::fma(V::to_float_signed(V::template shift_right<1>(radius_word)), V::constant(0x1p-31F), V::constant(0x1p-32F));
  const F radius = V::sqrt(V::mul(log_unit<V>(u), V::constant(-2.0F)));

  // angle = quadrant / 4 + rest, |rest| <= 1/8 of a turn
  const auto quadrant = V::template shift_right<30>(V::add_i(angle_word, V::integer(1U << 29)));
  const auto rest = V::sub_i(angle_word, V::template shift_left<30>(quadrant));
  const F a = V::mul(V::to_float_signed(rest), V::constant(0x1.921fb6p-30F));  // 2 pi / 2^32
  const F y = V::mul(a, a);
  F s = V::fma(V::constant(-0.0001958789F), y, V::constant(0.008332748F));
  s = V::fma(s, y, V::constant(-0.16666664F));
  const F sine = V::fma(V::mul(a, y), s, a);
  F c = V::fma(V::constant(2.45479e-05F), y, V::constant(-0.0013888302F));
  c = V::fma(c, y, V::constant(0.041666664F));
  const F cosine = V::fma(V::mul(y, y), c, V::fma(y, V::constant(-0.5F), V::constant(1.0F)));

  const auto odd = V::template shift_left<31>(quadrant);
  const auto cos_sign = V::template shift_left<30>(V::and_i(V::add_i(quadrant, V::integer(1)), V::integer(2)));
  const auto sin_sign = V::template shift_left<30>(V::and_i(quadrant, V::integer(2)));
  const F x_part = V::as_float(V::xor_i(V::as_integer(V::select(odd, cosine, sine)), cos_sign));
  const F y_part = V::as_float(V::xor_i(V::as_integer(V::select(odd, sine, cosine)), sin_sign));
  first = V::mul(radius, x_part);
  second = V::mul(radius, y_part);
}

template <class V>
inline __attribute__((always_inline)) void four_normals(std::uint32_t group, std::uint64_t row, std::uint64_t key,
                                                        typename V::F (&z)[4]) {
  const auto words = philox<V>(V::iota(group), V::integer(static_cast<std::uint32_t>(row)),
                               V::integer(static_cast<std::uint32_t>(row >> 32)), key);
  box_muller<V>(words.w[0], words.w[1], z[0], z[1]);
  box_muller<V>(words.w[2], words.w[3], z[2], z[3]);
}

template <class V>
void fill_normals(const NormalsFill& fill) {
  const std::int64_t row_stride = fill.padded_columns * V::row_block;
  for (std::int64_t r = 0; r < fill.rows; ++r) {
    float* row = fill.output + r / V::row_block * row_stride + r % V::row_block * V::lanes;
    for (std::int64_t base = 0; base < fill.padded_columns; base += 64) {
      for (int lane = 0; lane < 16; lane += V::lanes) {
        typename V::F z[4];
        four_normals<V>(static_cast<std::uint32_t>(base / 4 + lane), fill.first_row + static_cast<std::uint64_t>(r),
                        fill.key, z);
        for (int j = 0; j < 4; ++j) {
          const std::int64_t column = base + 16 * j + lane;
          if (column < fill.padded_columns) V::store(row + column * V::row_block, z[j]);
        }
      }
    }
  }
}

template <class V>
void normals(float* out, std::int64_t n, std::uint64_t key) {
  for (std::int64_t base = 0; base < n; base += 64) {
    for (int lane = 0; lane < 16; lane += V::lanes) {
      typename V::F z[4];
      four_normals<V>(static_cast<std::uint32_t>(base / 4 + lane), 0, key, z);
      for (int j = 0; j < 4; ++j) V::store(out + base + 16 * j + lane, z[j]);
    }
  }
}
