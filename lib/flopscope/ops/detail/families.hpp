// SPDX-License-Identifier: MIT
// Parts of the unary and reduction families that have files of their own.
#pragma once

#include <span>
#include <whest/flopscope/core/operation.hpp>

namespace flopscope {

std::span<const Operation> unary_composite_operations();  // ops/unary_composite.cpp
std::span<const Operation> comparison_operations();       // ops/unary_compare.cpp: isclose, array_equal...
std::span<const Operation> difference_operations();       // ops/unary_difference.cpp: diff, gradient, trapezoid...
std::span<const Operation> gradient_operations();         // ops/unary_gradient.cpp
std::span<const Operation> interp_operations();           // ops/unary_interp.cpp
std::span<const Operation> argument_operations();         // ops/reduction_argument.cpp: argmax...
std::span<const Operation> scan_operations();             // ops/reduction_scan.cpp: cumsum...
std::span<const Operation> statistic_operations();        // ops/reduction_statistic.cpp: mean, var, average...
std::span<const Operation> order_statistic_operations();  // ops/reduction_order.cpp: median, quantile...

}  // namespace flopscope
