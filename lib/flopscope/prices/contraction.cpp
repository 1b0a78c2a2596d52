// SPDX-License-Identifier: MIT
// Price formulas of the contraction family, beside the einsum price itself (symmetry/einsum_price.hpp). Facts used:
//   multi_dot   k: sum of m*k*n over the products in the best order, shapes as given; extra: the exact cost, vectors
//               as rows and columns
//   cross       in: elements of the first operand (linalg.cross: of the result); extra: 9 per pair of vectors in space,
//   3 in the plane convolve    m, n: lengths; parts: 1 for a full convolution; extra: multiplications and additions
//   done symmetry    in: elements; extra: generators checked, or elements of the group averaged over cov         m, n:
//   variables and observations as given; k, length: after rowvar
#include <algorithm>
#include <whest/flopscope/core/price.hpp>

namespace flopscope {
namespace {

double by_lengths(const PriceInput& x) { return std::max(2 * x.m * x.n - x.m - x.n, 1.0); }
double covariance(const PriceInput& x) { return 2 * x.k * x.k * x.length + 2 * x.k * x.length; }

constexpr Formula k_formulas[] = {
    // Counted from subscripts, tags and identity (symmetry/einsum_price.hpp), and charged as a cost: nothing asks here.
    {"einsum", [](const PriceInput&) { return 0.0; }},
    {"one", [](const PriceInput&) { return 1.0; }},
    // Of more than two (parts) at least 1.
    {"multi_dot.doubled", [](const PriceInput& x) { return std::max(2 * x.k, x.parts > 2 ? 1.0 : 0.0); }},
    {"multi_dot.exact", [](const PriceInput& x) { return x.extra; }},
    {"cross.five_per_element", [](const PriceInput& x) { return std::max(5 * x.in, 1.0); }},
    {"cross.exact", [](const PriceInput& x) { return std::max(x.extra, 1.0); }},
    {"convolve.by_lengths", by_lengths},
    {"convolve.exact_unless_full",
     [](const PriceInput& x) { return x.parts == 1 ? by_lengths(x) : std::max(x.extra, 1.0); }},
    {"correlate.exact", [](const PriceInput& x) { return std::max(x.extra, 1.0); }},
    {"cov.as_given", [](const PriceInput& x) { return std::max(2 * x.m * x.m * x.n, 1.0); }},
    {"cov.exact", [](const PriceInput& x) { return std::max(covariance(x), 1.0); }},
    {"corrcoef.exact", [](const PriceInput& x) { return std::max(covariance(x), 1.0) + 2 * x.k * x.k + x.k; }},
    {"symmetry.validated", [](const PriceInput& x) { return std::max(x.extra * (7 * x.in - 1), 1.0); }},
    {"symmetry.projected", [](const PriceInput& x) { return std::max((x.extra + 1) * x.in, 1.0); }},
    // The drawing itself: one more per element since 0.9.
    {"symmetry.drawn", [](const PriceInput& x) { return (x.extra + 1) * x.in; }},
    {"symmetry.drawn_by_two", [](const PriceInput& x) { return (x.extra + 2) * x.in; }},
};

}  // namespace

std::span<const Formula> contraction_formulas() { return k_formulas; }

}  // namespace flopscope
