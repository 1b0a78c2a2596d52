// SPDX-License-Identifier: MIT
// AVX2 and FMA kernels: tiles of 6 x 16 outputs (12 accumulators, two columns of weights, one broadcast: 15 of 16
// registers).
#include <immintrin.h>

#include <whest/ground_truth/kernels/table.hpp>
#include <whest/ground_truth/kernels/tables.hpp>

namespace whest::ground_truth {
namespace {

struct Avx2 {
  static constexpr int lanes = 8;
  static constexpr int row_block = 6;
  static constexpr int panel_vectors = 2;
  using F = __m256;
  using I = __m256i;
  struct D {
    __m256d low;
    __m256d high;
  };
  static F load(const float* p) { return _mm256_load_ps(p); }
  static void store(float* p, F x) { _mm256_store_ps(p, x); }
  static F broadcast(const float* p) { return _mm256_broadcast_ss(p); }
  static F constant(float x) { return _mm256_set1_ps(x); }
  static F zero() { return _mm256_setzero_ps(); }
  static F fma(F a, F b, F c) { return _mm256_fmadd_ps(a, b, c); }
  static F mul_add(F a, F b, F c) { return _mm256_add_ps(_mm256_mul_ps(a, b), c); }
  static F mul(F a, F b) { return _mm256_mul_ps(a, b); }
  static F add(F a, F b) { return _mm256_add_ps(a, b); }
  static F sub(F a, F b) { return _mm256_sub_ps(a, b); }
  static F sqrt(F a) { return _mm256_sqrt_ps(a); }
  static F relu(F x) { return _mm256_max_ps(zero(), x); }  // the second operand wins on NaN: NaN stays
  static unsigned nonzero(F x) {
    return static_cast<unsigned>(_mm256_movemask_ps(_mm256_cmp_ps(x, zero(), _CMP_NEQ_UQ)));
  }
  static D widen(F x) {
    return {_mm256_cvtps_pd(_mm256_castps256_ps128(x)), _mm256_cvtps_pd(_mm256_extractf128_ps(x, 1))};
  }
  static D load_d(const double* p) { return {_mm256_load_pd(p), _mm256_load_pd(p + 4)}; }
  static void store_d(double* p, D x) {
    _mm256_store_pd(p, x.low);
    _mm256_store_pd(p + 4, x.high);
  }
  static D add_d(D a, D b) { return {_mm256_add_pd(a.low, b.low), _mm256_add_pd(a.high, b.high)}; }
  static D fma_d(D a, D b, D c) {
    return {_mm256_fmadd_pd(a.low, b.low, c.low), _mm256_fmadd_pd(a.high, b.high, c.high)};
  }

  static I integer(std::uint32_t x) { return _mm256_set1_epi32(static_cast<int>(x)); }
  static I iota(std::uint32_t first) {
    return _mm256_add_epi32(integer(first), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
  }
  static I add_i(I a, I b) { return _mm256_add_epi32(a, b); }
  static I sub_i(I a, I b) { return _mm256_sub_epi32(a, b); }
  static I xor_i(I a, I b) { return _mm256_xor_si256(a, b); }
  static I and_i(I a, I b) { return _mm256_and_si256(a, b); }
  template <int n>
  static I shift_left(I a) {
    return _mm256_slli_epi32(a, n);
  }
  template <int n>
  static I shift_right(I a) {
    return _mm256_srli_epi32(a, n);
  }
  template <int n>
  static I shift_right_signed(I a) {
    return _mm256_srai_epi32(a, n);
  }
  static void multiply(I a, std::uint32_t m, I& high, I& low) {
    const I factor = integer(m);
    const I even = _mm256_mul_epu32(a, factor);
    const I odd = _mm256_mul_epu32(_mm256_srli_epi64(a, 32), factor);
    high = _mm256_blend_epi32(_mm256_srli_epi64(even, 32), odd, 0xAA);
    low = _mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32), 0xAA);
  }
  static F to_float_signed(I a) { return _mm256_cvtepi32_ps(a); }
  static F as_float(I a) { return _mm256_castsi256_ps(a); }
  static I as_integer(F a) { return _mm256_castps_si256(a); }
  static F select(I mask, F a, F b) { return _mm256_blendv_ps(a, b, as_float(mask)); }
};

#include <whest/ground_truth/kernels/bf16-inl.hpp>
#include <whest/ground_truth/kernels/layer-inl.hpp>
#include <whest/ground_truth/kernels/moments-inl.hpp>
#include <whest/ground_truth/kernels/normals-inl.hpp>
#include <whest/ground_truth/kernels/orthogonal-inl.hpp>
#include <whest/ground_truth/kernels/sparse-inl.hpp>

}  // namespace

const KernelTable k_avx2_table{.isa = Isa::avx2,
                               .lanes = Avx2::lanes,
                               .row_block = Avx2::row_block,
                               .panel_columns = Avx2::lanes * Avx2::panel_vectors,
                               .first_fused = first_layer<Avx2, true>,
                               .first_separate = first_layer<Avx2, false>,
                               .next_fused = SparseKernel<Avx2, true>::run,
                               .next_separate = SparseKernel<Avx2, false>::run,
                               .fill_normals = fill_normals<Avx2>,
                               .normals = normals<Avx2>,
                               .apply_reflectors = apply_reflectors<Avx2>,
                               .fma_burst = burst<Avx2>};

const KernelTable k_avx2_bf16_table{.isa = Isa::avx2,
                                    .lanes = Avx2::lanes,
                                    .row_block = Avx2::row_block,
                                    .panel_columns = Avx2::lanes * Avx2::panel_vectors,
                                    .weights = WeightLayout::split_panels,
                                    .layer_bf16x3 = Bf16Kernel<Avx2>::run,
                                    .fill_normals = fill_normals<Avx2>,
                                    .normals = normals<Avx2>,
                                    .apply_reflectors = apply_reflectors<Avx2>,
                                    .fma_burst = burst<Avx2>};

}  // namespace whest::ground_truth
