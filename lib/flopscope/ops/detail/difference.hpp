// SPDX-License-Identifier: MIT
// Uncounted differences and running sums along an axis.
#pragma once

#include <whest/flopscope/ops/detail/ufunc.hpp>

namespace flopscope::ufunc {

// a[1:] - a[:-1] along the axis (for bool: whether they differ).
ArrayRef differences(const ArrayRef& a, int axis);

// The running sum along the axis, in a's dtype (ops/reduction_scan.cpp).
ArrayRef running_sum(const ArrayRef& a, int axis);

}  // namespace flopscope::ufunc
