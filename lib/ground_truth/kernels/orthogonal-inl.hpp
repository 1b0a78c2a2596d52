// SPDX-License-Identifier: MIT
// Products of Householder reflections, written once over a vector type `V` (see layer-inl.hpp for the rule of
// inclusion). Every element takes the same fused multiply-adds in the same order whatever the vector length.

// See KernelTable::apply_reflectors.
template <class V>
void apply_reflectors(float* q, std::int64_t n, std::int64_t stride, const float* reflectors, float* work) {
  using F = typename V::F;
  constexpr int k_vectors = 4;
  constexpr std::int64_t k_block = static_cast<std::int64_t>(k_vectors) * V::lanes;
  float* w = work;                // u_j^T Q
  float* next_w = work + stride;  // u_{j-1}^T Q, made while Q takes reflection j
  for (std::int64_t k = 0; k < 2 * stride; ++k) work[k] = 0.0F;
  if (n > 0) w[n - 1] = reflectors[(n - 1) * stride + n - 1];
  for (std::int64_t j = n - 1; j >= 0; --j) {
    const float* u = reflectors + j * stride;
    const float* next_u = j > 0 ? u - stride : u;
    // Left of column j the rows from j on are still zero: starting at a whole block does no harm.
    for (std::int64_t first = j / k_block * k_block; first < n; first += k_block) {
      F scaled[k_vectors];
      F sum[k_vectors];
#pragma GCC unroll 4
      for (int v = 0; v < k_vectors; ++v) {
        scaled[v] = V::load(w + first + v * V::lanes);
        sum[v] = V::zero();
      }
      for (std::int64_t i = j; i < n; ++i) {
        float* row = q + i * stride + first;
        const F minus_u = V::sub(V::zero(), V::broadcast(u + i));
        const F next = V::broadcast(next_u + i);
#pragma GCC unroll 4
        for (int v = 0; v < k_vectors; ++v) {
          const F x = V::fma(minus_u, scaled[v], V::load(row + v * V::lanes));
          V::store(row + v * V::lanes, x);
          sum[v] = V::fma(next, x, sum[v]);
        }
      }
#pragma GCC unroll 4
      for (int v = 0; v < k_vectors; ++v) V::store(next_w + first + v * V::lanes, sum[v]);
    }
    if (j > 0) next_w[j - 1] = next_u[j - 1];  // row j - 1 of Q is still the identity's
    float* const swap = w;
    w = next_w;
    next_w = swap;
  }
}
