// SPDX-License-Identifier: MIT
// The numerical side of contractions: any einsum, pair by pair, matrix products by BLAS where the axes allow. Charges
// nothing.
#pragma once

#include <span>
#include <whest/flopscope/core/array.hpp>
#include <whest/flopscope/symmetry/einsum_path.hpp>

namespace flopscope::contract {

// The contraction of `operands` in `dtype` (that of the result) along `path`, a fresh contiguous array. Integers wrap,
// bool is or-of-ands, float16 is computed in float32.
ArrayRef contract(const symmetry::Expression& expression, std::span<const ArrayRef> operands,
                  const symmetry::Path& path, DType dtype);

// a (m, k) @ b (k, n) or (k), same floating dtype, any strides.
ArrayRef matrix_product(const Array& a, const Array& b);

}  // namespace flopscope::contract
