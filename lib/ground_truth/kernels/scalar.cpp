// SPDX-License-Identifier: MIT
// The scalar kernels: one lane, std::fma; the reference that every machine can run.
#include <bit>
#include <cmath>
#include <whest/ground_truth/kernels/table.hpp>
#include <whest/ground_truth/kernels/tables.hpp>

namespace whest::ground_truth {
namespace {

struct Scalar {
  static constexpr int lanes = 1;
  static constexpr int row_block = 4;
  static constexpr int panel_vectors = 2;
  using F = float;
  using I = std::uint32_t;
  using D = double;
  static F load(const float* p) { return *p; }
  static void store(float* p, F x) { *p = x; }
  static F broadcast(const float* p) { return *p; }
  static F constant(float x) { return x; }
  static F zero() { return 0.0F; }
  static F fma(F a, F b, F c) { return std::fma(a, b, c); }
  static F mul_add(F a, F b, F c) { return a * b + c; }
  static F mul(F a, F b) { return a * b; }
  static F add(F a, F b) { return a + b; }
  static F sub(F a, F b) { return a - b; }
  static F sqrt(F a) { return std::sqrt(a); }
  static F relu(F x) { return x < 0.0F ? 0.0F : x; }  // NaN stays
  static unsigned nonzero(F x) { return x == 0.0F ? 0U : 1U; }
  static D widen(F x) { return static_cast<double>(x); }
  static D load_d(const double* p) { return *p; }
  static void store_d(double* p, D x) { *p = x; }
  static D add_d(D a, D b) { return a + b; }
  static D fma_d(D a, D b, D c) { return std::fma(a, b, c); }

  static I integer(std::uint32_t x) { return x; }
  static I iota(std::uint32_t first) { return first; }
  static I add_i(I a, I b) { return a + b; }
  static I sub_i(I a, I b) { return a - b; }
  static I xor_i(I a, I b) { return a ^ b; }
  static I and_i(I a, I b) { return a & b; }
  template <int n>
  static I shift_left(I a) {
    return a << n;
  }
  template <int n>
  static I shift_right(I a) {
    return a >> n;
  }
  template <int n>
  static I shift_right_signed(I a) {
    return static_cast<I>(static_cast<std::int32_t>(a) >> n);
  }
  static void multiply(I a, std::uint32_t m, I& high, I& low) {
    const std::uint64_t product = static_cast<std::uint64_t>(a) * m;
    high = static_cast<I>(product >> 32);
    low = static_cast<I>(product);
  }
  static F to_float_signed(I a) { return static_cast<float>(static_cast<std::int32_t>(a)); }
  static F as_float(I a) { return std::bit_cast<float>(a); }
  static I as_integer(F a) { return std::bit_cast<I>(a); }
  static F select(I mask, F a, F b) { return (mask >> 31) != 0 ? b : a; }
};

#include <whest/ground_truth/kernels/bf16-inl.hpp>
#include <whest/ground_truth/kernels/layer-inl.hpp>
#include <whest/ground_truth/kernels/moments-inl.hpp>
#include <whest/ground_truth/kernels/normals-inl.hpp>
#include <whest/ground_truth/kernels/orthogonal-inl.hpp>
#include <whest/ground_truth/kernels/sparse-inl.hpp>

}  // namespace

const KernelTable k_scalar_table{.isa = Isa::scalar,
                                 .lanes = Scalar::lanes,
                                 .row_block = Scalar::row_block,
                                 .panel_columns = Scalar::lanes * Scalar::panel_vectors,
                                 .first_fused = first_layer<Scalar, true>,
                                 .first_separate = first_layer<Scalar, false>,
                                 .next_fused = SparseKernel<Scalar, true>::run,
                                 .next_separate = SparseKernel<Scalar, false>::run,
                                 .fill_normals = fill_normals<Scalar>,
                                 .normals = normals<Scalar>,
                                 .apply_reflectors = apply_reflectors<Scalar>,
                                 .fma_burst = burst<Scalar>};

const KernelTable k_scalar_bf16_table{.isa = Isa::scalar,
                                      .lanes = Scalar::lanes,
                                      .row_block = Scalar::row_block,
                                      .panel_columns = Scalar::lanes * Scalar::panel_vectors,
                                      .weights = WeightLayout::split_panels,
                                      .layer_bf16x3 = Bf16Kernel<Scalar>::run,
                                      .fill_normals = fill_normals<Scalar>,
                                      .normals = normals<Scalar>,
                                      .apply_reflectors = apply_reflectors<Scalar>,
                                      .fma_burst = burst<Scalar>};

}  // namespace whest::ground_truth
