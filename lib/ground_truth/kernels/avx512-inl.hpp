// SPDX-License-Identifier: MIT
// The AVX-512 vector type of the kernels (see layer-inl.hpp for the rule of inclusion).

struct Avx512 {
  static constexpr int lanes = 16;
  static constexpr int row_block = 6;
  static constexpr int panel_vectors = 4;
  using F = __m512;
  using I = __m512i;
  struct D {
    __m512d low;
    __m512d high;
  };
  static F load(const float* p) { return _mm512_load_ps(p); }
  static void store(float* p, F x) { _mm512_store_ps(p, x); }
  static F broadcast(const float* p) { return _mm512_set1_ps(*p); }
  static F constant(float x) { return _mm512_set1_ps(x); }
  static F zero() { return _mm512_setzero_ps(); }
  static F fma(F a, F b, F c) { return _mm512_fmadd_ps(a, b, c); }
  static F mul_add(F a, F b, F c) { return _mm512_add_ps(_mm512_mul_ps(a, b), c); }
  static F mul(F a, F b) { return _mm512_mul_ps(a, b); }
  static F add(F a, F b) { return _mm512_add_ps(a, b); }
  static F sub(F a, F b) { return _mm512_sub_ps(a, b); }
  static F sqrt(F a) { return _mm512_sqrt_ps(a); }
  static F relu(F x) { return _mm512_max_ps(zero(), x); }  // the second operand wins on NaN: NaN stays
  static unsigned nonzero(F x) { return _mm512_cmp_ps_mask(x, zero(), _CMP_NEQ_UQ); }
  static D widen(F x) {
    return {_mm512_cvtps_pd(_mm512_castps512_ps256(x)), _mm512_cvtps_pd(_mm512_extractf32x8_ps(x, 1))};
  }
  static D load_d(const double* p) { return {_mm512_load_pd(p), _mm512_load_pd(p + 8)}; }
  static void store_d(double* p, D x) {
    _mm512_store_pd(p, x.low);
    _mm512_store_pd(p + 8, x.high);
  }
  static D add_d(D a, D b) { return {_mm512_add_pd(a.low, b.low), _mm512_add_pd(a.high, b.high)}; }
  static D fma_d(D a, D b, D c) {
    return {_mm512_fmadd_pd(a.low, b.low, c.low), _mm512_fmadd_pd(a.high, b.high, c.high)};
  }

  static I integer(std::uint32_t x) { return _mm512_set1_epi32(static_cast<int>(x)); }
  static I iota(std::uint32_t first) {
    return _mm512_add_epi32(integer(first), _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
  }
  static I add_i(I a, I b) { return _mm512_add_epi32(a, b); }
  static I sub_i(I a, I b) { return _mm512_sub_epi32(a, b); }
  static I xor_i(I a, I b) { return _mm512_xor_si512(a, b); }
  static I and_i(I a, I b) { return _mm512_and_si512(a, b); }
  template <int n>
  static I shift_left(I a) {
    return _mm512_slli_epi32(a, n);
  }
  template <int n>
  static I shift_right(I a) {
    return _mm512_srli_epi32(a, n);
  }
  template <int n>
  static I shift_right_signed(I a) {
    return _mm512_srai_epi32(a, n);
  }
  static void multiply(I a, std::uint32_t m, I& high, I& low) {
    const I factor = integer(m);
    const I even = _mm512_mul_epu32(a, factor);
    const I odd = _mm512_mul_epu32(_mm512_srli_epi64(a, 32), factor);
    high = _mm512_mask_blend_epi32(0xAAAA, _mm512_srli_epi64(even, 32), odd);
    low = _mm512_mask_blend_epi32(0xAAAA, even, _mm512_slli_epi64(odd, 32));
  }
  static F to_float_signed(I a) { return _mm512_cvtepi32_ps(a); }
  static F as_float(I a) { return _mm512_castsi512_ps(a); }
  static I as_integer(F a) { return _mm512_castps_si512(a); }
  static F select(I mask, F a, F b) { return _mm512_mask_blend_ps(_mm512_movepi32_mask(mask), a, b); }
};
