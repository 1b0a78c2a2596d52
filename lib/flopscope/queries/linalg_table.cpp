// SPDX-License-Identifier: MIT
// Queries of the linalg family: sizes into the facts of prices/linalg.cpp.
#include <algorithm>
#include <cmath>
#include <limits>
#include <whest/flopscope/prices/linalg.hpp>
#include <whest/flopscope/queries/table.hpp>

namespace flopscope::queries {
namespace {

PriceInput of_n(const Arguments& a) {
  PriceInput x;
  x.n = x.m = x.length = a.number(0);
  return x;
}
PriceInput of_m_n(const Arguments& a) {
  PriceInput x;
  x.m = a.number(0);
  x.n = a.number(1);
  x.k = std::min(x.m, x.n);
  return x;
}

PriceInput read_symmetric(const Arguments& a) {  // n, symmetric=False
  PriceInput x = of_n(a);
  x.extra = a.flag(1) ? 1 : 0;
  return x;
}

PriceInput read_solve(const Arguments& a) {  // n, nrhs=1, symmetric=False
  PriceInput x = of_n(a);
  x.rhs = a.number_or(1, 1);
  x.extra = 1;  // one matrix
  return x;
}

PriceInput read_svd(const Arguments& a) {  // m, n, k=None, *, with_vectors=False, full_matrices=False
  PriceInput x = of_m_n(a);
  x.k = a.number_or(2, x.k);
  x.parts = !a.flag(3) ? 0 : a.flag(4) && !a.has(2) ? 2 : 1;
  return x;
}

PriceInput read_qr(const Arguments& a) {  // m, n, mode='reduced'
  PriceInput x = of_m_n(a);
  const Value& mode = a.at(2);
  const bool both = mode.is_missing() ||
                    (mode.is(ValueKind::string) && (mode.as_string() == "reduced" || mode.as_string() == "complete"));
  x.parts = both ? 2 : 1;
  return x;
}

PriceInput read_pinv(const Arguments& a) {
  const PriceInput x = of_m_n(a);
  require_contraction_sizes(a.model(), {x.m, x.n});
  return x;
}

PriceInput read_lstsq(const Arguments& a) {  // m, n, b_cols=1, b_ndim=1
  PriceInput x = read_pinv(a);
  x.queries = a.number_or(2, 1);
  x.rhs = a.number_or(3, 1) == 1 ? 1 : x.queries;
  return x;
}

PriceInput read_cond(const Arguments& a) {  // m, n, p=None
  PriceInput x = of_m_n(a);
  const NormOrder p = to_norm_order(a.at(2));
  x.parts = p.none || p.p == 2 || p.p == -2 ? 0 : 1;
  return x;
}

bool is_spectral(const NormOrder& order) { return order.nuclear || order.p == 2 || order.p == -2; }
bool is_power(const NormOrder& order) {
  return !order.none && order.p != 0 && order.p != 1 && order.p != 2 && !std::isinf(order.p);
}

PriceInput of_vector(double elements, const NormOrder& order) {
  PriceInput x;
  x.in = x.length = std::max(elements, 1.0);
  x.out = 1;
  x.extra = static_cast<double>(is_power(order) ? NormPrice::power : NormPrice::plain);
  return x;
}
PriceInput of_matrix(const Shape& shape, const NormOrder& order, double elements) {
  PriceInput x;
  x.m = shape[shape.size() - 2];
  x.n = shape[shape.size() - 1];
  x.in = x.length = elements;
  x.extra = static_cast<double>(is_spectral(order) ? NormPrice::spectral : NormPrice::plain);
  return x;
}

PriceInput read_norm(const Arguments& a) {  // shape, ord=None
  const Shape shape = a.shape(0);
  const NormOrder order = to_norm_order(a.at(1));
  if (shape.empty()) throw_index_error("tuple index out of range");
  const double elements = std::max(product(shape), 1.0);
  return shape.size() == 1 ? of_vector(elements, order) : of_matrix(shape, order, elements);
}
PriceInput read_vector_norm(const Arguments& a) { return of_vector(product(a.shape(0)), to_norm_order(a.at(1))); }
PriceInput read_matrix_norm(const Arguments& a) {
  const Shape shape = a.shape(0);
  if (shape.size() < 2) throw_index_error("tuple index out of range");
  return of_matrix(shape, to_norm_order(a.at(1)), shape[shape.size() - 2] * shape[shape.size() - 1]);
}

PriceInput read_matrix_power(const Arguments& a) {  // n, k
  PriceInput x = of_n(a);
  x.k = a.number(1);
  if (x.k != std::floor(x.k)) throw_type_error("the exponent must be an integer");
  if (std::abs(x.k) >= 9e18) throw_value_error("the exponent must be below 2^63");
  require_contraction_sizes(a.model(), {x.n});
  return x;
}

// The best order of a chain of products, sizes p[i] x p[i+1], by the sum of m k n; exact counts 2mkn - mn instead.
struct Chain {
  std::vector<double> p;
  std::size_t n;  // matrices
  std::vector<double> cost;
  std::vector<std::size_t> split;

  explicit Chain(std::vector<double> sizes) : p(std::move(sizes)), n(p.size() - 1), cost(n * n, 0), split(n * n, 0) {
    for (std::size_t length = 2; length <= n; ++length)
      for (std::size_t i = 0; i + length <= n; ++i) {
        const std::size_t j = i + length - 1;
        cost[i * n + j] = std::numeric_limits<double>::infinity();
        for (std::size_t k = i; k < j; ++k) {
          const double c = cost[i * n + k] + cost[(k + 1) * n + j] + p[i] * p[k + 1] * p[j + 1];
          if (c < cost[i * n + j]) {
            cost[i * n + j] = c;
            split[i * n + j] = k;
          }
        }
      }
  }
  double whole() const { return cost[n - 1]; }
  double exact(std::size_t i, std::size_t j) const {
    if (i == j) return 0;
    const std::size_t k = split[i * n + j];
    const double here = 2 * p[i] * p[k + 1] * p[j + 1] - p[i] * p[j + 1];
    return exact(i, k) + exact(k + 1, j) + std::max(here, 1.0);
  }
};

PriceInput read_multi_dot(const Arguments& a) {  // shapes
  if (!a.at(0).is_sequence()) throw_type_error("multi_dot_cost() takes a sequence of shapes");
  std::vector<Shape> shapes;
  for (const Value& v : a.at(0).as_items()) {
    shapes.push_back(to_sizes(v));
    if (shapes.back().empty()) throw_index_error("tuple index out of range");
    for (const double size : shapes.back()) require_contraction_sizes(a.model(), {size});
  }
  PriceInput x;
  if (shapes.size() < 2) return x;
  // The inner sizes are those of the right-hand operands; vectors at the ends are rows and columns where exact.
  std::vector<double> as_given, as_matrices;
  for (const Shape& shape : shapes) as_given.push_back(shape.front());
  as_given.push_back(shapes.back().back());
  as_matrices = as_given;
  if (shapes.front().size() == 1) as_matrices.front() = 1;
  if (shapes.back().size() == 1) as_matrices.back() = 1;
  x.k = Chain(as_given).whole();
  x.parts = static_cast<double>(shapes.size());
  const Chain chain(as_matrices);
  x.extra = chain.exact(0, chain.n - 1);
  return x;
}

PriceInput read_tensorinv(const Arguments& a) {  // a_shape, ind=2
  const Shape shape = a.shape(0);
  const auto size = static_cast<double>(shape.size());
  double ind = a.number_or(1, 2);
  if (ind < 0) ind = std::max(size + ind, 0.0);
  PriceInput x;
  x.n = product({shape.begin(), shape.begin() + static_cast<std::ptrdiff_t>(std::min(ind, size))});
  return x;
}

// Before 0.9 the size of the solution is the product of the axes from `ind` on; since then the root of all elements.
PriceInput read_tensorsolve(const Arguments& a) {  // a_shape[, ind=None]
  const Shape shape = a.shape(0);
  const auto size = static_cast<double>(shape.size());
  double ind = a.number_or(1, 2);
  if (ind < 0) ind = std::max(size + ind, 0.0);
  PriceInput x;
  x.k = product({shape.begin() + static_cast<std::ptrdiff_t>(std::min(ind, size)), shape.end()});
  const double elements = product(shape);
  require_contraction_sizes(a.model(), {elements});
  x.n = elements > 0 ? std::floor(std::sqrt(elements)) : 0;
  x.rhs = 1;
  return x;
}

constexpr Query square(std::string_view name, std::string_view operation) {
  return {name, operation, "n", {}, of_n, Beside::linalg};
}
constexpr Query symmetric(std::string_view name, std::string_view operation) {
  return {name, operation, "n, symmetric=False", {}, read_symmetric, Beside::linalg};
}

constexpr Query k_queries[] = {
    square("cholesky_cost", "linalg.cholesky"),
    square("eig_cost", "linalg.eig"),
    square("eigh_cost", "linalg.eigh"),
    square("eigvals_cost", "linalg.eigvals"),
    square("eigvalsh_cost", "linalg.eigvalsh"),
    square("trace_cost", "linalg.trace"),
    symmetric("inv_cost", "linalg.inv"),
    symmetric("det_cost", "linalg.det"),
    symmetric("slogdet_cost", "linalg.slogdet"),
    {"solve_cost", "linalg.solve", "n, nrhs=1, symmetric=False", {}, read_solve, Beside::linalg},
    {"svd_cost", "linalg.svd", "m, n, k=None", "m, n, k=None, *, with_vectors=False, full_matrices=False", read_svd},
    {"svdvals_cost", "linalg.svdvals", "m, n, k=None", {}, read_svd, Beside::linalg},
    {"qr_cost", "linalg.qr", "m, n", "m, n, mode=reduced", read_qr, Beside::linalg},
    {"pinv_cost", "linalg.pinv", "m, n", {}, read_pinv, Beside::linalg},
    {"lstsq_cost", "linalg.lstsq", "m, n, b_cols=1, b_ndim=1", {}, read_lstsq, Beside::linalg},
    {"cond_cost", "linalg.cond", "m, n, p=None", {}, read_cond, Beside::linalg},
    {"matrix_rank_cost", "linalg.matrix_rank", "m, n", {}, of_m_n, Beside::linalg},
    {"norm_cost", "linalg.norm", "shape, ord=None", {}, read_norm, Beside::linalg},
    {"vector_norm_cost", "linalg.vector_norm", "shape, ord=None", {}, read_vector_norm, Beside::linalg},
    {"matrix_norm_cost", "linalg.matrix_norm", "shape, ord=None", {}, read_matrix_norm, Beside::linalg},
    {"matrix_power_cost", "linalg.matrix_power", "n, k", {}, read_matrix_power, Beside::linalg},
    {"multi_dot_cost", "linalg.multi_dot", "shapes", {}, read_multi_dot, Beside::linalg},
    {"tensorinv_cost", "linalg.tensorinv", "a_shape, ind=2", {}, read_tensorinv, Beside::linalg},
    {"tensorsolve_cost", "linalg.tensorsolve", "a_shape, ind=None", "a_shape", read_tensorsolve, Beside::linalg},
};

}  // namespace

std::span<const Query> linalg_queries() { return k_queries; }

}  // namespace flopscope::queries
