// SPDX-License-Identifier: MIT
// Prices of linear algebra that other families build on, and what the norms' prices are told.
#pragma once

#include <whest/flopscope/core/price.hpp>

namespace flopscope {

// Least squares for one m x n matrix and rhs columns, by a thin singular value decomposition.
double lstsq_price(double m, double n, double rhs);

// PriceInput::extra of a norm.
enum class NormPrice : int {
  plain,     // sums, maxima and squares: two per element
  power,     // |x|^p for a general p
  spectral,  // from the singular values of an m x n matrix
};

}  // namespace flopscope
