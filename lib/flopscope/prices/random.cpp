// SPDX-License-Identifier: MIT
// Price formulas of the random family. Facts: `out` elements of the result; of an axis that is shuffled or chosen from,
// `length` its size, `n` the size of the data's first axis, `parts` 1 for a choice with replacement, `extra` 1 for one
// with probabilities; of vectors, `batch` samples of `n` numbers.
#include <algorithm>
#include <cmath>
#include <whest/flopscope/core/price.hpp>

namespace flopscope {
namespace {

double at_least_one(double x) { return std::max(x, 1.0); }

// Comparisons of a binary search or of a level of sorting.
double log2_ceil(double n) { return at_least_one(n <= 1 ? 0.0 : std::ceil(std::log2(n))); }

double sorting(double n) { return at_least_one(n * log2_ceil(n)); }

double elements(const PriceInput& x) { return at_least_one(x.out); }

// Without replacement as if a shuffle sorted the data.
double choice(const PriceInput& x) { return x.parts != 0 ? elements(x) : sorting(x.n); }

// By what is done: a shuffle of the axis; or a sum, a scan and a division of the probabilities and a search for each
// number; or a sort by key.
double choice_audited(const PriceInput& x) {
  if (x.parts == 0) return x.extra != 0 ? sorting(x.length) : at_least_one(x.length);
  if (x.extra == 0) return elements(x);
  return 3 * x.length + elements(x) * (log2_ceil(x.length) + 1);
}

// marginals: one number per colour; count (parts 1): an urn of `length` balls filled once, then k of them exchanged and
// counted for each sample, and the numbers of all samples.
double colours(const PriceInput& x) { return elements(x) + (x.parts == 0 ? 0 : x.length + 2 * x.batch * x.k); }

// A full singular value decomposition, 16 for each normal number, and a product with the factor.
double multivariate_normal(const PriceInput& x) {
  return at_least_one(26 * x.n * x.n * x.n + x.batch * (2 * x.n * x.n + 16 * x.n));
}

constexpr Formula k_formulas[] = {
    {"random.elements", elements},
    {"random.uniform", [](const PriceInput& x) { return 3 * elements(x); }},
    {"random.axis", [](const PriceInput& x) { return at_least_one(x.length); }},
    {"random.choice", choice},
    {"random.choice_audited", choice_audited},
    {"random.colours", colours},
    {"random.multivariate_normal", multivariate_normal},
};

}  // namespace

std::span<const Formula> random_formulas() { return k_formulas; }

}  // namespace flopscope
