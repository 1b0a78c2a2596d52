// SPDX-License-Identifier: MIT
// The kernel of the first layer, which takes every term, written once over a vector type `V` of one instruction set and
// included by each of its sources inside an unnamed namespace: code compiled for one instruction set must never be
// merged with another's. V has: lanes, row_block, panel_vectors; F (float vector); load, store, broadcast, zero, fma,
// mul_add (two roundings), relu, nonzero; D (lanes doubles), widen, load_d, store_d, add_d, fma_d.

template <class V, bool k_fused, bool k_squares, bool k_pairs>
struct LayerKernel {
  using F = typename V::F;
  using D = typename V::D;
  static constexpr int k_lanes = V::lanes;
  static constexpr int k_rows = V::row_block;
  static constexpr int k_vectors = V::panel_vectors;
  static constexpr std::int64_t k_panel = static_cast<std::int64_t>(k_lanes) * k_vectors;

  // acc += a[:, k] * b[k, :] for one k.
  static inline __attribute__((always_inline)) void step(F (&acc)[k_rows][k_vectors], const float* a, const float* b) {
    F column[k_vectors];
#pragma GCC unroll 4
    for (int v = 0; v < k_vectors; ++v) column[v] = V::load(b + v * k_lanes);
#pragma GCC unroll 16
    for (int r = 0; r < k_rows; ++r) {
      const F x = V::broadcast(a + r * k_lanes);
#pragma GCC unroll 4
      for (int v = 0; v < k_vectors; ++v)
        acc[r][v] = k_fused ? V::fma(x, column[v], acc[r][v]) : V::mul_add(x, column[v], acc[r][v]);
    }
  }

  // Adds the finished tile to the column sums, one row after the other.
  static inline __attribute__((always_inline)) void accumulate(const F (&acc)[k_rows][k_vectors], int rows,
                                                               double* sums, double* squares, double* pairs) {
#pragma GCC unroll 4
    for (int v = 0; v < k_vectors; ++v) {
      D sum = V::load_d(sums + v * k_lanes);
      D square{};
      D pair{};
      if constexpr (k_squares) square = V::load_d(squares + v * k_lanes);
      if constexpr (k_pairs) pair = V::load_d(pairs + v * k_lanes);
      D previous{};
#pragma GCC unroll 16
      for (int r = 0; r < k_rows; ++r) {
        if (r < rows) {
          const D x = V::widen(acc[r][v]);
          sum = V::add_d(sum, x);
          if constexpr (k_squares) square = V::fma_d(x, x, square);
          if constexpr (k_pairs) {
            if (r % 2 == 0) {
              previous = x;
            } else {
              const D both = V::add_d(previous, x);
              pair = V::fma_d(both, both, pair);
            }
          }
        }
      }
      V::store_d(sums + v * k_lanes, sum);
      if constexpr (k_squares) V::store_d(squares + v * k_lanes, square);
      if constexpr (k_pairs) V::store_d(pairs + v * k_lanes, pair);
    }
  }

  static inline __attribute__((always_inline)) void multiply(F (&acc)[k_rows][k_vectors], const float* a,
                                                             const float* b, std::int64_t inner) {
    const std::int64_t whole = inner / k_lanes;
    for (std::int64_t block = 0; block < whole; ++block) {
      for (int k = 0; k < k_lanes; ++k, b += k_panel) step(acc, a + k, b);
      a += k_rows * k_lanes;
    }
    for (int k = 0; k < static_cast<int>(inner - whole * k_lanes); ++k, b += k_panel) step(acc, a + k, b);
  }

  // Masks are kept in words of 32 columns, whatever the lanes.
  static void mark(const LayerPass& pass, std::int64_t row, std::int64_t column, unsigned nonzero) {
    pass.output_active[row * pass.mask_words + column / 32] |= nonzero << (column % 32);
  }

  static inline __attribute__((always_inline)) void tile(const LayerPass& pass, std::int64_t block,
                                                         std::int64_t column) {
    F acc[k_rows][k_vectors];
#pragma GCC unroll 16
    for (int r = 0; r < k_rows; ++r) {
#pragma GCC unroll 4
      for (int v = 0; v < k_vectors; ++v) acc[r][v] = V::zero();
    }
    multiply(acc, pass.input + block * (pass.padded_columns * k_rows), pass.panels + column * pass.inner, pass.inner);
    const std::int64_t first_row = block * k_rows;
    const int rows = static_cast<int>(pass.rows - first_row < k_rows ? pass.rows - first_row : k_rows);
#pragma GCC unroll 16
    for (int r = 0; r < k_rows; ++r) {
      float* out = pass.output + (first_row + r) * pass.row_stride + column;
#pragma GCC unroll 4
      for (int v = 0; v < k_vectors; ++v) {
        acc[r][v] = V::relu(acc[r][v]);
        V::store(out + v * k_lanes, acc[r][v]);
        if (r < rows) mark(pass, first_row + r, column + v * k_lanes, V::nonzero(acc[r][v]));
      }
    }
    double* squares = k_squares ? pass.squares + column : nullptr;
    double* pairs = k_pairs ? pass.pair_squares + column : nullptr;
    accumulate(acc, rows, pass.sums + column, squares, pairs);
  }

  static void run(const LayerPass& pass) {
    const std::int64_t blocks = (pass.rows + k_rows - 1) / k_rows;
    const std::int64_t words = blocks * k_rows * pass.mask_words;
    for (std::int64_t i = 0; i < words; ++i) pass.output_active[i] = 0;
    for (std::int64_t column = 0; column < pass.padded_columns; column += k_panel) {
      for (std::int64_t block = 0; block < blocks; ++block) tile(pass, block, column);
    }
  }
};

template <class V, bool k_fused>
void first_layer(const LayerPass& pass) {
  if (pass.squares != nullptr && pass.pair_squares != nullptr) return LayerKernel<V, k_fused, true, true>::run(pass);
  if (pass.squares != nullptr) return LayerKernel<V, k_fused, true, false>::run(pass);
  if (pass.pair_squares != nullptr) return LayerKernel<V, k_fused, false, true>::run(pass);
  LayerKernel<V, k_fused, false, false>::run(pass);
}

// Independent chains of register-only multiply-adds: what the units can do at best.
template <class V>
double burst(std::int64_t rounds) {
  constexpr int k_chains = 12;
  typename V::F acc[k_chains];
  alignas(64) float start[V::lanes];
  for (int i = 0; i < V::lanes; ++i) start[i] = 0.5F;
#pragma GCC unroll 12
  for (int i = 0; i < k_chains; ++i) acc[i] = V::load(start);
  const typename V::F factor = V::load(start);
  for (std::int64_t round = 0; round < rounds; ++round) {
#pragma GCC unroll 12
    for (int i = 0; i < k_chains; ++i) {
      acc[i] = V::fma(acc[i], factor, factor);
      __asm__ volatile("" : "+x"(acc[i]));  // keeps the compiler from folding the chain
    }
  }
  float sink = 0.0F;
#pragma GCC unroll 12
  for (int i = 0; i < k_chains; ++i) {
    V::store(start, acc[i]);
    sink += start[0];
  }
  volatile float keep = sink;
  (void)keep;
  return 2.0 * V::lanes * k_chains * static_cast<double>(rounds);
}
