// SPDX-License-Identifier: MIT
#include <algorithm>
#include <whest/ground_truth/layout.hpp>

namespace whest::ground_truth {

void pack_weights(const KernelTable& kernels, const float* weights, std::int64_t width, float* panels) {
  const std::int64_t panel = kernels.panel_columns;
  for (std::int64_t first = 0; first < width; first += panel) {
    const std::int64_t columns = std::min(panel, width - first);
    for (std::int64_t k = 0; k < width; ++k, panels += panel) {
      std::copy_n(weights + k * width + first, columns, panels);
      std::fill(panels + columns, panels + panel, 0.0F);
    }
  }
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
