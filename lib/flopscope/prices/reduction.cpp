// SPDX-License-Identifier: MIT
// Price formulas of the reduction family. `alpha` counts the accumulation events, `unique_out` the orbits of the result
// (without tags: the elements of input and result), `length` the elements folded into one, `extra` the NaN tests of
// the operations that look for NaN, `parts` the quantiles asked for.
#include <algorithm>
#include <cmath>
#include <whest/flopscope/core/price.hpp>

namespace flopscope {
namespace {

double folds(const PriceInput& x) { return std::max(x.alpha - x.unique_out, 1.0); }
double mean(const PriceInput& x) { return std::max(x.alpha - x.unique_out, 0.0) + x.unique_out; }
// With weights (parts = 1): the products, two sums, the division.
double average(const PriceInput& x) { return x.parts * (x.unique_in + folds(x)) + folds(x) + x.unique_out; }
// Mean, deviations, their squares, their sum, the division.
double variance(const PriceInput& x) {
  return 2 * x.unique_in + 2 * std::max(x.alpha - x.unique_out, 0.0) + 2 * x.unique_out;
}
double deviation(const PriceInput& x) { return variance(x) + x.unique_out; }
double partition(const PriceInput& x) { return x.unique_out * x.length; }
double log2_steps(double n) { return n > 1 ? std::ceil(std::log2(n)) : 0; }
// A selection for each of k quantiles, or where that is less one pass and as deep a sort as k of the lane's elements
// need; and 4 for each to interpolate. With weights (`rhs` 1): a sort, three passes, and for each quantile a search of
// the sums too.
double quantile(const PriceInput& x) {
  const double n = x.length, k = std::max(x.parts, 1.0);
  if (x.rhs > 0) return x.unique_out * (n * (4 * log2_steps(n) + 3) + k * (log2_steps(n) + 4));
  return x.unique_out * (n * std::min(k, 1 + 4 * log2_steps(std::min(k, n))) + 4 * k);
}

constexpr Formula k_formulas[] = {
    // One fold less than there are elements, for each element of the result; at least 1.
    {"reduction.folds", folds},
    {"reduction.folds_nan", [](const PriceInput& x) { return folds(x) + x.extra; }},
    // The size of the input.
    {"reduction.input", [](const PriceInput& x) { return x.unique_in; }},
    {"reduction.accumulations", [](const PriceInput& x) { return x.alpha; }},
    {"reduction.mean", mean},
    {"reduction.mean_nan", [](const PriceInput& x) { return mean(x) + x.extra; }},
    {"reduction.average", average},
    {"reduction.variance", variance},
    {"reduction.variance_nan", [](const PriceInput& x) { return variance(x) + x.extra; }},
    {"reduction.deviation", deviation},
    {"reduction.deviation_nan", [](const PriceInput& x) { return deviation(x) + x.extra; }},
    // Both extremes, and their difference.
    {"reduction.range", [](const PriceInput& x) { return 2 * folds(x) + x.unique_out; }},
    // A selection in each lane.
    {"reduction.partition", partition},
    {"reduction.partition_nan", [](const PriceInput& x) { return partition(x) + x.extra; }},
    // See quantile().
    {"reduction.quantile", quantile},
    {"reduction.quantile_nan", [](const PriceInput& x) { return quantile(x) + x.extra; }},
};

}  // namespace

std::span<const Formula> reduction_formulas() { return k_formulas; }

}  // namespace flopscope
