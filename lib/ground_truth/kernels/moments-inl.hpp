// SPDX-License-Identifier: MIT
// Column sums of finished activations, for kernels that do not add them up on the way (see layer-inl.hpp for the rule
// of inclusion). The same operations in the same order as there.

// Of row-major activations.
template <class V, bool k_squares, bool k_pairs>
void add_row_moments(const LayerPass& pass) {
  using D = typename V::D;
  constexpr int k_vectors = 2;
  for (std::int64_t column = 0; column < pass.padded_columns; column += std::int64_t{k_vectors} * V::lanes) {
    D sum[k_vectors];
    D square[k_vectors] = {};
    D pair[k_vectors] = {};
    D previous[k_vectors] = {};
#pragma GCC unroll 2
    for (int v = 0; v < k_vectors; ++v) {
      sum[v] = V::load_d(pass.sums + column + v * V::lanes);
      if constexpr (k_squares) square[v] = V::load_d(pass.squares + column + v * V::lanes);
      if constexpr (k_pairs) pair[v] = V::load_d(pass.pair_squares + column + v * V::lanes);
    }
    for (std::int64_t row = 0; row < pass.rows; ++row) {
#pragma GCC unroll 2
      for (int v = 0; v < k_vectors; ++v) {
        const D x = V::widen(V::load(pass.output + row * pass.row_stride + column + v * V::lanes));
        sum[v] = V::add_d(sum[v], x);
        if constexpr (k_squares) square[v] = V::fma_d(x, x, square[v]);
        if constexpr (k_pairs) {
          if (row % 2 == 0) {
            previous[v] = x;
          } else {
            const D both = V::add_d(previous[v], x);
            pair[v] = V::fma_d(both, both, pair[v]);
          }
        }
      }
    }
#pragma GCC unroll 2
    for (int v = 0; v < k_vectors; ++v) {
      V::store_d(pass.sums + column + v * V::lanes, sum[v]);
      if constexpr (k_squares) V::store_d(pass.squares + column + v * V::lanes, square[v]);
      if constexpr (k_pairs) V::store_d(pass.pair_squares + column + v * V::lanes, pair[v]);
    }
  }
}

template <class V>
void add_row_moments(const LayerPass& pass) {
  if (pass.squares != nullptr && pass.pair_squares != nullptr) return add_row_moments<V, true, true>(pass);
  if (pass.squares != nullptr) return add_row_moments<V, true, false>(pass);
  if (pass.pair_squares != nullptr) return add_row_moments<V, false, true>(pass);
  add_row_moments<V, false, false>(pass);
}

// Of blocked ones.

template <class V>
void add_moments(const LayerPass& pass) {
  using D = typename V::D;
  const std::int64_t row_stride = pass.padded_columns * V::row_block;
  for (std::int64_t column = 0; column < pass.padded_columns; column += V::lanes) {
    D sum = V::load_d(pass.sums + column);
    D square{};
    D pair{};
    D previous{};
    if (pass.squares != nullptr) square = V::load_d(pass.squares + column);
    if (pass.pair_squares != nullptr) pair = V::load_d(pass.pair_squares + column);
    for (std::int64_t row = 0; row < pass.rows; ++row) {
      const D x = V::widen(V::load(pass.output + row / V::row_block * row_stride + column * V::row_block +
                                   row % V::row_block * V::lanes));
      sum = V::add_d(sum, x);
      if (pass.squares != nullptr) square = V::fma_d(x, x, square);
      if (row % 2 == 0) {
        previous = x;
      } else if (pass.pair_squares != nullptr) {
        const D both = V::add_d(previous, x);
        pair = V::fma_d(both, both, pair);
      }
    }
    V::store_d(pass.sums + column, sum);
    if (pass.squares != nullptr) V::store_d(pass.squares + column, square);
    if (pass.pair_squares != nullptr) V::store_d(pass.pair_squares + column, pair);
  }
}
