// SPDX-License-Identifier: MIT
// Polynomials fitted to data by least squares.
#include <cmath>
#include <limits>
#include <whest/flopscope/ops/detail/matrix_stack.hpp>
#include <whest/flopscope/ops/detail/polynomial_operations.hpp>

namespace flopscope::polynomial {
namespace {

using linalg::Complex;

enum class Covariance : std::uint8_t { none, unscaled, scaled };

// What a fit is made from, checked.
struct Problem {
  ArrayRef x, y, weights;
  std::int64_t points = 0, terms = 0, sets = 1;
  double rcond = 0;
  bool full = false;
  Covariance covariance = Covariance::none;
  DType dtype{};
};

Problem to_problem(Call& call) {
  Problem p;
  p.x = to_array(call.arg(0));
  p.y = to_array(call.arg(1));
  const std::int64_t degree = to_int(call.arg(2), "deg");
  if (degree < 0) throw_value_error("expected deg >= 0");
  if (degree == INT64_MAX) throw_value_error("deg is too large");
  p.terms = degree + 1;
  if (p.x->ndim != 1) throw_type_error("expected 1D vector for x");
  if (p.x->size == 0) throw_type_error("expected non-empty vector for x");
  if (p.y->ndim < 1 || p.y->ndim > 2) throw_type_error("expected 1D or 2D array for y");
  p.points = p.x->size;
  if (p.y->shape[0] != p.points) throw_type_error("expected x and y to have same length");
  if (p.y->ndim == 2) p.sets = p.y->shape[1];
  const DType of_x = p.x->type() == DType::float16 ? DType::float64 : linalg::result_dtype(p.x->type());
  constexpr double k_half_epsilon = 0x1p-10;
  const double epsilon = p.x->type() == DType::float16          ? k_half_epsilon
                         : real_part_of(of_x) == DType::float32 ? std::numeric_limits<float>::epsilon()
                                                                : std::numeric_limits<double>::epsilon();
  p.rcond = call.arg(3).is_absent() ? static_cast<double>(p.points) * epsilon : to_double(call.arg(3), "rcond");
  p.full = to_bool(call.arg(4), false);
  if (!call.arg(5).is_absent()) {
    p.weights = to_array(call.arg(5));
    if (p.weights->ndim != 1) throw_type_error("expected a 1-d array for weights");
    if (p.weights->size != p.points) throw_type_error("expected w and y to have the same length");
  }
  const Value& cov = call.arg(6);
  if (cov.is(ValueKind::string) && cov.as_string() == "unscaled")
    p.covariance = Covariance::unscaled;
  else if (cov.is(ValueKind::string) || to_bool(cov, false))
    p.covariance = Covariance::scaled;
  if (p.covariance == Covariance::scaled && !p.full && p.points <= p.terms)
    throw_value_error("the number of data points must exceed order to scale the covariance matrix");
  // The powers of x are taken in float64.
  p.dtype = promote(promote(of_x, linalg::result_dtype(p.y->type())), DType::float64);
  return p;
}

// The fit in double or complex double.
template <class T>
struct Fit {
  ArrayRef coefficients;  // terms x sets
  linalg::LeastSquares solution;
  ArrayRef covariance;  // terms x terms, not scaled by the residuals
};

template <class T>
Fit<T> fit(const Problem& p) {
  const std::int64_t m = p.points, n = p.terms;
  const ArrayRef x = contiguous_as(*p.x, dtype_of<T>);
  ArrayRef y = copy_of(*contiguous_as(*p.y, dtype_of<T>));
  ArrayRef left = Array::make(dtype_of<T>, Dims{m, n});
  T* powers = left->mutable_items<T>();
  for (std::int64_t i = 0; i < m; ++i) {
    T value(1);
    for (std::int64_t j = n - 1; j >= 0; --j, value *= x->items<T>()[i]) powers[i * n + j] = value;
  }
  if (p.weights) {
    const ArrayRef w = contiguous_as(*p.weights, dtype_of<T>);
    for (std::int64_t i = 0; i < m; ++i) {
      for (std::int64_t j = 0; j < n; ++j) powers[i * n + j] *= w->items<T>()[i];
      for (std::int64_t j = 0; j < p.sets; ++j) y->mutable_items<T>()[i * p.sets + j] *= w->items<T>()[i];
    }
    if (is_floating(p.y->type())) y = cast(*cast(*y, p.y->type()), dtype_of<T>);  // NumPy weights y in its own dtype
  }
  std::vector<T> scale(static_cast<std::size_t>(n));
  for (std::int64_t j = 0; j < n; ++j) {
    T sum(0);
    for (std::int64_t i = 0; i < m; ++i) sum += powers[i * n + j] * powers[i * n + j];
    scale[static_cast<std::size_t>(j)] = std::sqrt(sum);
    for (std::int64_t i = 0; i < m; ++i) powers[i * n + j] /= scale[static_cast<std::size_t>(j)];
  }
  Fit<T> out;
  out.solution = linalg::least_squares(*left, *y, m, n, p.sets, p.rcond);
  out.coefficients = out.solution.solution;
  for (std::int64_t j = 0; j < n; ++j)
    for (std::int64_t s = 0; s < p.sets; ++s)
      out.coefficients->template mutable_items<T>()[j * p.sets + s] /= scale[static_cast<std::size_t>(j)];
  if (p.full || p.covariance == Covariance::none) return out;
  ArrayRef gram = zeros(dtype_of<T>, Dims{n, n});
  for (std::int64_t i = 0; i < m; ++i)
    for (std::int64_t a = 0; a < n; ++a)
      for (std::int64_t b = 0; b < n; ++b) gram->mutable_items<T>()[a * n + b] += powers[i * n + a] * powers[i * n + b];
  out.covariance = linalg::inverse(*gram, {.batch = {}, .count = 1, .m = n, .n = n});
  for (std::int64_t a = 0; a < n; ++a)
    for (std::int64_t b = 0; b < n; ++b)
      out.covariance->template mutable_items<T>()[a * n + b] /=
          scale[static_cast<std::size_t>(a)] * scale[static_cast<std::size_t>(b)];
  return out;
}

// The covariance times the residuals per degree of freedom; one table for each data set when y has two axes.
template <class T>
ArrayRef scaled_covariance(const Problem& p, const Fit<T>& f) {
  const bool many = p.y->ndim == 2;
  const bool scaled = p.covariance == Covariance::scaled;
  const std::int64_t n = p.terms, known = f.solution.residuals->size, sets = scaled ? (many ? known : 1) : 1;
  ArrayRef out = many ? Array::make(dtype_of<T>, Dims{n, n, sets}) : Array::make(dtype_of<T>, Dims{n, n});
  for (std::int64_t i = 0; i < n * n; ++i)
    for (std::int64_t s = 0; s < sets; ++s) {
      double factor = 1;
      if (scaled && known > 0)
        factor = f.solution.residuals->template items<double>()[s] / static_cast<double>(p.points - n);
      out->mutable_items<T>()[i * sets + s] = f.covariance->template items<T>()[i] * factor;
    }
  return out;
}

ArrayRef as_vector(const ArrayRef& a) {
  const std::int64_t size = a->size, step = a->item_bytes();
  return Array::view(a->storage(), a->items<std::byte>(), a->type(), {&size, 1}, {&step, 1});
}

}  // namespace

namespace {

// The caller's number, or one of the precision of the points.
Result rcond_of(const Problem& p, bool given) {
  const ArrayRef rcond = scalar_array<double>(p.rcond);
  return given || !is_real_floating(p.x->type()) ? rcond : cast(*rcond, p.x->type());
}

}  // namespace

Result run_polyfit(Call& call) {
  const Problem p = to_problem(call);
  PriceInput price;
  price.m = static_cast<double>(p.points);
  price.n = static_cast<double>(p.terms);
  price.rhs = static_cast<double>(p.sets);
  price.parts = p.full ? 0 : static_cast<double>(p.covariance);
  call.charge(price, p.dtype);
  return linalg::visit_work(p.dtype, [&]<class T>() -> Result {
    const Fit<T> f = fit<T>(p);
    const ArrayRef c = p.y->ndim == 1 ? as_vector(f.coefficients) : f.coefficients;
    if (p.full)
      return Result::tuple({c, f.solution.residuals, scalar_array<std::int32_t>(f.solution.rank),
                            f.solution.singular_values, rcond_of(p, !call.arg(3).is_absent())});
    if (p.covariance == Covariance::none) return c;
    const ArrayRef covariance = scaled_covariance(p, f);  // of the points: their values do not make it complex
    return Result::tuple({c, is_complex(p.x->type()) ? covariance : cast(*covariance, DType::float64)});
  });
}

}  // namespace flopscope::polynomial
