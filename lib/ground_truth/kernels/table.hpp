// SPDX-License-Identifier: MIT
// The kernels of one instruction set, behind one table. Every table computes the same bits: each output has one float32
// accumulator that starts at +0 and takes its products with k ascending; column sums are double, rows ascending.
//
// Layout of activations ("blocked"): rows in blocks of `row_block`, columns in blocks of `lanes`; element (r, c) lies
// at
//   ((r / row_block * column_blocks + c / lanes) * row_block + r % row_block) * lanes + c % lanes,
// column_blocks = padded_columns / lanes. A register tile then reads and writes contiguous memory whatever the width.
// Layout of weights ("panels"): columns in panels of `panel_columns`, each panel k-major: (k, c) of panel p at
//   (p * inner + k) * panel_columns + c % panel_columns; columns past the width are zero.
#pragma once

#include <cstddef>
#include <cstdint>
#include <whest/ground_truth/isa.hpp>
#include <whest/ground_truth/precision.hpp>

namespace whest::ground_truth {

// One float32 product and one float32 sum rounded each (`separate`, what the peers' reference BLAS kernel does), or one
// fused multiply-add.
enum class Arithmetic { fused, separate };

enum class WeightLayout {
  panels,        // float32 panels, see above; inner = the width
  split_panels,  // the panels of the high bfloat16 parts (as float32), then those of the low parts; inner a multiple of
                 // 32
  split_tiles,   // bfloat16 in AMX order: tiles of 16 pairs of k by 16 columns, a panel's k's first, high and low in
                 // turn
};

// One layer over a slab of rows. Buffers are 64-byte aligned; `rows_allocated` is a multiple of row_block, rows past
// `rows` are computed (they must hold finite numbers) and left out of the sums.
struct LayerPass {
  const float* input = nullptr;   // blocked, rows_allocated x inner
  const float* panels = nullptr;  // packed weights, inner x padded_columns
  float* output = nullptr;        // blocked, rows_allocated x padded_columns
  std::int64_t rows = 0;
  std::int64_t inner = 0;           // k: the true width of the input
  std::int64_t padded_columns = 0;  // multiple of panel_columns; also of the input
  double* sums = nullptr;           // += over rows, padded_columns long
  double* squares = nullptr;        // += x^2 over rows, or null
  float* scratch = nullptr;         // bf16x3 only: scratch_floats()
  double* pair_squares = nullptr;   // += (x_2i + x_2i+1)^2 over pairs of rows, or null; `rows` is even then

  // About half of all activations are zero, and in deep layers the same neurons for most rows: terms that are zero for
  // a whole block of rows are left out. That changes no bit, as x + 0 w = x for every finite w (a result may be -0
  // instead of +0, which no sum shows); the caller gives no lists when a weight is not finite. One mask per block of
  // rows and `lanes` columns, bit = column, set where some row of the block is not zero.
  const std::uint16_t* input_active = nullptr;  // of the input, or null: every term is taken
  std::uint16_t* output_active = nullptr;       // of the output, or null: not wanted
  std::uint16_t* lists = nullptr;               // with input_active: room for (inner + 1) numbers per block of rows
};

// Rows first_row .. first_row + rows of the stream of `key`: element (row, c) is a function of key, row and c only.
struct NormalsFill {
  float* output =
      nullptr;  // blocked, columns padded to padded_columns; what lies past `columns` is left as it is or filled
  std::uint64_t key = 0;
  std::uint64_t first_row = 0;
  std::int64_t rows = 0;
  std::int64_t padded_columns = 0;
};

struct KernelTable {
  Isa isa = Isa::scalar;
  int lanes = 1;
  int row_block = 1;
  int panel_columns = 1;
  WeightLayout weights = WeightLayout::panels;
  // x = max(x W, 0) in the table's precision, float32 with fused multiply-add or bf16x3 ...
  void (*layer_fused)(const LayerPass&) = nullptr;
  // ... and in float32 with a rounded product; null in a bf16x3 table.
  void (*layer_separate)(const LayerPass&) = nullptr;
  void (*fill_normals)(const NormalsFill&) = nullptr;
  // n independent normals of counters 0.. of `key`, as a plain array (tests, benchmarks); n a multiple of 64.
  void (*normals)(float* out, std::int64_t n, std::uint64_t key) = nullptr;
  // q, the identity at first, becomes H_0 H_1 ... H_n-1, H_j = I - u_j u_j^T; u_j is row j of `reflectors`, zero left
  // of its element j. Both are row-major with rows `stride` apart, a multiple of 64; work has 2 stride floats; all
  // aligned.
  void (*apply_reflectors)(float* q, std::int64_t n, std::int64_t stride, const float* reflectors,
                           float* work) = nullptr;
  // Runs `rounds` rounds of register-only fused multiply-adds; returns the floating-point operations done.
  double (*fma_burst)(std::int64_t rounds) = nullptr;
};

// The table of a set that isa_available() says is here. In float32, amx has the kernels of avx512; bf16x3 is AMX's own
// arithmetic, which the other sets emulate to the bit.
const KernelTable& kernel_table(Isa isa, Precision precision = Precision::float32);

}  // namespace whest::ground_truth
