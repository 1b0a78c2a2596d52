// SPDX-License-Identifier: MIT
// What the norms' prices are told in PriceInput::extra.
#pragma once

namespace flopscope {

enum class NormPrice : int {
  plain,     // sums, maxima and squares: two per element
  power,     // |x|^p for a general p
  spectral,  // from the singular values of an m x n matrix
};

}  // namespace flopscope
