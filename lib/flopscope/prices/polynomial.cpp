// SPDX-License-Identifier: MIT
// Price formulas of polynomials and windows, each at least 1. m and n are the lengths of the coefficient lists; what
// else a formula uses is said beside it.
#include <algorithm>
#include <whest/flopscope/core/price.hpp>
#include <whest/flopscope/prices/linalg.hpp>

namespace flopscope {
namespace {

double at_least_1(double cost) { return std::max(cost, 1.0); }

// polyder: k derivatives of n coefficients, each one shorter than the one before.
double derivatives(const PriceInput& x) {
  const double t = std::min(x.k, std::max(x.n - 1, 0.0));
  return at_least_1(t * x.n - t * (t + 1) / 2);
}
// polyint: each integral one longer than the one before.
double integrals(const PriceInput& x) { return at_least_1(x.k * x.n + x.k * (x.k - 1) / 2); }

// polydiv: for every one of the q coefficients of the quotient a product, and a multiple of the divisor subtracted.
double division(const PriceInput& x) {
  const double q = std::max(x.m - x.n + 1, 0.0);
  return at_least_1(1 + q * (2 * x.n + 1));
}

// polyfit: m points, n = degree + 1, rhs data sets. The Vandermonde matrix, then least squares.
double fit(const PriceInput& x) { return at_least_1(x.m * (x.n - 1) + lstsq_price(x.m, x.n, x.rhs)); }
// With the covariance where asked for (parts 1 unscaled, 2 scaled by the residuals): the Gram matrix, its inverse, the
// half table of scales, and the product with the factor (one for each data set when scaled).
double fit_with_covariance(const PriceInput& x) {
  const double n = x.n;
  if (x.parts == 0) return fit(x);
  const double factors = x.parts == 2 ? x.rhs : 1, scaling = x.parts == 2 ? x.rhs : 0;
  return fit(x) + 2 * x.m * n * n + 2 * n * n * n + n * (n + 1) / 2 + n * n * factors + scaling;
}

// poly from n roots; extra: a matrix, whose eigenvalues come first.
double from_roots(const PriceInput& x) {
  const double roots = (3 * x.n * x.n + x.n) / 2;
  return at_least_1(roots + (x.extra != 0 ? 10 * x.n * x.n * x.n : 0));
}

// `per_point` for each of n points of a window.
template <int per_point>
double window(const PriceInput& x) {
  return at_least_1(per_point * x.n);
}

constexpr Formula k_formulas[] = {
    {"polynomial.longest", [](const PriceInput& x) { return at_least_1(std::max(x.m, x.n)); }},
    {"polynomial.m_times_n", [](const PriceInput& x) { return at_least_1(x.m * x.n); }},
    {"polynomial.convolution", [](const PriceInput& x) { return at_least_1(2 * x.m * x.n - x.m - x.n); }},
    {"polynomial.division", division},
    {"polynomial.n", [](const PriceInput& x) { return at_least_1(x.n); }},
    {"polynomial.derivatives", derivatives},
    {"polynomial.integrals", integrals},
    // Horner at `in` points: n - 1 products and sums each.
    {"polynomial.horner", [](const PriceInput& x) { return at_least_1(2 * x.in * (x.n - 1)); }},
    {"polynomial.sum_elements",
     [](const PriceInput& x) {
       return at_least_1(std::max({x.out, x.m, x.n}));
     }},
    {"polynomial.horner_broadcast", [](const PriceInput& x) { return at_least_1(2 * x.out * (x.n - 1)); }},
    {"polynomial.horner_fused", [](const PriceInput& x) { return at_least_1(x.in * (x.n - 1)); }},
    {"polynomial.fit_2mn2", [](const PriceInput& x) { return at_least_1(2 * x.m * x.n * x.n); }},
    {"polynomial.fit", fit},
    {"polynomial.fit_with_covariance", fit_with_covariance},
    {"polynomial.n2", [](const PriceInput& x) { return at_least_1(x.n * x.n); }},
    {"polynomial.from_roots", from_roots},
    // roots: m the degree as given; n the degree without leading and trailing zeros.
    {"polynomial.m3", [](const PriceInput& x) { return at_least_1(x.m * x.m * x.m); }},
    {"polynomial.companion", [](const PriceInput& x) { return at_least_1(10 * x.n * x.n * x.n); }},
    {"window.n", window<1>},
    {"window.2n", window<2>},
    {"window.3n", window<3>},
    {"window.4n", window<4>},
    {"window.18n", window<18>},
    {"window.23n", window<23>},
    {"window.40n", window<40>},
};

}  // namespace

std::span<const Formula> polynomial_formulas() { return k_formulas; }

}  // namespace flopscope
