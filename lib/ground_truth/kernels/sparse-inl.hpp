// SPDX-License-Identifier: MIT
// The kernel of every layer but the first, written once over a vector type `V` (see layer-inl.hpp for the rule of
// inclusion). About half of its input is zero (it went through a ReLU), others for every row: terms that are zero are
// left out, row by row. That changes no bit, as x + 0 w = x for every finite w. A row takes one load of weights per
// multiply-add, as many as the load units give: weights are visited in blocks that stay in the first cache while all
// rows pass, and the sums of a row wait in the output between two blocks.

template <class V, bool k_fused>
struct SparseKernel {
  using F = typename V::F;
  static constexpr int k_lanes = V::lanes;

  // Words of 32 k's in a block of 32 KiB of weights.
  template <int k_vectors>
  static constexpr std::int64_t k_block_words = 8192 / (32 * k_lanes * k_vectors);

  // One row through words begin .. end of its masks, one panel of columns.
  template <int k_vectors, bool k_first, bool k_last>
  static inline __attribute__((always_inline)) void block(const LayerPass& pass, const float* weights, std::int64_t row,
                                                          std::int64_t column, std::int64_t begin, std::int64_t end) {
    constexpr std::int64_t k_panel = static_cast<std::int64_t>(k_lanes) * k_vectors;
    const float* input = pass.input + row * pass.row_stride;
    const std::uint32_t* active = pass.input_active + row * pass.mask_words;
    float* out = pass.output + row * pass.row_stride + column;
    F acc[k_vectors];
#pragma GCC unroll 8
    for (int v = 0; v < k_vectors; ++v) acc[v] = k_first ? V::zero() : V::load(out + v * k_lanes);
    for (std::int64_t word = begin; word < end; ++word) {
      const float* x = input + 32 * word;
      const float* w = weights + 32 * word * k_panel;
      for (std::uint32_t mask = active[word]; mask != 0; mask &= mask - 1) {
        const int k = __builtin_ctz(mask);
        const F factor = V::broadcast(x + k);
        const float* column_weights = w + k * k_panel;
#pragma GCC unroll 8
        for (int v = 0; v < k_vectors; ++v) {
          const F weight = V::load(column_weights + v * k_lanes);
          acc[v] = k_fused ? V::fma(factor, weight, acc[v]) : V::mul_add(factor, weight, acc[v]);
        }
      }
    }
#pragma GCC unroll 8
    for (int v = 0; v < k_vectors; ++v) {
      if constexpr (k_last) {
        acc[v] = V::relu(acc[v]);
        const std::int64_t at = column + v * k_lanes;
        pass.output_active[row * pass.mask_words + at / 32] |= V::nonzero(acc[v]) << (at % 32);
      }
      V::store(out + v * k_lanes, acc[v]);
    }
  }

  template <int k_vectors, bool k_first, bool k_last>
  static void rows(const LayerPass& pass, const float* weights, std::int64_t column, std::int64_t begin,
                   std::int64_t end) {
    // The block that comes next, a few lines for every row, from the last cache to the second.
    constexpr std::int64_t k_line = 16;
    const float* next = weights + 32 * end * (static_cast<std::int64_t>(k_lanes) * k_vectors);
    const std::int64_t lines = (32 * (end - begin) * k_lanes * k_vectors / k_line + pass.rows - 1) / pass.rows;
    for (std::int64_t row = 0; row < pass.rows; ++row) {
      for (std::int64_t i = 0; i < lines; ++i, next += k_line) __builtin_prefetch(next, 0, 2);
      block<k_vectors, k_first, k_last>(pass, weights, row, column, begin, end);
    }
  }

  template <int k_vectors>
  static void panel(const LayerPass& pass, std::int64_t column) {
    const float* weights = pass.panels + column * pass.inner;
    constexpr std::int64_t k_words = k_block_words<k_vectors>;
    const std::int64_t words = (pass.inner + 31) / 32;
    if (words <= k_words) return rows<k_vectors, true, true>(pass, weights, column, 0, words);
    rows<k_vectors, true, false>(pass, weights, column, 0, k_words);
    std::int64_t begin = k_words;
    for (; begin + k_words < words; begin += k_words) {
      rows<k_vectors, false, false>(pass, weights, column, begin, begin + k_words);
    }
    rows<k_vectors, false, true>(pass, weights, column, begin, words);
  }

  static void run(const LayerPass& pass) {
    if (pass.rows == 0) return;
    constexpr std::int64_t k_wide = std::int64_t{2} * k_lanes * V::panel_vectors;
    const std::int64_t words = pass.rows * pass.mask_words;
    for (std::int64_t i = 0; i < words; ++i) pass.output_active[i] = 0;
    std::int64_t column = 0;
    for (; column + k_wide <= pass.padded_columns; column += k_wide) panel<2 * V::panel_vectors>(pass, column);
    if (column < pass.padded_columns) panel<V::panel_vectors>(pass, column);
    add_row_moments<V>(pass);
  }
};
