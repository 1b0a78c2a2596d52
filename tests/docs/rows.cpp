// SPDX-License-Identifier: MIT
// The rows of the tables of docs/flopscope.md: each C++ cell, compiled as it is written there.
#include <flopscope/budget.hpp>
#include <flopscope/linalg.hpp>
#include <flopscope/numpy.hpp>
#include <flopscope/random.hpp>
#include <flopscope/stats.hpp>
#include <flopscope/symmetry.hpp>

#include "docs.hpp"

namespace docs {
namespace {

namespace fnp = flopscope::numpy;
namespace kw = fnp::kw;
using fnp::ndarray;
using fnp::newaxis;
using fnp::slice;
using Values = std::vector<double>;
using Shape = std::vector<std::int64_t>;

// 0, 1, 2, ... as the document's operands are made.
ndarray counted(const Shape& shape, fnp::dtype dtype = fnp::float32) {
  std::int64_t size = 1;
  for (const std::int64_t n : shape) size *= n;
  return fnp::arange(static_cast<double>(size)).reshape(shape).astype(dtype);
}

// Symmetric positive definite, with no symmetry declared.
ndarray definite(std::int64_t n) {
  const ndarray a = counted({n, n}) / static_cast<double>(n * n);
  return fnp::matmul(a, a.copy().T()) + fnp::eye(n, fnp::float32) * static_cast<double>(n);
}

// Made outside the budget that counts.
struct Operands {
  // of the price tables, float32
  ndarray a = counted({100, 50}), b = counted({100, 50}) / 2.0, w = counted({50, 20}), s = definite(64);
  ndarray rhs = counted({64, 3}), vec = counted({1000}), other = counted({1000}) / 2.0;
  ndarray mask = a > 2500, picked = fnp::arange(0, 100, 10), u = b / 2500.0;
  // of the side-by-side, float64
  ndarray x = counted({3, 4}, fnp::float64), v = counted({4}, fnp::float64), c = definite(3).astype(fnp::float64);
  fnp::random::Generator rng = fnp::random::default_rng(7);
};

Outcome outcome_of(const ndarray& result, std::int64_t charged) {
  const ndarray flat = result.astype(fnp::float64).ravel();
  Outcome outcome{.charged = charged, .shape = result.shape(), .values = {}};
  for (std::int64_t i = 0; i < flat.size(); ++i) outcome.values.push_back(static_cast<double>(flat[i]));
  return outcome;
}
Outcome outcome_of(double result, std::int64_t charged) {
  return {.charged = charged, .shape = {}, .values = {result}};
}
template <class Parts>
Outcome outcome_of(const Parts&, std::int64_t charged) {  // several arrays: the charge alone
  return {.charged = charged, .shape = {}, .values = {}};
}

template <class F>
Outcome run_counted(F&& expression) {
  const Operands operands;
  flopscope::BudgetContext budget({.flop_budget = 1e15, .quiet = true, .name_space = {}, .wall_time_limit_s = {}});
  const auto result = expression(const_cast<Operands&>(operands));
  const std::int64_t charged = budget.flops_used();
  return outcome_of(result, charged);
}

// The cell's text is the code itself.
#define OPERANDS_IN_SCOPE                                                                                     \
  [[maybe_unused]] auto &a = o.a, &b = o.b, &w = o.w, &s = o.s, &rhs = o.rhs, &vec = o.vec, &other = o.other, \
                        &mask = o.mask, &picked = o.picked, &u = o.u, &x = o.x, &v = o.v, &c = o.c;           \
  [[maybe_unused]] auto& rng = o.rng
#define CODE(...)                              \
  Row {                                        \
    .text = #__VA_ARGS__,                      \
    .run =                                     \
        [] {                                   \
          return run_counted([](Operands& o) { \
            OPERANDS_IN_SCOPE;                 \
            return __VA_ARGS__;                \
          });                                  \
        },                                     \
    .shape = {}, .values = {}                  \
  }

Row gives(Row row, Shape shape, Values values) {
  row.shape = std::move(shape);
  row.values = std::move(values);
  row.checks_values = true;
  return row;
}

// clang-format off
std::vector<Row> price_rows() {
  return {
      CODE(a + b),
      CODE(a > b),
      CODE(fnp::abs(a)),
      CODE(fnp::clip(a, 0, 1)),
      CODE(fnp::exp(a)),
      CODE(fnp::power(a, 3)),
      CODE(a.sum()),
      CODE(a.max(0)),
      CODE(a.mean(0)),
      CODE(a.var(0)),
      CODE(a.std(0)),
      CODE(a.cumsum(0)),
      CODE(fnp::median(a, 0)),
      CODE(fnp::count_nonzero(a, 0)),
      CODE(fnp::matmul(a, w)),
      CODE(fnp::einsum("ij,jk->ik", a, w)),
      CODE(fnp::dot(vec, other)),
      CODE(fnp::outer(vec, other)),
      CODE(fnp::linalg::cholesky(s)),
      CODE(fnp::linalg::solve(s, rhs)),
      CODE(fnp::linalg::inv(s)),
      CODE(fnp::linalg::det(s)),
      CODE(fnp::linalg::eigh(s)),
      CODE(fnp::linalg::qr(s)),
      CODE(fnp::linalg::svd(s)),
      CODE(fnp::linalg::norm(s)),
      CODE(fnp::zeros({100, 50})),
      CODE(fnp::full({100, 50}, 2.0)),
      CODE(fnp::eye(64)),
      CODE(fnp::linspace(0, 1, 1000)),
      CODE(a.T()),
      CODE(a.reshape({50, 100})),
      CODE(a.copy()),
      CODE(a.astype(fnp::float16)),
      CODE(fnp::concatenate({a, b})),
      CODE(fnp::where(mask, a, b)),
      CODE(fnp::take(a, picked, 0)),
      CODE(a[mask]),
      CODE(fnp::sort(a, 0)),
      CODE(fnp::searchsorted(vec, other)),
      CODE(fnp::unique(vec)),
      CODE(rng.standard_normal({1000})),
      CODE(rng.uniform(0, 1, {1000})),
      CODE(rng.integers(0, 10, {1000})),
      CODE(rng.permutation(vec)),
      CODE(flopscope::stats::norm::pdf(a)),
      CODE(flopscope::stats::norm::cdf(a)),
      CODE(flopscope::stats::norm::ppf(u)),
  };
}

std::vector<Row> idiom_rows() {
  return {
      gives(CODE(fnp::zeros({2, 3}, fnp::float32)), {2, 3}, Values(6, 0)),
      gives(CODE(fnp::array({1.5, 2.5})), {2}, {1.5, 2.5}),
      gives(CODE(fnp::arange(4.0)), {4}, {0, 1, 2, 3}),
      gives(CODE(2.0 * v - 1.0), {4}, {-1, 1, 3, 5}),
      gives(CODE(fnp::power(v, 2)), {4}, {0, 1, 4, 9}),
      gives(CODE(fnp::matmul(x, v)), {3}, {14, 38, 62}),
      gives(CODE(x.sum(0)), {4}, {12, 15, 18, 21}),
      gives(CODE(x.mean({0, 1}, true)), {1, 1}, {5.5}),
      gives(CODE(fnp::var(x, kw::axis = 0, kw::ddof = 1)), {4}, {16, 16, 16, 16}),
      gives(CODE(x[slice(1, {}), slice({}, {}, 2)]), {2, 2}, {4, 6, 8, 10}),
      gives(CODE(x[x > 8]), {3}, {9, 10, 11}),
      gives(CODE(v[slice(), newaxis]), {4, 1}, {0, 1, 2, 3}),
      gives(CODE(fnp::maximum(v, 2)), {4}, {2, 2, 2, 3}),
      gives(CODE(fnp::where(v > 1, v, 0.0)), {4}, {0, 0, 2, 3}),
      gives(CODE(fnp::einsum("ij,kj->ik", x, x)), {3, 3}, {14, 38, 62, 38, 126, 214, 62, 214, 366}),
      gives(CODE(fnp::stack({v, v}, 1)), {4, 2}, {0, 0, 1, 1, 2, 2, 3, 3}),
      gives(CODE(fnp::outer(v, v)), {4, 4}, {0, 0, 0, 0, 0, 1, 2, 3, 0, 2, 4, 6, 0, 3, 6, 9}),
      gives(CODE(fnp::argsort(-v)), {4}, {3, 2, 1, 0}),
      gives(CODE(double(x.max())), {}, {11}),
      gives(CODE(x.T().astype(fnp::float32)), {4, 3}, {0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11}),
      gives(CODE(fnp::random::default_rng(7).standard_normal({2})), {2},
            {0.0012301533574825742, 0.2987455375084699}),
      gives(CODE(flopscope::stats::norm::cdf(v)), {4},
            {0.5, 0.8413447460685429, 0.9772498680518208, 0.9986501019683699}),
      gives(CODE(fnp::linalg::solve(c, c)), {3, 3}, {1, 0, 0, 0, 1, 0, 0, 0, 1}),
  };
}
// clang-format on

}  // namespace

const std::vector<Row>& rows() {
  static const std::vector<Row> k_rows = [] {
    std::vector<Row> all = price_rows();
    for (Row& row : idiom_rows()) all.push_back(std::move(row));
    return all;
  }();
  return k_rows;
}

}  // namespace docs
