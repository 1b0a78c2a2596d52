// SPDX-License-Identifier: MIT
// bf16x3 on AMX tiles: 32 x 32 outputs at a time in four accumulator tiles, the arithmetic of bf16-inl.hpp.
#include <immintrin.h>

#include <whest/ground_truth/kernels/table.hpp>
#include <whest/ground_truth/kernels/tables.hpp>

namespace whest::ground_truth {
namespace {

#include <whest/ground_truth/kernels/avx512-inl.hpp>

// The same vectors in blocks of 16 rows: one tile.
struct Amx : Avx512 {
  static constexpr int row_block = 16;
};

#include <whest/ground_truth/kernels/bf16-inl.hpp>
#include <whest/ground_truth/kernels/moments-inl.hpp>
#include <whest/ground_truth/kernels/normals-inl.hpp>
#include <whest/ground_truth/kernels/orthogonal-inl.hpp>

constexpr std::int64_t k_tile_bytes = 1024;  // 16 rows of 64 bytes
constexpr std::int64_t k_step = 32;          // k's of one tile

struct alignas(64) TileConfig {
  std::uint8_t palette = 1;
  std::uint8_t start_row = 0;
  std::uint8_t reserved[14] = {};
  std::uint16_t bytes_per_row[16] = {64, 64, 64, 64, 64, 64, 64, 64};
  std::uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};
static_assert(sizeof(TileConfig) == 64);

__m256i to_bf16(__m512 x) { return _mm512_cvtepi32_epi16(_mm512_srli_epi32(_mm512_castps_si512(x), 16)); }

// One block of 16 rows to tiles: for every 32 k's a tile of high parts and one of low parts.
void split_block(const float* input, std::int64_t inner, char* tiles) {
  for (std::int64_t k = 0; k < inner; k += k_step, tiles += 2 * k_tile_bytes) {
    for (int half = 0; half < 2; ++half) {
      const std::int64_t first = k + 16 * half;
      const std::int64_t left = inner - first;
      const auto mask = static_cast<__mmask16>(left >= 16 ? 0xFFFF : left > 0 ? (1 << left) - 1 : 0);
      for (int row = 0; row < 16; ++row) {
        const __m512 x = _mm512_maskz_loadu_ps(mask, input + (first / 16 * 16 + row) * 16);
        const __m512 high = round_bf16<Amx>(x);
        const __m512 low = round_bf16<Amx>(_mm512_sub_ps(x, high));
        char* to = tiles + row * 64 + half * 32;
        _mm256_store_si256(reinterpret_cast<__m256i*>(to), to_bf16(high));
        _mm256_store_si256(reinterpret_cast<__m256i*>(to + k_tile_bytes), to_bf16(low));
      }
    }
  }
}

// Tiles 0..3: outputs (row tile, column tile) in twos; 4, 5: inputs; 6, 7: weights. `a1` is a0's own where there is one
// block of rows only; its outputs are then not stored.
void multiply(const char* a0, const char* a1, const char* b0, const char* b1, std::int64_t steps) {
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
  for (std::int64_t step = 0; step < steps; ++step) {
    const std::int64_t high = 2 * step * k_tile_bytes;
    const std::int64_t low = high + k_tile_bytes;
    _tile_loadd(4, a0 + high, 64);
    _tile_loadd(5, a1 + high, 64);
    _tile_loadd(6, b0 + high, 64);
    _tile_loadd(7, b1 + high, 64);
    _tile_dpbf16ps(0, 4, 6);
    _tile_dpbf16ps(1, 4, 7);
    _tile_dpbf16ps(2, 5, 6);
    _tile_dpbf16ps(3, 5, 7);
    _tile_loadd(6, b0 + low, 64);
    _tile_loadd(7, b1 + low, 64);
    _tile_dpbf16ps(0, 4, 6);
    _tile_dpbf16ps(1, 4, 7);
    _tile_dpbf16ps(2, 5, 6);
    _tile_dpbf16ps(3, 5, 7);
    _tile_loadd(4, a0 + low, 64);
    _tile_loadd(5, a1 + low, 64);
    _tile_loadd(6, b0 + high, 64);
    _tile_loadd(7, b1 + high, 64);
    _tile_dpbf16ps(0, 4, 6);
    _tile_dpbf16ps(1, 4, 7);
    _tile_dpbf16ps(2, 5, 6);
    _tile_dpbf16ps(3, 5, 7);
  }
}

void relu_tile(float* out) {
  for (int row = 0; row < 16; ++row) Amx::store(out + 16 * row, Amx::relu(Amx::load(out + 16 * row)));
}

void layer_amx(const LayerPass& pass) {
  const TileConfig config;
  _tile_loadconfig(&config);
  const std::int64_t steps = (pass.inner + k_step - 1) / k_step;
  const std::int64_t row_stride = pass.padded_columns * 16;
  const std::int64_t column_bytes = 2 * steps * k_tile_bytes;  // weights of 16 columns, inputs of 16 rows
  char* first = reinterpret_cast<char*>(pass.scratch);
  char* second = first + column_bytes;
  for (std::int64_t row = 0; row < pass.rows; row += 32) {
    const bool two = row + 16 < pass.rows;
    const float* input = pass.input + row / 16 * row_stride;
    float* output = pass.output + row / 16 * row_stride;
    split_block(input, pass.inner, first);
    if (two) split_block(input + row_stride, pass.inner, second);
    for (std::int64_t column = 0; column < pass.padded_columns; column += 32) {
      const char* weights = reinterpret_cast<const char*>(pass.panels) + column / 16 * column_bytes;
      multiply(first, two ? second : first, weights, weights + column_bytes, steps);
      float* out = output + column * 16;
      _tile_stored(0, out, 64);
      _tile_stored(1, out + 256, 64);
      relu_tile(out);
      relu_tile(out + 256);
      if (!two) continue;
      out += row_stride;
      _tile_stored(2, out, 64);
      _tile_stored(3, out + 256, 64);
      relu_tile(out);
      relu_tile(out + 256);
    }
  }
  _tile_release();
  add_moments<Amx>(pass);
}

}  // namespace

const KernelTable k_amx_bf16_table{.isa = Isa::amx,
                                   .lanes = Amx::lanes,
                                   .row_block = Amx::row_block,
                                   .panel_columns = 32,
                                   .weights = WeightLayout::split_tiles,
                                   .layer_bf16x3 = layer_amx,
                                   .fill_normals = fill_normals<Amx>,
                                   .normals = normals<Amx>,
                                   .apply_reflectors = apply_reflectors<Amx>,
                                   .fma_burst = nullptr};

}  // namespace whest::ground_truth
