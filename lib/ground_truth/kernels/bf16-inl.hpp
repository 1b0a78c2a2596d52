// SPDX-License-Identifier: MIT
// bf16x3, the arithmetic of the AMX kernel on any machine, written once over a vector type `V` (see layer-inl.hpp for
// the rule of inclusion). x = hi + lo, both bfloat16; of the four products the small one is left out:
//   x w ~ hi hi' + hi lo' + lo hi'.
// Terms are taken as TDPBF16PS takes them (Intel's manual): for 32 k's, the even and the odd ones are summed apart by
// fused multiply-adds from zero, the two sums are added, and that is added to the output; first for hi hi', then for
// hi lo', then for lo hi', then the next 32. The instruction flushes denormals: here parts below 2^-126 are flushed
// when they are split off, sums that small are not met with numbers of a network's size.

template <class V>
void add_moments(const LayerPass& pass);  // moments-inl.hpp

// The nearest bfloat16 (ties to even), as a float32; denormal results become zero.
template <class V>
inline __attribute__((always_inline)) typename V::F round_bf16(typename V::F x) {
  const auto bits = V::as_integer(x);
  const auto odd = V::and_i(V::template shift_right<16>(bits), V::integer(1));
  const auto rounded = V::and_i(V::add_i(V::add_i(bits, V::integer(0x7FFFU)), odd), V::integer(0xFFFF0000U));
  const auto exponent = V::and_i(rounded, V::integer(0x7F800000U));
  return V::select(V::sub_i(exponent, V::integer(1)), V::as_float(rounded), V::zero());  // exponent 0 - 1: top bit set
}

template <class V>
struct Bf16Kernel {
  using F = typename V::F;
  using D = typename V::D;
  static constexpr int k_step = 32;      // k's that one tile instruction takes
  static constexpr int k_tile_rows = 2;  // rows at a time; divides every row_block
  static constexpr int k_vectors = V::panel_vectors;
  static constexpr std::int64_t k_panel = static_cast<std::int64_t>(V::lanes) * k_vectors;

  // One block of rows, split: hi at [row][k], lo behind all of hi; k up to `padded_inner`, zero past the width.
  static void split_rows(const float* input, std::int64_t inner, std::int64_t padded_inner, float* hi) {
    float* lo = hi + V::row_block * padded_inner;
    for (std::int64_t k = 0; k < padded_inner; k += V::lanes) {
      for (int r = 0; r < V::row_block; ++r) {
        const std::int64_t to = r * padded_inner + k;
        for (int lane = 0; lane < V::lanes; ++lane) {
          hi[to + lane] = k + lane < inner ? input[(k / V::lanes * V::row_block + r) * V::lanes + lane] : 0.0F;
        }
        const F x = V::load(hi + to);
        const F high = round_bf16<V>(x);
        V::store(hi + to, high);
        V::store(lo + to, round_bf16<V>(V::sub(x, high)));
      }
    }
  }

  // acc += (even sum + odd sum) of k_step products.
  static inline __attribute__((always_inline)) void product(F (&acc)[k_tile_rows][k_vectors], const float* a,
                                                            std::int64_t a_stride, const float* b, std::int64_t count) {
    F even[k_tile_rows][k_vectors];
    F odd[k_tile_rows][k_vectors];
#pragma GCC unroll 2
    for (int r = 0; r < k_tile_rows; ++r) {
#pragma GCC unroll 2
      for (int v = 0; v < k_vectors; ++v) even[r][v] = odd[r][v] = V::zero();
    }
    for (std::int64_t k = 0; k < count; k += 2) {
#pragma GCC unroll 2
      for (int v = 0; v < k_vectors; ++v) {
        const F first = V::load(b + k * k_panel + v * V::lanes);
        const F second = V::load(b + (k + 1) * k_panel + v * V::lanes);
#pragma GCC unroll 2
        for (int r = 0; r < k_tile_rows; ++r) {
          even[r][v] = V::fma(V::broadcast(a + r * a_stride + k), first, even[r][v]);
          odd[r][v] = V::fma(V::broadcast(a + r * a_stride + k + 1), second, odd[r][v]);
        }
      }
    }
#pragma GCC unroll 2
    for (int r = 0; r < k_tile_rows; ++r) {
#pragma GCC unroll 2
      for (int v = 0; v < k_vectors; ++v) acc[r][v] = V::add(acc[r][v], V::add(even[r][v], odd[r][v]));
    }
  }

  static void tile(const float* hi, const float* lo, std::int64_t padded_inner, const float* weights_hi,
                   const float* weights_lo, float* out) {
    F acc[k_tile_rows][k_vectors];
#pragma GCC unroll 2
    for (int r = 0; r < k_tile_rows; ++r) {
#pragma GCC unroll 2
      for (int v = 0; v < k_vectors; ++v) acc[r][v] = V::zero();
    }
    for (std::int64_t k = 0; k < padded_inner; k += k_step) {
      product(acc, hi + k, padded_inner, weights_hi + k * k_panel, k_step);
      product(acc, hi + k, padded_inner, weights_lo + k * k_panel, k_step);
      product(acc, lo + k, padded_inner, weights_hi + k * k_panel, k_step);
    }
#pragma GCC unroll 2
    for (int r = 0; r < k_tile_rows; ++r) {
#pragma GCC unroll 2
      for (int v = 0; v < k_vectors; ++v) V::store(out + (v * V::row_block + r) * V::lanes, V::relu(acc[r][v]));
    }
  }

  static void run(const LayerPass& pass) {
    const std::int64_t padded_inner = (pass.inner + k_step - 1) / k_step * k_step;
    const std::int64_t row_stride = pass.padded_columns * V::row_block;
    const float* weights_lo = pass.panels + padded_inner * pass.padded_columns;
    for (std::int64_t row = 0; row < pass.rows; row += V::row_block) {
      const std::int64_t block = row / V::row_block * row_stride;
      split_rows(pass.input + block, pass.inner, padded_inner, pass.scratch);
      const float* hi = pass.scratch;
      const float* lo = hi + V::row_block * padded_inner;
      for (std::int64_t column = 0; column < pass.padded_columns; column += k_panel) {
        for (int r = 0; r < V::row_block; r += k_tile_rows) {
          tile(hi + r * padded_inner, lo + r * padded_inner, padded_inner, pass.panels + column * padded_inner,
               weights_lo + column * padded_inner, pass.output + block + column * V::row_block + r * V::lanes);
        }
      }
    }
    add_moments<V>(pass);
  }
};
