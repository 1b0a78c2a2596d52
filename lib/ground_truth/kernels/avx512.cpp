// SPDX-License-Identifier: MIT
// AVX-512 kernels: tiles of 6 x 64 outputs (24 accumulators, four columns of weights, one broadcast: 29 of 32
// registers).
#include <immintrin.h>

#include <whest/ground_truth/kernels/table.hpp>
#include <whest/ground_truth/kernels/tables.hpp>

namespace whest::ground_truth {
namespace {

#include <whest/ground_truth/kernels/avx512-inl.hpp>
#include <whest/ground_truth/kernels/bf16-inl.hpp>
#include <whest/ground_truth/kernels/layer-inl.hpp>
#include <whest/ground_truth/kernels/moments-inl.hpp>
#include <whest/ground_truth/kernels/normals-inl.hpp>
#include <whest/ground_truth/kernels/orthogonal-inl.hpp>
#include <whest/ground_truth/kernels/sparse-inl.hpp>

}  // namespace

const KernelTable k_avx512_table{.isa = Isa::avx512,
                                 .lanes = Avx512::lanes,
                                 .row_block = Avx512::row_block,
                                 .panel_columns = Avx512::lanes * Avx512::panel_vectors,
                                 .first_fused = first_layer<Avx512, true>,
                                 .first_separate = first_layer<Avx512, false>,
                                 .next_fused = SparseKernel<Avx512, true>::run,
                                 .next_separate = SparseKernel<Avx512, false>::run,
                                 .fill_normals = fill_normals<Avx512>,
                                 .normals = normals<Avx512>,
                                 .apply_reflectors = apply_reflectors<Avx512>,
                                 .fma_burst = burst<Avx512>};

const KernelTable k_avx512_bf16_table{.isa = Isa::avx512,
                                      .lanes = Avx512::lanes,
                                      .row_block = Avx512::row_block,
                                      .panel_columns = Avx512::lanes * Avx512::panel_vectors,
                                      .weights = WeightLayout::split_panels,
                                      .layer_bf16x3 = Bf16Kernel<Avx512>::run,
                                      .fill_normals = fill_normals<Avx512>,
                                      .normals = normals<Avx512>,
                                      .apply_reflectors = apply_reflectors<Avx512>,
                                      .fma_burst = burst<Avx512>};

}  // namespace whest::ground_truth
