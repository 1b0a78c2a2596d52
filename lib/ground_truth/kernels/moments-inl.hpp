// SPDX-License-Identifier: MIT
// Column sums of finished activations, for kernels that do not add them up on the way (see layer-inl.hpp for the rule
// of inclusion). The same operations in the same order as there.

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
