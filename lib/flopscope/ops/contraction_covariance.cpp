// SPDX-License-Identifier: MIT
// cov and corrcoef: centred products of variables, as numpy.cov defines them.
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>
#include <whest/flopscope/ops/detail/contract.hpp>
#include <whest/flopscope/ops/detail/contraction_operations.hpp>
#include <whest/flopscope/ops/detail/fold.hpp>
#include <whest/flopscope/ops/detail/layout.hpp>
#include <whest/flopscope/ops/detail/ufuncs.hpp>

namespace flopscope::contract {
namespace {

// Variables by rows, observations by columns: numbers of the dtype `own`, in double precision.
struct Table {
  std::int64_t variables = 0, observations = 0;
  DType natural = DType::float64;  // of the operands, at least double
  DType own = DType::float64;      // the one asked for, or the natural one
  ArrayRef x;
};

ArrayRef variables_of(const ArrayRef& m, bool rows_are_variables) {
  if (m->ndim > 2) throw_value_error("m has more than 2 dimensions");
  if (m->ndim < 2) return detail::reshaped(*m, Dims{1, m->size});
  return rows_are_variables ? m : detail::reversed_axes(*m);
}

Table table_of(const ArrayRef& m, const ArrayRef& y, bool rows_are_variables, const Value& asked) {
  std::vector<ArrayRef> parts{variables_of(m, rows_are_variables)};
  if (y) parts.push_back(variables_of(y, rows_are_variables));
  Table table{.observations = parts[0]->shape[1], .x = nullptr};
  for (const ArrayRef& part : parts) {
    if (part->shape[1] != table.observations)
      throw_value_error("all the input array dimensions except for the concatenation axis must match exactly");
    table.variables += part->shape[0];
    table.natural = promote(table.natural, part->type());
  }
  table.own = to_dtype(asked, table.natural);
  if (!is_floating(table.own))
    throw_type_error("Cannot cast ufunc 'subtract' output to an integer dtype with casting rule 'same_kind'");
  table.x = Array::make(promote(table.own, DType::float64), Dims{table.variables, table.observations});
  std::int64_t row = 0;
  for (const ArrayRef& part : parts) {
    copy_into(*detail::sliced(*table.x, 0, row, part->shape[0]), *cast(*part, table.own));
    row += part->shape[0];
  }
  return table;
}

// Price facts: the shape as given (y doubles the variables), and the table's.
PriceInput price_of(const ArrayRef& m, const ArrayRef& y, const Table& table) {
  PriceInput price;
  const auto variables = [](const ArrayRef& a) { return a->ndim < 2 ? 1.0 : static_cast<double>(a->shape[0]); };
  price.m = variables(m) + (y ? variables(y) : 0);
  price.n = static_cast<double>(m->ndim < 2 ? m->size : m->shape[1]);
  price.k = static_cast<double>(table.variables);
  price.length = static_cast<double>(table.observations);
  return price;
}

struct Weights {
  std::vector<double> w;  // empty: all 1
  double sum = 0;
  double aweights_factor = 0;  // sum of w * aweights
  bool has_aweights = false;
};

Weights weights_of(const Value& fweights, const Value& aweights, std::int64_t observations) {
  Weights weights;
  weights.sum = static_cast<double>(observations);
  const auto read = [&](const Value& v, const char* name, bool whole) {
    const ArrayRef a = contiguous_as(*to_array(v), DType::float64);
    if (a->ndim > 1) throw Error(ErrorKind::runtime_error, std::string("cannot handle multidimensional ") + name);
    if (a->size != observations)
      throw Error(ErrorKind::runtime_error, std::string("incompatible numbers of samples and ") + name);
    std::vector<double> w(a->items<double>(), a->items<double>() + a->size);
    if (whole && std::ranges::any_of(w, [](double x) { return x != std::nearbyint(x); }))
      throw_type_error(std::string(name) + " must be integer");
    if (std::ranges::any_of(w, [](double x) { return x < 0; }))
      throw_value_error(std::string(name) + " cannot be negative");
    return w;
  };
  std::vector<double> own;
  if (!fweights.is_absent()) weights.w = read(fweights, "fweights", true);
  if (!aweights.is_absent()) {
    own = read(aweights, "aweights", false);
    weights.has_aweights = true;
    if (weights.w.empty()) weights.w.assign(own.size(), 1.0);
    for (std::size_t i = 0; i < own.size(); ++i) weights.w[i] *= own[i];
  }
  if (weights.w.empty()) return weights;
  weights.sum = 0;
  for (std::size_t i = 0; i < weights.w.size(); ++i) {
    weights.sum += weights.w[i];
    if (weights.has_aweights) weights.aweights_factor += weights.w[i] * own[i];
  }
  return weights;
}

double normaliser(const Weights& weights, double ddof) {
  double factor = weights.sum;
  if (ddof != 0 && weights.w.empty())
    factor -= ddof;
  else if (ddof != 0)
    factor -= weights.has_aweights ? ddof * weights.aweights_factor / weights.sum : ddof;
  return std::max(factor, 0.0);
}

// The products of each two centred variables, divided; conj(b) times a below the diagonal where conj(a) times b is
// above.
ArrayRef covariance(const Table& table, const Weights& weights, double factor) {
  using namespace ufunc;
  const ArrayRef w = weights.w.empty() ? nullptr : vector_array<double>(weights.w);
  const auto weighted = [&](const ArrayRef& x) { return w ? apply(k_multiply, x, w) : x; };
  const ArrayRef sums = sum_of(*weighted(table.x), one_axis(1, table.x->dims()), table.x->type());
  const ArrayRef means = with_shape(apply(k_true_divide, sums, weights.sum), Dims{table.variables, 1});
  ArrayRef centred = apply(k_subtract, table.x, means);
  if (table.own != table.x->type()) centred = cast(*cast(*centred, table.own), table.x->type());
  ArrayRef right = weighted(centred);
  if (is_complex(right->type())) right = apply(k_conjugate, right);
  const ArrayRef c = matrix_product(*centred, *detail::reversed_axes(*right));
  auto* parts = c->mutable_items<double>();
  std::for_each_n(parts, c->size * (is_complex(c->type()) ? 2 : 1), [factor](double& x) { x /= factor; });
  return c;
}

// Below the diagonal the conjugates of those above it, which a matrix product gives up to rounding only.
template <class T>
void mirror(T* c, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t j = 0; j < i; ++j)
      if constexpr (std::is_same_v<T, Complex128>)
        c[i * n + j] = std::conj(c[j * n + i]);
      else
        c[i * n + j] = c[j * n + i];
}

template <class T>
void correlate(T* c, std::int64_t n) {
  std::vector<double> deviation;
  for (std::int64_t i = 0; i < n; ++i) deviation.push_back(std::sqrt(std::real(c[i * n + i])));
  const auto clip = [](double x) { return std::isnan(x) ? x : std::clamp(x, -1.0, 1.0); };
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t j = 0; j < n; ++j) {
      T& r = c[i * n + j];
      r = r / deviation[static_cast<std::size_t>(i)] / deviation[static_cast<std::size_t>(j)];
      if constexpr (std::is_same_v<T, Complex128>)
        r = {clip(r.real()), clip(r.imag())};
      else
        r = clip(r);
    }
}

template <class T>
void finish(const Array& c, std::int64_t n, bool correlation) {
  mirror(c.mutable_items<T>(), n);
  if (correlation) correlate(c.mutable_items<T>(), n);
}

struct CovarianceArguments {
  const Value *m, *y, *rowvar, *dtype;
  Value bias, ddof, fweights, aweights;
};

Result run(Call& call, const CovarianceArguments& args, bool correlation) {
  const ArrayRef m = to_array(*args.m);
  if (m->ndim == 0) throw_index_error("tuple index out of range");
  const ArrayRef y = args.y->is_absent() ? nullptr : to_array(*args.y);
  const Table table = table_of(m, y, to_bool(*args.rowvar, true), *args.dtype);
  const Weights weights = weights_of(args.fweights, args.aweights, table.observations);
  double ddof = to_bool(args.bias, false) ? 0 : 1;
  if (!args.ddof.is_absent()) ddof = to_double(args.ddof, "ddof");
  if (ddof != std::trunc(ddof)) throw_value_error("ddof must be integer");
  call.charge(price_of(m, y, table), table.natural);
  const std::int64_t n = table.variables;
  ArrayRef c = covariance(table, weights, normaliser(weights, ddof));
  is_complex(c->type()) ? finish<Complex128>(*c, n, correlation) : finish<double>(*c, n, correlation);
  if (n == 1) c = ufunc::with_shape(c, Dims{});
  if (n == 0) return c;
  return cast(*c, weights.w.empty() ? table.own : promote(table.own, DType::float64));  // the weights are doubles
}

}  // namespace

Result run_cov(Call& call) {
  return run(
      call,
      {&call.arg(0), &call.arg(1), &call.arg(2), &call.arg(7), call.arg(3), call.arg(4), call.arg(5), call.arg(6)},
      false);
}

Result run_corrcoef(Call& call) {
  return run(call, {&call.arg(0), &call.arg(1), &call.arg(2), &call.arg(3), {}, {}, {}, {}}, true);
}

}  // namespace flopscope::contract
