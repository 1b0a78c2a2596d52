// SPDX-License-Identifier: MIT
// Samplers whose samples are vectors.
#include <cmath>
#include <whest/flopscope/ops/detail/matrix_stack.hpp>
#include <whest/flopscope/ops/detail/random_operations.hpp>
#include <whest/random/continuous.hpp>
#include <whest/random/hypergeometric.hpp>
#include <whest/random/vectors.hpp>

namespace flopscope::sampling {
namespace {

namespace rnd = whest::random;

// `size` with one axis more for the vector.
Dims with_vector(const Value& size, std::int64_t length) {
  Dims shape = to_size(size).value_or(Dims());
  shape.push_back(length);
  return shape;
}

template <class T>
std::span<T> all_items(const ArrayRef& a) {
  return {a->template mutable_items<T>(), static_cast<std::size_t>(a->size)};
}

template <class T>
ArrayRef vector_argument(const Value& v, std::string_view name) {
  const ArrayRef a = contiguous_as(*to_array(v), dtype_of<T>);
  if (a->ndim != 1) throw_value_error(std::string(name) + " must be 1-dimensional");
  return a;
}

void refuse(const std::optional<std::string>& why) {
  if (why) throw_value_error(*why);
}

// out elements, as for single numbers; batch samples of n numbers.
PriceInput price_of_vectors(const Dims& shape) {
  PriceInput price;
  price.n = static_cast<double>(shape.back());
  price.in = price.out = price.unique_out = static_cast<double>(element_count(shape));
  price.batch = static_cast<double>(
      element_count(std::span<const std::int64_t>(shape).first(static_cast<std::size_t>(shape.size() - 1))));
  return price;
}

std::int64_t shown_count(const Dims& shape) { return std::max<std::int64_t>(element_count(shape), 1); }

// The covariance's factor F, row-major d x d: a sample is mean + F z, z standard normal.
enum class Method { svd, eigh, cholesky };

Method to_method(const Value& v) {
  if (v.is_absent() || v.as_string() == "svd") return Method::svd;
  if (v.as_string() == "eigh") return Method::eigh;
  if (v.as_string() == "cholesky") return Method::cholesky;
  throw_value_error("method must be one of {'eigh', 'svd', 'cholesky'}");
}

struct Factor {
  std::vector<double> values;  // row-major d x d
  bool positive = true;        // whether the covariance is positive semidefinite within the tolerance
};

Factor cholesky_factor(const Array& cov, std::int64_t d) {
  std::vector<double> columns(static_cast<std::size_t>(d * d));
  linalg::to_columns(cov.items<double>(), d, d, columns.data());
  if (d > 0 && lapack::potrf('L', linalg::lapack_index(d), columns.data()) != 0)
    linalg::throw_lin_alg_error("Matrix is not positive definite");
  Factor out{.values = std::vector<double>(static_cast<std::size_t>(d * d)), .positive = true};
  for (std::int64_t i = 0; i < d; ++i)
    for (std::int64_t j = 0; j <= i; ++j)
      out.values[static_cast<std::size_t>(i * d + j)] = columns[static_cast<std::size_t>(j * d + i)];
  return out;
}

Factor eigh_factor(const Array& cov, std::int64_t d, double tolerance) {
  const linalg::StackShape shape{.batch = {}, .count = 1, .m = d, .n = d};
  const linalg::Eigh e = linalg::eigh(cov, shape, 'L', true);
  Factor out{.values = std::vector<double>(static_cast<std::size_t>(d * d)), .positive = true};
  for (std::int64_t j = 0; j < d; ++j) {
    const double s = e.values->items<double>()[j];
    if (s < -tolerance) out.positive = false;
    for (std::int64_t i = 0; i < d; ++i)
      out.values[static_cast<std::size_t>(i * d + j)] = e.vectors->items<double>()[i * d + j] * std::sqrt(std::fabs(s));
  }
  return out;
}

// Generator takes the columns of U, RandomState the rows of V^H.
Factor svd_factor(const Array& cov, std::int64_t d, double tolerance, bool from_right) {
  const linalg::StackShape shape{.batch = {}, .count = 1, .m = d, .n = d};
  const linalg::Svd f = linalg::svd(cov, shape, linalg::Vectors::full, false);
  const double* s = f.s->items<double>();
  const double* vh = f.vh->items<double>();
  Factor out{.values = std::vector<double>(static_cast<std::size_t>(d * d)), .positive = true};
  for (std::int64_t i = 0; i < d; ++i)
    for (std::int64_t j = 0; j < d; ++j) {
      const double vector = from_right ? vh[j * d + i] : f.u->items<double>()[i * d + j];
      out.values[static_cast<std::size_t>(i * d + j)] = vector * std::sqrt(s[j]);
      double again = 0;  // of a positive semidefinite matrix V S V^H is the matrix itself
      for (std::int64_t k = 0; k < d; ++k) again += vh[k * d + i] * s[k] * vh[k * d + j];
      const double c = cov.items<double>()[i * d + j];
      if (!(std::fabs(again - c) <= tolerance + tolerance * std::fabs(c))) out.positive = false;
    }
  return out;
}

}  // namespace

Result run_dirichlet(Call& call) {
  const int first = first_argument(call);
  const ArrayRef alpha = vector_argument<double>(call.arg(first), "alpha");
  const Dims shape = with_vector(call.arg(first + 1), alpha->size);
  const std::span<const double> a = all_items<double>(alpha);
  refuse(rnd::refuse_dirichlet(random_object_of(call).stream.algorithms, a));
  charge_drawn(call, price_of_vectors(shape), DType::float64, {shown_count(shape)});

  Source source = source_of(call);
  ArrayRef out = Array::make(DType::float64, shape);
  auto items = all_items<double>(out);
  for (std::size_t i = 0; i < items.size(); i += a.size())
    rnd::dirichlet(source.stream(), a, items.subspan(i, a.size()));
  return out;
}

namespace {

// What each sample of a multinomial draw is drawn from, in C order: Generator broadcasts counts and probabilities,
// RandomState takes one of each.
struct MultinomialSamples {
  ArrayRef counts;         // int64, of the samples' shape
  ArrayRef probabilities;  // float64, with one axis more
};

MultinomialSamples to_multinomial(const Value& n, const Value& pvals, const Value& size, bool broadcasts) {
  MultinomialSamples from;
  if (broadcasts) {
    from.counts = to_array(n);
    if (!is_integer(from.counts->type())) throw_type_error("n must be an integer");
    from.counts = contiguous_as(*from.counts, DType::int64);
    from.probabilities = contiguous_as(*to_array(pvals), DType::float64);
    if (from.probabilities->ndim == 0) throw_value_error("pvals must have at least 1 dimension");
  } else {
    from.counts = scalar_array(to_int(n, "n"));
    from.probabilities = vector_argument<double>(pvals, "pvals");
  }
  const Dims lengths(from.probabilities->dims());
  const auto rows = std::span<const std::int64_t>(lengths).first(static_cast<std::size_t>(lengths.size() - 1));
  Dims shape = broadcast(from.counts->dims(), rows);
  if (const std::optional<Dims> asked = to_size(size)) shape = *asked;  // the views below refuse one that does not fit
  Dims with_row = shape;
  with_row.push_back(lengths.back());
  from.counts = contiguous_copy_if_needed(*broadcast_view(*from.counts, shape));
  from.probabilities = contiguous_copy_if_needed(*broadcast_view(*from.probabilities, with_row));
  return from;
}

}  // namespace

Result run_multinomial(Call& call) {
  const int first = first_argument(call);
  const bool generator = random_object_of(call).stream.algorithms == rnd::Algorithms::generator;
  const MultinomialSamples from = to_multinomial(call.arg(first), call.arg(first + 1), call.arg(first + 2), generator);
  const Dims shape(from.probabilities->dims());
  const auto length = static_cast<std::size_t>(shape.back());
  const std::span<const std::int64_t> n = all_items<std::int64_t>(from.counts);
  const std::span<const double> p = all_items<double>(from.probabilities);
  if (length == 0) refuse(rnd::refuse_multinomial(0, {}));
  for (std::size_t i = 0; i < n.size(); ++i) refuse(rnd::refuse_multinomial(n[i], p.subspan(i * length, length)));
  charge_drawn(call, price_of_vectors(shape), DType::int64, {shown_count(shape)});

  Source source = source_of(call);
  ArrayRef out = Array::make(DType::int64, shape);
  auto items = all_items<std::int64_t>(out);
  for (std::size_t i = 0; i < n.size(); ++i)
    rnd::multinomial(source.stream(), n[i], p.subspan(i * length, length), items.subspan(i * length, length));
  return out;
}

Result run_multivariate_hypergeometric(Call& call) {
  const int first = first_argument(call);
  const ArrayRef colours = vector_argument<std::int64_t>(call.arg(first), "colors");
  const std::int64_t sample = to_int(call.arg(first + 1), "nsample");
  const std::span<const std::int64_t> c = all_items<std::int64_t>(colours);
  refuse(rnd::refuse_multivariate_hypergeometric(c, sample));
  const Value& method = call.arg(first + 3);
  const bool count = method.is(ValueKind::string) && method.as_string() == "count";
  if (method.is(ValueKind::string) && !count && method.as_string() != "marginals")
    throw_value_error("method must be \"count\" or \"marginals\".");
  const Dims shape = with_vector(call.arg(first + 2), colours->size);
  PriceInput price = price_of_vectors(shape);
  std::int64_t total = 0;
  for (const std::int64_t x : c) total += x;
  price.length = static_cast<double>(total);
  price.k = static_cast<double>(sample > total / 2 ? total - sample : sample);
  price.parts = count ? 1 : 0;
  charge_drawn(call, price, DType::int64, {shown_count(shape)});

  Source source = source_of(call);
  ArrayRef out = Array::make(DType::int64, shape);
  if (out->size > 0)
    rnd::draw_colours(*source.stream().bits, c, sample, count ? rnd::ColourMethod::count : rnd::ColourMethod::marginals,
                      all_items<std::int64_t>(out));
  return out;
}

// mean, cov, size, check_valid, tol [, method].
Result run_multivariate_normal(Call& call) {
  const int first = first_argument(call);
  const bool generator = random_object_of(call).stream.algorithms == rnd::Algorithms::generator;
  const Method method = generator ? to_method(call.arg(first + 5)) : Method::svd;
  const std::string_view check = call.arg(first + 3).is_absent() ? "warn" : call.arg(first + 3).as_string();
  if (check != "warn" && check != "raise" && check != "ignore")
    throw_value_error("check_valid must equal 'warn', 'raise', or 'ignore'");
  const double tolerance = call.arg(first + 4).is_absent() ? 1e-8 : to_double(call.arg(first + 4), "tol");
  const ArrayRef mean = vector_argument<double>(call.arg(first), "mean");
  const ArrayRef cov = contiguous_as(*to_array(call.arg(first + 1)), DType::float64);
  if (cov->ndim != 2 || cov->shape[0] != cov->shape[1]) throw_value_error("cov must be 2 dimensional and square");
  const std::int64_t d = mean->size;
  if (d == 0) throw_value_error("cannot reshape array of size 0 into shape (0)");
  if (cov->shape[0] != d) throw_value_error("mean and cov must have same length");
  const auto holds_complex = [&](int i) { return is_complex(to_array(call.arg(first + i))->type()); };
  if (holds_complex(0) || (generator && holds_complex(1))) throw_type_error("mean and cov must not be complex");
  const Dims shape = with_vector(call.arg(first + 2), d);
  const PriceInput price = price_of_vectors(shape);
  if (call.model.rule("multivariate_normal.logs_samples_and_axes"))
    charge_drawn(call, price, DType::float64, {static_cast<std::int64_t>(price.batch), shape.back()});
  else
    charge_drawn(call, price, DType::float64, {shown_count(shape)});

  const Factor factor = method == Method::cholesky ? cholesky_factor(*cov, d)
                        : method == Method::eigh   ? eigh_factor(*cov, d, tolerance)
                                                   : svd_factor(*cov, d, tolerance, !generator);
  if (check == "raise" && !factor.positive) throw_value_error("covariance is not symmetric positive-semidefinite.");
  Source source = source_of(call);
  ArrayRef out = Array::make(DType::float64, shape);
  auto items = all_items<double>(out);
  const auto width = static_cast<std::size_t>(d);
  for (double& x : items) x = rnd::standard_normal(source.stream());
  std::vector<double> z(width);
  for (std::size_t row = 0; row < items.size(); row += width) {
    std::copy_n(items.data() + row, width, z.data());
    for (std::size_t i = 0; i < width; ++i) {
      double sum = 0;
      for (std::size_t j = 0; j < width; ++j) sum += factor.values[i * width + j] * z[j];
      items[row + i] = mean->items<double>()[i] + sum;
    }
  }
  return out;
}

}  // namespace flopscope::sampling
