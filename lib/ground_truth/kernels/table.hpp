// SPDX-License-Identifier: MIT
// The kernels of one instruction set, behind one table. Every table computes the same bits: each output has one float32
// accumulator that starts at +0 and takes its products with k ascending; column sums are double, rows ascending.
//
// Layouts of activations. "Blocked": rows in blocks of `row_block`, columns in blocks of `lanes`; element (r, c) lies
// at
//   ((r / row_block * column_blocks + c / lanes) * row_block + r % row_block) * lanes + c % lanes,
// column_blocks = padded_columns / lanes. A register tile then reads contiguous memory whatever the width. "Rows": row
// after row, `row_stride` floats apart, with a mask for each: bit c % 32 of word c / 32 is set where c is not zero.
// Layout of weights ("panels"): columns in panels, each panel k-major: (k, c) of the panel that begins at column p is
// at
//   p * inner + k * columns of the panel + c - p; columns past the width are zero.
// A panel has panel_columns; in layers whose input is rows twice as many, but for the last one.
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

// One layer over a slab of rows. Buffers are 64-byte aligned. Blocked buffers have a multiple of row_block rows, those
// past `rows` are computed (they must hold finite numbers) and left out of the sums.
struct LayerPass {
  const float* input = nullptr;
  const float* panels = nullptr;  // packed weights, inner x padded_columns
  float* output = nullptr;
  std::int64_t rows = 0;
  std::int64_t inner = 0;           // k: the true width of the input
  std::int64_t padded_columns = 0;  // multiple of panel_columns; also of the input
  std::int64_t row_stride = 0;      // floats, multiple of 16, of buffers in rows
  std::int64_t mask_words = 0;      // words of a row's mask
  double* sums = nullptr;           // += over rows, padded_columns long
  double* squares = nullptr;        // += x^2 over rows, or null
  double* pair_squares = nullptr;   // += (x_2i + x_2i+1)^2 over pairs of rows, or null; `rows` is even then
  float* scratch = nullptr;         // bf16x3 only: scratch_floats()
  // Of an input in rows: which terms to take. Those left out must be zero: leaving them out changes no bit, as x + 0 w
  // = x for every finite w (a result may be -0 instead of +0, which no sum shows).
  const std::uint32_t* input_active = nullptr;
  std::uint32_t* output_active = nullptr;  // of an output in rows, written
};

using LayerKernelFunction = void (*)(const LayerPass&);

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
  // y = max(x W, 0). In float32 the first layer goes from blocked to rows, ...
  LayerKernelFunction first_fused = nullptr;
  LayerKernelFunction first_separate = nullptr;
  // ... the others from rows to rows, leaving out what is zero.
  LayerKernelFunction next_fused = nullptr;
  LayerKernelFunction next_separate = nullptr;
  // bf16x3, every layer, from blocked to blocked.
  LayerKernelFunction layer_bf16x3 = nullptr;
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
