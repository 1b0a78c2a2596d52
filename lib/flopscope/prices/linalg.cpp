// SPDX-License-Identifier: MIT
// Price formulas of the linear algebra family.
//
// A factorisation's price is that of one m x n (or n x n) matrix, at least 1, times the `batch` of matrices (0 when the
// operand has no elements). Thirds are rounded down. b is the smaller side of a matrix, a the larger one. The operation
// counts are those of Golub and Van Loan's standard algorithms. Facts used beside the sizes:
//   rhs     right-hand sides (solve), columns of b (lstsq)
//   parts   what of a decomposition is asked for: svd 0 values, 1 thin, 2 full; qr 1 R alone, 2 both factors
//   k       number of leading singular triplets asked for (svd; min(m, n) when all are)
//   extra   inv: 1 where the matrix is tagged symmetric; norms: the kind of norm (NormPrice)
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <whest/flopscope/core/price.hpp>
#include <whest/flopscope/prices/linalg.hpp>

namespace flopscope {
namespace {

double cube(double n) { return n * n * n; }
double smaller(const PriceInput& x) { return std::min(x.m, x.n); }

double per_matrix(double cost, double batch) { return std::max(cost, 1.0) * batch; }
double thirds(double x) { return std::floor(x / 3); }

// A dense product (m, k) @ (k, n), never below 1.
double product(double m, double k, double n) { return std::max(2 * m * k * n - m * n, 1.0); }

double svd_values(double m, double n) {
  const double a = std::max(m, n), b = std::min(m, n);
  return 2 * a * b * b + 2 * cube(b);
}
double svd_thin(double m, double n) {
  const double a = std::max(m, n), b = std::min(m, n);
  return 6 * a * b * b + 20 * cube(b);
}
double svd_full(double m, double n) {
  const double a = std::max(m, n), b = std::min(m, n);
  return 4 * a * a * b + 22 * cube(b);
}
double svd_whole(const PriceInput& x) {
  return x.parts == 0 ? svd_values(x.m, x.n) : x.parts == 1 ? svd_thin(x.m, x.n) : svd_full(x.m, x.n);
}

// The leading k triplets by an iteration of products: 4mnk, and no more than the whole thin decomposition.
double svd_leading(const PriceInput& x) {
  if (x.k >= smaller(x)) return per_matrix(svd_whole(x), x.batch);
  return per_matrix(std::min(4 * x.m * x.n * x.k, svd_whole(x)), x.batch);
}

// The same with the small factorisations of the iteration: bases of m x k and n x k, and a k x k core.
double svd_leading_with_core(const PriceInput& x) {
  if (x.k >= smaller(x)) return per_matrix(svd_whole(x), x.batch);
  const double bases = (x.m + x.n) * x.k * x.k;
  const double core = x.parts == 0 ? 2 * bases + 2 * cube(x.k) : 6 * bases + 20 * cube(x.k);
  return per_matrix(std::min(4 * x.m * x.n * x.k + core, svd_whole(x)), x.batch);
}

// Householder: 2ab^2 - 2b^3/3 for R, as much again for Q.
double qr_factors(const PriceInput& x) {
  const double a = std::max(x.m, x.n), b = smaller(x);
  return per_matrix(x.parts * (2 * a * b * b - thirds(2 * cube(b))), x.batch);
}

double inverse_of_symmetric(double n) { return cube(n) + thirds(cube(n)); }

// V diag(1/s) U^H, after the decomposition.
double pinv_mnk(const PriceInput& x) {
  const double k = smaller(x);
  return per_matrix(x.m * x.n * k + k + x.n * k + 2 * x.n * k * x.m - x.n * x.m, x.batch);
}
double pinv(const PriceInput& x) {
  const double k = smaller(x);
  return per_matrix(std::max(svd_thin(x.m, x.n), 1.0) + k + x.n * k + product(x.n, k, x.m), x.batch);
}
// U^H b, divide by s, V times it. rhs: columns multiplied; queries: columns divided.
double least_squares(const PriceInput& x, double decomposition) {
  const double k = smaller(x);
  return per_matrix(decomposition + product(k, x.m, x.rhs) + k * x.queries + product(x.n, k, x.rhs), x.batch);
}

NormPrice norm_kind(const PriceInput& x) { return static_cast<NormPrice>(static_cast<int>(x.extra)); }

// One norm: the elements reduced together (`length`), and no count of how many norms are taken.
double norm_of_one(const PriceInput& x) {
  return norm_kind(x) == NormPrice::spectral ? 4 * x.m * x.n * smaller(x) : 2 * x.length;
}
// All of them: |x|^p is a power and a root is taken for each norm.
double norm_of_all(const PriceInput& x) {
  switch (norm_kind(x)) {
    case NormPrice::spectral:
      return per_matrix(svd_values(x.m, x.n), x.batch);
    case NormPrice::power:
      return x.in == 0 ? 0.0 : 18 * x.in + 16 * x.out;
    case NormPrice::plain:
      break;
  }
  return 2 * x.in;
}

// Squarings and products of an exponent k by its bits; an inverse counts as one more.
double power_products(double exponent) {
  const auto k = static_cast<std::uint64_t>(std::abs(exponent));
  const double products = k < 2 ? 0 : std::bit_width(k) - 1 + std::popcount(k) - 1;
  return products + (exponent < 0 ? 1 : 0);
}
double matrix_power(const PriceInput& x) { return x.batch * power_products(x.k) * product(x.n, x.n, x.n); }

constexpr Formula k_formulas[] = {
    {"linalg.n3", [](const PriceInput& x) { return per_matrix(cube(x.n), x.batch); }},
    {"linalg.2n3", [](const PriceInput& x) { return per_matrix(2 * cube(x.n), x.batch); }},
    {"linalg.cholesky", [](const PriceInput& x) { return per_matrix(thirds(cube(x.n)), x.batch); }},
    {"linalg.det", [](const PriceInput& x) { return per_matrix(thirds(2 * cube(x.n)) + x.n, x.batch); }},
    // 18 = the diagonal's logarithms (16), absolute values and signs.
    {"linalg.slogdet", [](const PriceInput& x) { return per_matrix(thirds(2 * cube(x.n)) + 18 * x.n, x.batch); }},
    {"linalg.solve",
     [](const PriceInput& x) { return per_matrix(thirds(2 * cube(x.n)) + 2 * x.n * x.n * x.rhs, x.batch); }},
    // extra: the batch of the left-hand matrices alone, however many right-hand sides are broadcast against them.
    {"linalg.solve_n3", [](const PriceInput& x) { return per_matrix(cube(x.n), x.extra); }},
    {"linalg.inv_n3",
     [](const PriceInput& x) { return per_matrix(x.extra != 0 ? inverse_of_symmetric(x.n) : cube(x.n), x.batch); }},
    {"linalg.inv",
     [](const PriceInput& x) { return per_matrix(x.extra != 0 ? inverse_of_symmetric(x.n) : 2 * cube(x.n), x.batch); }},
    {"linalg.eig", [](const PriceInput& x) { return per_matrix(25 * cube(x.n), x.batch); }},
    {"linalg.eigvals", [](const PriceInput& x) { return per_matrix(10 * cube(x.n), x.batch); }},
    {"linalg.eigh", [](const PriceInput& x) { return per_matrix(9 * cube(x.n), x.batch); }},
    {"linalg.eigvalsh", [](const PriceInput& x) { return per_matrix(thirds(4 * cube(x.n)), x.batch); }},
    {"linalg.qr_mn_min", [](const PriceInput& x) { return per_matrix(x.m * x.n * smaller(x), x.batch); }},
    {"linalg.qr", qr_factors},
    {"linalg.mnk", [](const PriceInput& x) { return x.batch * x.m * x.n * x.k; }},
    {"linalg.mnk_at_least_1", [](const PriceInput& x) { return per_matrix(x.m * x.n * x.k, x.batch); }},
    {"linalg.svd", svd_leading},
    {"linalg.svd_with_core", svd_leading_with_core},
    {"linalg.pinv_mnk", pinv_mnk},
    {"linalg.pinv", pinv},
    {"linalg.lstsq_mnk", [](const PriceInput& x) { return least_squares(x, x.m * x.n * smaller(x)); }},
    {"linalg.lstsq", [](const PriceInput& x) { return least_squares(x, std::max(svd_thin(x.m, x.n), 1.0)); }},
    // The condition number from singular values (parts 0) or from an inverse and two norms (parts 1).
    {"linalg.cond_mnk",
     [](const PriceInput& x) {
       const double b = smaller(x);
       return per_matrix(x.parts == 0 ? x.m * x.n * b : cube(b) + x.m * x.n, x.batch);
     }},
    {"linalg.cond",
     [](const PriceInput& x) {
       const double b = smaller(x);
       const double values = std::max(svd_values(x.m, x.n), 1.0);
       return per_matrix((x.parts == 0 ? values : 2 * cube(b) + 4 * x.m * x.n) + 1, x.batch);
     }},
    // parts 1: a vector, whose rank is whether it has an element other than 0.
    {"linalg.matrix_rank_mnk",
     [](const PriceInput& x) { return per_matrix(x.parts != 0 ? x.in : x.m * x.n * smaller(x), x.batch); }},
    {"linalg.matrix_rank",
     [](const PriceInput& x) {
       return per_matrix(x.parts != 0 ? x.in : std::max(svd_values(x.m, x.n), 1.0) + smaller(x), x.batch);
     }},
    {"linalg.norm_of_one", norm_of_one},
    {"linalg.norm", norm_of_all},
    {"linalg.matrix_power", matrix_power},
    // A multiply-add as one.
    {"linalg.matrix_power_fused", [](const PriceInput& x) { return x.batch * power_products(x.k) * cube(x.n); }},
    {"linalg.norm_fused",
     [](const PriceInput& x) { return norm_kind(x) == NormPrice::spectral ? 4 * x.m * x.n * smaller(x) : x.length; }},
    // A diagonal of `length`, at least 1: of one matrix, or of each.
    {"linalg.trace_of_one", [](const PriceInput& x) { return std::max(x.length, 1.0); }},
    {"linalg.trace", [](const PriceInput& x) { return x.batch * std::max(x.length, 1.0); }},
    // k: the product of the axes from the third on, whatever b is.
    {"linalg.tensorsolve_n3", [](const PriceInput& x) { return per_matrix(cube(x.k), 1); }},
};

}  // namespace

double lstsq_price(double m, double n, double rhs) {
  PriceInput x;
  x.m = m;
  x.n = n;
  x.rhs = x.queries = rhs;
  return least_squares(x, std::max(svd_thin(m, n), 1.0));
}

std::span<const Formula> linalg_formulas() { return k_formulas; }

}  // namespace flopscope
