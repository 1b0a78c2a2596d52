// SPDX-License-Identifier: MIT
// cov and corrcoef: centred products of variables, as numpy.cov defines them.
#include <algorithm>
#include <cmath>
#include <limits>
#include <whest/flopscope/ops/detail/contraction_operations.hpp>

namespace flopscope::contract {
namespace {

// Variables by rows, observations by columns.
struct Table {
  std::int64_t variables = 0, observations = 0;
  std::vector<Complex128> x;
  Complex128 at(std::int64_t i, std::int64_t k) const { return x[static_cast<std::size_t>(i * observations + k)]; }
};

void append(Table& table, const ArrayRef& m, bool rows_are_variables, bool first) {
  if (m->ndim > 2) throw_value_error("m has more than 2 dimensions");
  const ArrayRef plain = contiguous_as(*m, DType::complex128);
  const bool flat = m->ndim < 2;
  const bool transposed = !flat && !rows_are_variables;
  const std::int64_t rows = flat ? 1 : m->shape[0], columns = flat ? m->size : m->shape[1];
  const std::int64_t variables = transposed ? columns : rows, observations = transposed ? rows : columns;
  if (!first && observations != table.observations)
    throw_value_error("all the input array dimensions except for the concatenation axis must match exactly");
  table.variables += variables;
  table.observations = observations;
  const Complex128* items = plain->items<Complex128>();
  for (std::int64_t i = 0; i < variables; ++i)
    for (std::int64_t k = 0; k < observations; ++k)
      table.x.push_back(items[transposed ? k * columns + i : i * columns + k]);
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
  const auto read = [&](const Value& v, const char* name) {
    const ArrayRef a = contiguous_as(*to_array(v), DType::float64);
    if (a->ndim > 1) throw Error(ErrorKind::runtime_error, std::string("cannot handle multidimensional ") + name);
    if (a->size != observations)
      throw Error(ErrorKind::runtime_error, std::string("incompatible numbers of samples and ") + name);
    std::vector<double> w(a->items<double>(), a->items<double>() + a->size);
    if (std::ranges::any_of(w, [](double x) { return x < 0; }))
      throw_value_error(std::string(name) + " cannot be negative");
    return w;
  };
  std::vector<double> own;
  if (!fweights.is_absent()) weights.w = read(fweights, "fweights");
  if (!aweights.is_absent()) {
    own = read(aweights, "aweights");
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

std::vector<Complex128> covariance(Table& table, const Weights& weights, double factor) {
  const std::int64_t n = table.variables, s = table.observations;
  const auto weight = [&](std::int64_t k) { return weights.w.empty() ? 1.0 : weights.w[static_cast<std::size_t>(k)]; };
  for (std::int64_t i = 0; i < n; ++i) {
    Complex128 mean = 0;
    for (std::int64_t k = 0; k < s; ++k) mean += weight(k) * table.at(i, k);
    mean /= weights.sum;
    for (std::int64_t k = 0; k < s; ++k) table.x[static_cast<std::size_t>(i * s + k)] -= mean;
  }
  std::vector<Complex128> c(static_cast<std::size_t>(n * n));
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t j = 0; j < n; ++j) {
      Complex128 sum = 0;
      for (std::int64_t k = 0; k < s; ++k) sum += table.at(i, k) * std::conj(table.at(j, k)) * weight(k);
      c[static_cast<std::size_t>(i * n + j)] = sum / factor;
    }
  return c;
}

void correlate(std::vector<Complex128>& c, std::int64_t n) {
  const auto at = [n](std::int64_t i, std::int64_t j) { return static_cast<std::size_t>(i * n + j); };
  std::vector<double> deviation;
  for (std::int64_t i = 0; i < n; ++i) deviation.push_back(std::sqrt(c[at(i, i)].real()));
  const auto clip = [](double x) { return std::isnan(x) ? x : std::clamp(x, -1.0, 1.0); };
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t j = 0; j < n; ++j) {
      const Complex128 r =
          c[at(i, j)] / deviation[static_cast<std::size_t>(i)] / deviation[static_cast<std::size_t>(j)];
      c[at(i, j)] = {clip(r.real()), clip(r.imag())};
    }
}

ArrayRef matrix_of(const std::vector<Complex128>& c, std::int64_t n, DType dtype) {
  Dims shape;
  if (n != 1) shape = {n, n};
  const ArrayRef result = Array::make(DType::complex128, shape);
  std::ranges::copy(c, result->mutable_items<Complex128>());
  return cast(*result, dtype);
}

struct CovarianceArguments {
  const Value *m, *y, *rowvar, *dtype;
  Value bias, ddof, fweights, aweights;
};

Result run(Call& call, const CovarianceArguments& args, bool correlation) {
  const ArrayRef m = to_array(*args.m);
  if (m->ndim == 0) throw_index_error("tuple index out of range");
  const ArrayRef y = args.y->is_absent() ? nullptr : to_array(*args.y);
  const bool rowvar = to_bool(*args.rowvar, true);
  Table table;
  append(table, m, rowvar, true);
  if (y) append(table, y, rowvar, false);
  const Weights weights = weights_of(args.fweights, args.aweights, table.observations);
  double ddof = to_bool(args.bias, false) ? 0 : 1;
  if (!args.ddof.is_absent()) ddof = to_double(args.ddof, "ddof");
  DType dtype = promote(m->type(), DType::float64);
  if (y) dtype = promote(dtype, y->type());
  if (const DType asked = to_dtype(*args.dtype, dtype); !is_floating(asked))
    throw_type_error("Cannot cast ufunc 'subtract' output to an integer dtype with casting rule 'same_kind'");
  call.charge(price_of(m, y, table), dtype);
  std::vector<Complex128> c = covariance(table, weights, normaliser(weights, ddof));
  if (correlation) correlate(c, table.variables);
  return matrix_of(c, table.variables, table.variables == 0 ? dtype : to_dtype(*args.dtype, dtype));
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
