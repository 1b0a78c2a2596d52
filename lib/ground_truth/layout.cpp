// SPDX-License-Identifier: MIT
#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>
#include <vector>
#include <whest/ground_truth/layout.hpp>

namespace whest::ground_truth {

namespace {

constexpr std::int64_t k_split_step = 32;  // k's that one bf16x3 step takes

float nearest_bf16(float x) {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  const std::uint32_t rounded = (bits + 0x7FFFU + ((bits >> 16) & 1)) & 0xFFFF0000U;
  return (rounded & 0x7F800000U) == 0 ? 0.0F : std::bit_cast<float>(rounded);
}

std::uint16_t bf16_bits(float x) { return static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(x) >> 16); }

// Panels of `widest` columns, the last one as wide as what is left of the padded columns. Rows past the width (up to
// `inner`) are zero.
void pack_panels(const KernelTable& kernels, const float* weights, std::int64_t width, std::int64_t inner,
                 std::int64_t widest, float* panels) {
  const std::int64_t padded = padded_columns(kernels, width);
  for (std::int64_t first = 0; first < padded; first += widest) {
    const std::int64_t panel = std::min(widest, padded - first);
    const std::int64_t columns = std::min(panel, width - first);
    for (std::int64_t k = 0; k < inner; ++k, panels += panel) {
      std::fill(panels, panels + panel, 0.0F);
      if (k < width) std::copy_n(weights + k * width + first, columns, panels);
    }
  }
}

void pack_split_panels(const KernelTable& kernels, const float* weights, std::int64_t width, float* packed) {
  const auto count = static_cast<std::size_t>(width * width);
  std::vector<float> high(count);
  std::vector<float> low(count);
  for (std::size_t i = 0; i < count; ++i) {
    const Bf16Parts parts = split_bf16(weights[i]);
    high[i] = parts.high;
    low[i] = parts.low;
  }
  const std::int64_t inner = round_up(width, k_split_step);
  pack_panels(kernels, high.data(), width, inner, kernels.panel_columns, packed);
  pack_panels(kernels, low.data(), width, inner, kernels.panel_columns,
              packed + inner * padded_columns(kernels, width));
}

// A tile row holds one pair of k's for 16 columns: k even, k odd, column after column.
void pack_split_tiles(const KernelTable& kernels, const float* weights, std::int64_t width, float* packed) {
  constexpr std::int64_t k_tile = 512;  // numbers
  auto* tile = reinterpret_cast<std::uint16_t*>(packed);
  for (std::int64_t first = 0; first < padded_columns(kernels, width); first += 16) {
    for (std::int64_t k = 0; k < width; k += k_split_step, tile += 2 * k_tile) {
      for (std::int64_t i = 0; i < k_tile; ++i) {
        const std::int64_t row = k + i / 32 * 2 + i % 2;
        const std::int64_t column = first + i % 32 / 2;
        const bool inside = row < width && column < width;
        const Bf16Parts parts = split_bf16(inside ? weights[row * width + column] : 0.0F);
        tile[i] = bf16_bits(parts.high);
        tile[i + k_tile] = bf16_bits(parts.low);
      }
    }
  }
}

}  // namespace

void* allocate_zeroed(std::size_t bytes) {
  constexpr std::size_t k_huge = std::size_t{1} << 21;
  const bool large = bytes >= k_huge / 8;
  const std::size_t alignment = large ? k_huge : 64;
  const std::size_t size = std::max(alignment, (bytes + alignment - 1) / alignment * alignment);
  void* const memory = std::aligned_alloc(alignment, size);
  if (memory == nullptr) throw std::bad_alloc();
  // Not more than a wish: without huge pages all is as well, a few percent slower.
  if (large) (void)madvise(memory, size, MADV_HUGEPAGE);
  std::memset(memory, 0, bytes);
  return memory;
}

Bf16Parts split_bf16(float x) {
  const float high = nearest_bf16(x);
  return {high, nearest_bf16(x - high)};
}

std::int64_t packed_floats(const KernelTable& kernels, std::int64_t width) {
  const std::int64_t padded = padded_columns(kernels, width);
  switch (kernels.weights) {
    case WeightLayout::panels:
      return width * padded;
    case WeightLayout::split_panels:
      return 2 * round_up(width, k_split_step) * padded;
    case WeightLayout::split_tiles:
      return round_up(width, k_split_step) * padded;  // two halves of a float
  }
  return 0;
}

std::int64_t scratch_floats(const KernelTable& kernels, std::int64_t width) {
  // One block of rows in two parts; on tiles two blocks, each of half the size.
  return kernels.weights == WeightLayout::panels ? 0 : 2 * kernels.row_block * round_up(width, k_split_step);
}

void pack_weights(const KernelTable& kernels, const float* weights, std::int64_t width, float* packed) {
  switch (kernels.weights) {
    case WeightLayout::panels:
      return pack_panels(kernels, weights, width, width, kernels.panel_columns, packed);
    case WeightLayout::split_panels:
      return pack_split_panels(kernels, weights, width, packed);
    case WeightLayout::split_tiles:
      return pack_split_tiles(kernels, weights, width, packed);
  }
}

void pack_wide_panels(const KernelTable& kernels, const float* weights, std::int64_t width, float* packed) {
  pack_panels(kernels, weights, width, width, 2 * kernels.panel_columns, packed);
}

void block_rows_of(const KernelTable& kernels, const float* rows, std::int64_t n_rows, std::int64_t width,
                   float* blocked) {
  const std::int64_t padded = padded_columns(kernels, width);
  for (std::int64_t row = 0; row < n_rows; ++row) {
    for (std::int64_t column = 0; column < width; column += kernels.lanes) {
      std::copy_n(rows + row * width + column, std::min<std::int64_t>(kernels.lanes, width - column),
                  blocked + blocked_index(kernels, padded, row, column));
    }
  }
}

}  // namespace whest::ground_truth
