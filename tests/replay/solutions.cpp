// SPDX-License-Identifier: MIT
// Inverses, solutions and least squares, compared by the problem they solve. A stable algorithm returns the exact
// answer of a matrix A + E, |E| <= tau = backward_error |A|; so along each singular direction (u, s, v) of A, an answer
// x for b has |u^H (A x - b)| <= tau |x| + tau / s |what of b A cannot reach|, and nothing of x lies outside the rows
// of A. Both answers are held to that, ours and the golden one. It is as sharp as the condition of the matrix allows,
// forward error tau |x| / s, and says what is left of a matrix that is singular but for rounding.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <whest/flopscope/core/waist.hpp>

#include "compare.hpp"
#include "matrix.hpp"

namespace flopscope::replay {
namespace {

// One matrix, the right-hand sides of its columns, and the singular values that count as zero.
struct Problem {
  Matrix a, b;
  double eps = 0;
  double cut = -1;  // below: a direction that is left out; negative: none
};

// A's singular directions under a backward error: certainly in, certainly left out, or as rounding has it.
struct Directions {
  Svd svd;
  double relative = 0, tau = 0, cut = -1;
  Directions(const Problem& p)
      : svd(svd_of(p.a)), relative(backward_error(p.a, p.eps)), tau(relative * svd.largest()), cut(p.cut) {}
  bool is_kept(std::size_t i) const { return cut < 0 || svd.s[i] > cut + tau; }
  bool is_dropped(std::size_t i) const { return cut >= 0 && svd.s[i] <= cut - tau; }
  bool all_kept() const {
    for (std::size_t i = 0; i < svd.s.size(); ++i)
      if (!is_kept(i)) return false;
    return true;
  }
};

Complex128 along(const Matrix& directions, std::size_t i, const Matrix& x, std::int64_t j) {
  Complex128 sum = 0;
  for (std::int64_t k = 0; k < x.rows; ++k)
    sum += std::conj(directions.at(k, static_cast<std::int64_t>(i))) * x.at(k, j);
  return sum;
}

// Column j of x less its parts along the directions that `taken` names.
template <class Taken>
double outside(const Matrix& directions, std::size_t count, const Matrix& x, std::int64_t j, Taken taken) {
  Matrix rest(x.rows, 1);
  for (std::int64_t k = 0; k < x.rows; ++k) rest.at(k, 0) = x.at(k, j);
  for (std::size_t i = 0; i < count; ++i) {
    if (!taken(i)) continue;
    const Complex128 part = along(directions, i, x, j);
    for (std::int64_t k = 0; k < x.rows; ++k) rest.at(k, 0) -= part * directions.at(k, static_cast<std::int64_t>(i));
  }
  return column_norm(rest, 0);
}

// What of column j of b the kept directions do not reach: 0 for a matrix that reaches all.
double unreached(const Problem& p, const Directions& d, std::int64_t j) {
  if (p.a.rows <= p.a.cols && d.all_kept()) return 0;
  return outside(d.svd.u, d.svd.s.size(), p.b, j, [&](std::size_t i) { return d.is_kept(i); });
}

std::string check_column(const Problem& p, const Directions& d, const Matrix& residual, const Matrix& x,
                         std::int64_t j) {
  const double size = column_norm(x, j), of_b = column_norm(p.b, j), left = unreached(p, d, j);
  double spread = d.relative * size;  // how far the rows of A + E lie beside those of A, along x
  for (std::size_t i = 0; i < d.svd.s.size(); ++i) {
    const double s = d.svd.s[i];
    if (!d.is_dropped(i)) spread += std::min(1.0, s > 0 ? d.tau / s : 1.0) * std::abs(along(d.svd.v, i, x, j)) * 2;
    if (!d.is_kept(i)) continue;
    const double bound = d.tau * size + d.relative * of_b + (left > 0 ? d.tau / s * left : 0);
    const double off = std::abs(along(d.svd.u, i, residual, j));
    if (!(off <= bound)) return fmt::format("A x - b is off by {} in column {} (tolerance {})", off, j, bound);
  }
  const double beside = outside(d.svd.v, d.svd.s.size(), x, j, [&](std::size_t i) { return !d.is_dropped(i); });
  if (!(beside <= spread)) return fmt::format("column {} is off the rows of A by {} (tolerance {})", j, beside, spread);
  return "";
}

std::string check_solution(const Problem& p, const Directions& d, const Matrix& x) {
  if (!is_finite(x)) return "an element is not finite";
  Matrix residual = product(p.a, x);
  for (std::size_t i = 0; i < residual.x.size(); ++i) residual.x[i] -= p.b.x[i];
  for (std::int64_t j = 0; j < x.cols; ++j)
    if (std::string s = check_column(p, d, residual, x, j); !s.empty()) return s;
  return "";
}

// How far two such answers may be apart, for golden ones that are not listed whole.
double forward_error(const Problem& p, const Directions& d, const Matrix& x) {
  double least = HUGE_VAL, error = 0;
  for (std::size_t i = 0; i < d.svd.s.size(); ++i)
    if (!d.is_dropped(i)) least = std::min(least, d.is_kept(i) ? d.svd.s[i] : 0.0);
  if (!(least > 2 * d.tau)) return HUGE_VAL;
  for (std::int64_t j = 0; j < x.cols; ++j)
    error = std::max(error, 2 * d.tau / least * (column_norm(x, j) + unreached(p, d, j) / least) +
                                2 * d.relative * column_norm(p.b, j) / least);
  return error;
}

// ---- The problems that operations pose ----

struct Stack {
  std::vector<Problem> problems;
  std::int64_t rows = 0, cols = 0;  // of one answer
};

// The place in a stack of shape `own` (the last `inner` axes left out) of the t-th of a stack of shape `whole`.
std::int64_t broadcast_place(std::int64_t t, const Dims& whole, const Array& own, int inner) {
  std::int64_t place = 0, step = 1;
  int d = own.ndim - inner - 1;
  for (int w = whole.size() - 1; w >= 0; --w, --d) {
    const std::int64_t index = t % whole[w];
    t /= whole[w];
    if (d < 0) continue;
    place += own.shape[d] == 1 ? 0 : index * step;
    step *= own.shape[d];
  }
  return place;
}

Dims stack_shape(const Array& answer, int inner) {
  Dims out;
  for (int d = 0; d + inner < answer.ndim; ++d) out.push_back(answer.shape[d]);
  return out;
}

Stack inverses(const Array& a, double eps) {
  Stack out{{}, a.shape[a.ndim - 1], a.shape[a.ndim - 2]};
  for (const Matrix& m : matrices(a)) out.problems.push_back({m, identity(m.rows), eps});
  return out;
}

// pinv(a, rcond, hermitian, rtol): values at or below rcond times the largest are left out.
Stack pseudo_inverses(std::span<const Value> args, double eps) {
  Stack out = inverses(args[0].as_array(), eps);
  const auto given = [&](std::size_t i) { return i < args.size() && !args[i].is_absent(); };
  const Value* limit = given(1) ? &args[1] : given(3) ? &args[3] : nullptr;
  const ArrayRef limits = limit != nullptr ? to_array(*limit) : nullptr;
  for (std::size_t b = 0; b < out.problems.size(); ++b) {
    double rcond = 1e-15;
    if (limits && limits->size > 0)
      rcond = matrices_shaped(*limits, 1, 1)[b % static_cast<std::size_t>(limits->size)].x[0].real();
    out.problems[b].cut = rcond * svd_of(out.problems[b].a).largest();
  }
  return out;
}

Stack solves(const Array& a, const Array& b, const Array& answer, double eps) {
  const bool vector = b.ndim == 1;
  const std::int64_t n = a.shape[a.ndim - 1], cols = vector ? 1 : b.shape[b.ndim - 1];
  Stack out{{}, n, cols};
  const auto as = matrices(a), bs = matrices_shaped(b, n, cols);
  const Dims whole = stack_shape(answer, vector ? 1 : 2);
  for (std::int64_t t = 0; n * cols > 0 && t < answer.size / (n * cols); ++t)
    out.problems.push_back({as[static_cast<std::size_t>(broadcast_place(t, whole, a, 2))],
                            bs[static_cast<std::size_t>(vector ? 0 : broadcast_place(t, whole, b, 2))], eps});
  return out;
}

// tensorsolve(a, b, axes): the axes go last, then the axes of b are rows.
Stack tensor_solves(std::span<const Value> args, const Array& answer, double eps) {
  ArrayRef a = ref_of(args[0].as_array());
  if (args.size() > 2 && !args[2].is_absent()) {
    std::vector<Value> last;
    const std::size_t count = args[2].is_sequence() ? args[2].as_items().size() : 1;
    for (std::size_t i = 0; i < count; ++i)
      last.push_back(Value::integer(static_cast<std::int64_t>(i) - static_cast<std::int64_t>(count)));
    const Value call[] = {args[0], args[2], Value::tuple(last)};
    a = invoke("moveaxis", call, {}).array();
  }
  const std::int64_t n = answer.size;
  Stack out{{}, n, 1};
  if (n > 0) out.problems.push_back({matrices_shaped(*a, n, n)[0], matrices_shaped(args[1].as_array(), n, 1)[0], eps});
  return out;
}

// The first of its matrices, which may have no columns.
Matrix one_matrix(const Array& a, std::int64_t rows, std::int64_t cols) {
  return rows * cols > 0 ? matrices_shaped(a, rows, cols)[0] : Matrix(rows, cols);
}

Stack least_squares(std::span<const Value> args, double eps) {
  const Array &a = args[0].as_array(), &b = args[1].as_array();
  const std::int64_t cols = b.ndim == 1 ? 1 : b.shape[1];
  Stack out{{}, a.shape[1], cols};
  if (a.size == 0) return out;
  Problem p{matrices(a)[0], one_matrix(b, a.shape[0], cols), eps};
  double rcond = eps * static_cast<double>(std::max(a.shape[0], a.shape[1]));
  if (args.size() > 2 && !args[2].is_absent()) rcond = to_double(args[2], "rcond");
  p.cut = (rcond < 0 ? eps : rcond) * svd_of(p.a).largest();
  out.problems.push_back(std::move(p));
  return out;
}

bool has_array(std::span<const Value> args, std::size_t i) { return i < args.size() && args[i].is_array(); }

std::optional<Stack> problems_of(const std::string& op, std::span<const Value> args, const Array& answer) {
  if (!has_array(args, 0) || args[0].as_array().ndim < (op == "linalg.tensorinv" ? 1 : 2)) return std::nullopt;
  const double eps = epsilon_of(answer.type());
  const Array& a = args[0].as_array();
  if (op == "linalg.inv") return inverses(a, eps);
  if (op == "linalg.pinv") return pseudo_inverses(args, eps);
  if (op == "linalg.tensorinv") {
    const auto n = static_cast<std::int64_t>(std::llround(std::sqrt(static_cast<double>(a.size))));
    Stack out{{}, n, n};
    for (const Matrix& m : matrices_shaped(a, n, n)) out.problems.push_back({m, identity(n), eps});
    return out;
  }
  if (!has_array(args, 1)) return std::nullopt;
  if (op == "linalg.solve") return solves(a, args[1].as_array(), answer, eps);
  if (op == "linalg.tensorsolve") return tensor_solves(args, answer, eps);
  if (op == "linalg.lstsq") return least_squares(args, eps);
  return std::nullopt;
}

bool is_finite(const Stack& stack) {
  return std::ranges::all_of(stack.problems,
                             [](const Problem& p) { return replay::is_finite(p.a) && replay::is_finite(p.b); });
}

std::string compare_answers(const Stack& stack, const Array& got, const Json& expected) {
  const auto ours = matrices_shaped(got, stack.rows, stack.cols);
  const auto golden = golden_matrices(expected, stack.rows, stack.cols);
  const std::int64_t each = stack.rows * stack.cols;
  std::vector<double> bounds;
  for (std::size_t t = 0; t < ours.size(); ++t) {
    const Problem& p = stack.problems[t];
    const Directions d(p);
    if (std::string s = check_solution(p, d, ours[t]); !s.empty()) return fmt::format("answer {}: {}", t, s);
    if (golden)
      if (std::string s = check_solution(p, d, (*golden)[t]); !s.empty())
        return fmt::format("answer {}, the golden one: {}", t, s);
    if (!golden) bounds.resize(bounds.size() + static_cast<std::size_t>(each), forward_error(p, d, ours[t]));
  }
  if (golden) return "";
  return compare_elements(got, expected, [&](std::int64_t i) { return bounds[static_cast<std::size_t>(i)]; });
}

// lstsq's other results: |A x - b|^2, the rank, the singular values.
std::string compare_least_squares_rest(const Problem& p, const std::vector<Result>& got, const Json& expected) {
  const Directions d(p);
  const Matrix x = one_matrix(*got[0].array(), p.a.cols, p.b.cols);
  const auto of_column = [&](std::int64_t j) {
    const double r = outside(d.svd.u, d.svd.s.size(), p.b, j, [](std::size_t) { return true; });
    const double off = d.tau * column_norm(x, j) + d.relative * column_norm(p.b, j);
    return 2 * off * (r + off) + d.relative * r * r;
  };
  if (std::string s = compare_elements(*got[1].array(), expected.at(1), of_column); !s.empty())
    return "the residual: " + s;
  if (d.all_kept())
    if (std::string s = compare_result(got[2], expected.at(2), {}, false); !s.empty()) return "the rank: " + s;
  return compare_elements(*got[3].array(), expected.at(3), [&](std::int64_t) { return 2 * d.tau; });
}

}  // namespace

std::optional<std::string> compare_solution(const std::string& op, std::span<const Value> args, const Result& got,
                                            const Json& expected) {
  const bool many = op == "linalg.lstsq";
  if (expected.is_null() || expected.contains("tuple") != many) return std::nullopt;
  const bool has_answer = many ? got.items() != nullptr && got.items()->size() == 4 : got.is_array();
  if (!has_answer) return std::nullopt;
  const Array& answer = many ? *got.items()->front().array() : *got.array();
  const auto stack = problems_of(op, args, answer);
  if (!stack || stack->problems.empty() || !is_finite(*stack)) return std::nullopt;
  if (std::string s = compare_result(got, expected, {}, true); !s.empty()) return s;
  const Json& want = many ? expected.at("tuple").at(0) : expected;
  std::string s = compare_answers(*stack, answer, want);
  if (s.empty() && many) s = compare_least_squares_rest(stack->problems[0], *got.items(), expected.at("tuple"));
  return s;
}

bool is_singular_but_for_rounding(const std::string& op, std::span<const Value> args, const Json& expected) {
  if (op == "linalg.matrix_power" && (args.size() < 2 || !args[1].is(ValueKind::integer) || args[1].i >= 0))
    return false;
  if (op != "linalg.inv" && op != "linalg.solve" && op != "linalg.tensorinv" && op != "linalg.tensorsolve" &&
      op != "linalg.matrix_power")
    return false;
  if (!has_array(args, 0) || expected.is_null() || !expected.contains("dtype")) return false;
  const Array& a = args[0].as_array();
  const auto side = static_cast<std::int64_t>(std::llround(std::sqrt(static_cast<double>(a.size))));
  const double eps = epsilon_of(*dtype_from_name(expected.at("dtype").get<std::string>()));
  const auto stack = op.starts_with("linalg.tensor") ? matrices_shaped(a, side, side) : matrices(a);
  return std::ranges::any_of(stack, [&](const Matrix& m) {
    const Svd svd = svd_of(m);
    return svd.smallest() <= backward_error(m, eps) * svd.largest();
  });
}

}  // namespace flopscope::replay
