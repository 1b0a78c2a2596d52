// SPDX-License-Identifier: MIT
// Order statistics: median, quantile, percentile, and the forms that skip NaN.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <span>
#include <vector>
#include <whest/flopscope/ops/detail/billing.hpp>
#include <whest/flopscope/ops/detail/families.hpp>
#include <whest/flopscope/ops/detail/loops.hpp>
#include <whest/flopscope/ops/detail/order.hpp>
#include <whest/flopscope/ops/detail/quantile.hpp>
#include <whest/flopscope/ops/detail/reduce.hpp>
#include <whest/flopscope/ops/detail/tags.hpp>
#include <whest/flopscope/ops/detail/ufuncs.hpp>

namespace flopscope {
namespace {

using namespace ufunc;
using quantile::Method;

// Lanes are sorted in a type that holds the array's elements exactly.
DType sorting_dtype(DType d) { return d == DType::int64 || d == DType::uint64 ? d : DType::float64; }

// One lane: NaN removed (their number kept), and what a sort would put at the positions asked for.
template <class T>
struct Lane {
  std::vector<T> values;
  bool had_nan = false;

  void read(const T* from, std::int64_t n) {
    values.assign(from, from + n);
    const auto end = std::remove_if(values.begin(), values.end(), [](T x) { return is_nan(x); });
    had_nan = end != values.end();
    values.erase(end, values.end());
  }
  void place(std::span<const std::int64_t> ascending) {
    if constexpr (is_complex_element<T>)
      detail::select_positions(values.begin(), values.end(), ascending, complex_less<T>);
    else
      detail::select_positions(values.begin(), values.end(), ascending, std::less<T>());
  }
  // The one in the middle, or the two.
  void place_middle() {
    const auto n = static_cast<std::int64_t>(values.size());
    const std::int64_t middle[] = {n / 2 - 1, n / 2};
    if (n > 0) place(n % 2 == 0 ? std::span(middle) : std::span(middle).last(1));
  }
};

template <class F>
void with_sorting_type(DType dtype, F&& f) {
  if (dtype == DType::int64)
    f.template operator()<std::int64_t>();
  else if (dtype == DType::uint64)
    f.template operator()<std::uint64_t>();
  else
    f.template operator()<double>();
}

void refuse_complex(const Array& a) {
  if (is_complex(a.type())) throw_type_error("a must be an array of real numbers");
}

template <class T>
T not_a_number() {
  if constexpr (is_complex_element<T>)
    return T(std::nan(""), std::nan(""));
  else
    return T(std::nan(""));
}

// The mean of one or two middle elements: NumPy sums complex numbers from zero, and divides by a complex count, so that
// an infinite part leaves a NaN in the other.
Complex128 mean_of_middle(Complex128 sum, double count) {
  const double re = sum.real() + 0.0, im = sum.imag() + 0.0;
  return {(re + im * 0.0) / count, (im - re * 0.0) / count};
}

// The medians of all lanes; of two middle elements the mean, whose sum is rounded to `dtype`.
template <class T>
ArrayRef medians(const Reduction& r, DType dtype, bool skip_nan) {
  const ArrayRef lanes = lanes_last(*r.a, r.axes, dtype_of<T>);
  const ArrayRef out = Array::make(dtype_of<T>, r.axes.shape);
  auto* to = out->mutable_items<T>();
  Lane<T> lane;
  for (std::int64_t i = 0; i < out->size; ++i) {
    lane.read(lanes->items<T>() + i * r.axes.count, r.axes.count);
    lane.place_middle();
    const std::vector<T>& v = lane.values;
    const std::size_t n = v.size();
    if (n == 0 && r.axes.count == 0)
      to[i] = not_a_number<T>();  // a mean of nothing
    else if (n == 0 || (lane.had_nan && !skip_nan))
      to[i] = T(std::nan(""));
    else if constexpr (is_complex_element<T>)
      to[i] = n % 2 == 1 ? mean_of_middle(v[n / 2], 1) : mean_of_middle(v[n / 2 - 1] + v[n / 2], 2);
    else if (n % 2 == 1)
      to[i] = v[n / 2];
    else
      to[i] = quantile::rounded(v[n / 2 - 1] + v[n / 2], dtype) / 2;
  }
  return out;
}

// With a buffer NumPy takes the mean of the middle elements, a first axis of one or two, into it.
template <class T>
ArrayRef middle_elements(const Reduction& r, bool& any_nan) {
  const ArrayRef lanes = lanes_last(*r.a, r.axes, dtype_of<T>);
  const std::int64_t several = r.axes.count > 0 && r.axes.count % 2 == 0 ? 2 : 1;
  Dims shape = r.axes.shape;
  shape.insert(0, several);
  const ArrayRef out = Array::make(dtype_of<T>, shape);
  const std::int64_t lanes_count = element_count(r.axes.shape);
  Lane<T> lane;
  for (std::int64_t i = 0; i < lanes_count; ++i) {
    lane.read(lanes->items<T>() + i * r.axes.count, r.axes.count);
    const bool nan = lane.had_nan || lane.values.empty();
    if (!nan) lane.place_middle();
    any_nan = any_nan || lane.had_nan;
    for (std::int64_t k = 0; k < several; ++k)
      out->mutable_items<T>()[k * lanes_count + i] =
          nan ? T(std::nan("")) : lane.values[static_cast<std::size_t>((r.axes.count - several) / 2 + k)];
  }
  return out;
}

ArrayRef median_in_buffer(const Reduction& r, const Array& out) {
  const DType own = r.a->type();
  bool any_nan = false;
  const ArrayRef middle =
      is_complex(own) ? middle_elements<Complex128>(r, any_nan) : middle_elements<double>(r, any_nan);
  if (any_nan && !can_cast_same_kind(own, out.type()))  // the numbers decide: this is found after the charge
    throw_type_error(
        fmt::format("Cannot cast array data from dtype('{}') to dtype('{}') according to the rule "
                    "'same_kind'",
                    name_of(own), name_of(out.type())));
  const DType folding = !is_floating(own)       ? DType::float64
                        : own == DType::float16 ? DType::float32
                                                : promote(out.type(), own);
  const Axes first = one_axis(0, middle->dims());
  const ArrayRef total = as_stored(sum_of(*middle, first, folding), &out);
  return apply(k_true_divide, total, scalar_array<double>(static_cast<double>(first.count)));
}

// median, nanmedian: (a, axis, out, overwrite_input, keepdims)
Result run_median(Call& call) {
  const bool skip_nan = call.op.variant == 1;
  refuse_axis_of_number(call.arg(0), call.arg(1));
  Reduction r = make_reduction(call, call.arg(0), call.arg(1), call.arg(4));
  const DType dtype = mean_dtype(r.a->type());
  const Array* target = checked_target(call.arg(2), r, call.op.name, skip_nan && !r.keepdims);
  if (skip_nan && r.a->size == 0 && is_floating(r.a->type()) && target != nullptr && !is_floating(target->type()))
    throw_type_error("If a is inexact, then out must be inexact");  // NumPy takes the mean of nothing
  r.price.extra = skip_nan ? r.price.unique_in : 0;
  call.charge(r.price, promoted_with_out(call, dtype, target));

  if (target != nullptr && !skip_nan) return finish(call, r, median_in_buffer(r, *target), call.arg(2));
  const ArrayRef out =
      is_complex(dtype) ? medians<Complex128>(r, dtype, skip_nan) : medians<double>(r, dtype, skip_nan);
  return finish(call, r, out->type() == dtype ? out : cast(*out, dtype), call.arg(2));
}

// The quantiles asked for: numbers in [0, 1], their shape, the dtype that arithmetic with them is done in.
struct Asked {
  std::vector<double> q;
  Dims shape;
  DType arithmetic = DType::float64;
  DType own = DType::float64;    // of the numbers as given
  std::optional<WeakKind> weak;  // a plain number, which has no dtype of its own
  bool whole = false;            // integers: NumPy takes elements as they are where the method stays in integers
};
Asked asked_for(const Value& v, bool percent) {
  Asked out;
  const bool number = v.is(ValueKind::integer) || v.is(ValueKind::real) || v.is(ValueKind::boolean);
  if (number) {
    // A plain number is placed in double precision, and takes the array's dtype as a weight.
    const double q = to_double(v, "q");
    out.q.push_back(percent ? q / 100 : q);
    if (v.is(ValueKind::boolean))
      out.own = DType::bool_;
    else
      out.weak = v.is(ValueKind::integer) ? WeakKind::integer : WeakKind::real;
    out.whole = !percent && !v.is(ValueKind::real);
  } else {
    const ArrayRef q = to_array(v);
    refuse_complex(*q);
    out.shape = Dims(q->dims());
    const DType own = mean_dtype(q->type());
    const ArrayRef numbers = contiguous_as(*q, DType::float64);
    for (std::int64_t i = 0; i < q->size; ++i)
      out.q.push_back(percent ? quantile::rounded(numbers->items<double>()[i] / 100, own)
                              : numbers->items<double>()[i]);
    out.arithmetic = own;
    out.own = percent ? own : q->type();
    out.whole = !percent && !is_floating(q->type());
  }
  for (const double q : out.q)
    if (!(q >= 0 && q <= 1))
      throw_value_error(percent ? "Percentiles must be in the range [0, 100]"
                                : "Quantiles must be in the range [0, 1]");
  return out;
}

// The element of a sorted lane whose share of the weights first reaches q.
template <class T>
double weighted_element(std::vector<std::pair<T, double>>& lane, double q) {
  std::stable_sort(lane.begin(), lane.end(), [](const auto& x, const auto& y) { return x.first < y.first; });
  double total = 0;
  for (const auto& [x, w] : lane) total += w;
  double sum = 0;
  for (const auto& [x, w] : lane) {
    sum += w;
    if (w > 0 && sum / total >= q) return static_cast<double>(x);
  }
  return static_cast<double>(lane.back().first);
}

ArrayRef weighted_quantiles(const Reduction& r, const Asked& asked, const Array& weights, bool skip_nan) {
  const ArrayRef lanes = lanes_last(*r.a, r.axes, DType::float64);
  const ArrayRef spread = [&] {
    if (weights.ndim == r.a->ndim) return broadcast_view(weights, r.a->dims());
    if (weights.ndim != 1 || r.axes.reduced.size() != 1 || weights.size != r.axes.count)
      throw_value_error("Shape of weights must be consistent with shape of a along specified axis.");
    Dims shape(r.a->ndim, 1);
    shape[static_cast<int>(r.axes.reduced[0])] = weights.size;
    return broadcast_view(*with_shape(ref_of(weights), shape), r.a->dims());
  }();
  const ArrayRef shares = lanes_last(*spread, r.axes, DType::float64);
  Dims shape = asked.shape;
  for (const std::int64_t d : r.axes.shape) shape.push_back(d);
  const ArrayRef out = Array::make(DType::float64, shape);
  const std::int64_t lanes_count = element_count(r.axes.shape);
  for (std::int64_t i = 0; i < lanes_count; ++i) {
    std::vector<std::pair<double, double>> lane;
    bool had_nan = false;
    for (std::int64_t j = 0; j < r.axes.count; ++j) {
      const double x = lanes->items<double>()[i * r.axes.count + j];
      had_nan = had_nan || std::isnan(x);
      if (!std::isnan(x)) lane.emplace_back(x, shares->items<double>()[i * r.axes.count + j]);
    }
    for (std::size_t k = 0; k < asked.q.size(); ++k)
      out->mutable_items<double>()[static_cast<std::int64_t>(k) * lanes_count + i] =
          lane.empty() || (had_nan && !skip_nan) ? std::nan("") : weighted_element(lane, asked.q[k]);
  }
  return out;
}

// All quantiles of all lanes, q first. Interpolated ones are rounded to `dtype`, their last step to `stored`.
ArrayRef quantiles(const Reduction& r, const Asked& asked, Method method, DType dtype, DType stored, bool skip_nan) {
  const DType sorting = sorting_dtype(r.a->type());
  const ArrayRef lanes = lanes_last(*r.a, r.axes, sorting);
  Dims shape = asked.shape;
  for (const std::int64_t d : r.axes.shape) shape.push_back(d);
  const bool discrete = quantile::is_discrete(method);
  const DType working = discrete ? sorting : DType::float64;
  const ArrayRef out = Array::make(working, shape);
  const std::int64_t lanes_count = element_count(r.axes.shape);
  std::vector<quantile::Place> places(asked.q.size());
  std::vector<std::int64_t> positions;
  with_sorting_type(sorting, [&]<class T>() {
    Lane<T> lane;
    for (std::int64_t i = 0; i < lanes_count; ++i) {
      lane.read(lanes->items<T>() + i * r.axes.count, r.axes.count);
      const auto n = static_cast<std::int64_t>(lane.values.size());
      const bool nan = n == 0 || (lane.had_nan && !skip_nan);
      positions.clear();
      for (std::size_t k = 0; !nan && k < asked.q.size(); ++k) {
        places[k] = quantile::place_of(method, n, asked.q[k], asked.arithmetic);
        positions.insert(positions.end(), {places[k].below, places[k].above});
      }
      std::ranges::sort(positions);
      lane.place(positions);
      for (std::size_t k = 0; k < asked.q.size(); ++k) {
        const std::int64_t at = static_cast<std::int64_t>(k) * lanes_count + i;
        const quantile::Place& p = places[k];
        const auto value = [&](std::int64_t j) { return lane.values[static_cast<std::size_t>(j)]; };
        if (discrete)
          out->mutable_items<T>()[at] = nan ? static_cast<T>(std::nan("")) : value(p.below);
        else
          out->mutable_items<double>()[at] =
              nan ? std::nan("")
                  : quantile::interpolate(static_cast<double>(value(p.below)), static_cast<double>(value(p.above)), p.t,
                                          r.a->type(), dtype, stored);
      }
    }
  });
  return working == stored ? out : cast(*out, stored);
}

// Elements that are taken as they are go where they may come from, interpolated ones where their kind fits; quantiles
// that pass over NaN, and weighted ones, are stored whatever they lose by it.
void check_stored(const Call& call, DType own, DType dtype, const Array& out, bool taken) {
  if (taken && !can_cast_safe(out.type(), own))
    throw_type_error(fmt::format("Cannot cast array data from dtype('{}') to dtype('{}') according to the rule 'safe'",
                                 name_of(out.type()), name_of(own)));
  if (!taken && !can_cast_same_kind(dtype, out.type()))
    throw_type_error(fmt::format("Cannot cast {} output from dtype('{}') to dtype('{}') with casting rule 'same_kind'",
                                 call.op.name, name_of(dtype), name_of(out.type())));
}

ArrayRef nothing(const Dims& shape, DType dtype) {
  const ArrayRef out = Array::make(DType::float64, shape);
  std::fill_n(out->mutable_items<double>(), out->size, std::nan(""));
  return cast(*out, dtype);
}

// What the arguments of a call of the quantiles decide.
struct Quantiles {
  bool percent, skip_nan, weighted, discrete;
  Reduction r;
  Method method;
  Asked asked;
  bool takes;  // elements as they are: nothing is interpolated
  bool of_nothing = false;
  DType dtype;
  DType priced;
  Dims shape;
  TagRef tag;

  explicit Quantiles(const Call& call)
      : percent(call.op.variant % 2 == 0),
        skip_nan(call.op.variant >= 2),
        weighted(!call.arg(7).is_absent()),
        r(make_reduction(call, call.arg(0), call.arg(2), call.arg(6))),
        method(call.arg(5).is_absent() ? Method::linear : quantile::method_of(call.arg(5).as_string())) {
    refuse_complex(*r.a);
    if (weighted && method != Method::inverted_cdf)
      throw_value_error(fmt::format("Only method 'inverted_cdf' supports weights. Got: {}.", call.arg(5).as_string()));
    asked = asked_for(call.arg(1), percent);
    if (r.axes.count == 0 && !skip_nan && element_count(r.axes.shape) > 0)
      throw_index_error("index -1 is out of bounds for axis 0 with size 0");
    const DType own = r.a->type();
    discrete = quantile::is_discrete(method);
    takes = discrete || (asked.whole && method == Method::linear && r.axes.count > 0);
    if (own == DType::bool_ && !takes) throw_type_error("numpy boolean subtract, the `-` operator, is not supported");
    // Of an empty array the nan forms take the mean, which knows no quantiles.
    of_nothing = skip_nan && r.a->size == 0;
    const bool plain = asked.weak.has_value() || of_nothing;
    dtype = takes && !of_nothing ? own : plain ? mean_dtype(own) : promote(own, asked.arithmetic);
    priced = priced_with(percent ? mean_dtype(own) : own);
    if (!of_nothing) shape = asked.shape;
    for (const std::int64_t d : r.keepdims ? r.axes.kept_shape : r.axes.shape) shape.push_back(d);
    tag = shifted_tag(r.tag, r.keepdims ? r.a->ndim : r.axes.shape.size(), asked.shape.size());
    r.price.parts = static_cast<double>(asked.q.size());
    r.price.rhs = weighted ? 1 : 0;
    r.price.extra = skip_nan ? r.price.unique_in : 0;
  }
  // Whether NumPy computes in the caller's buffer, step by step.
  bool in_steps() const { return !skip_nan && !weighted; }

  // Together with the dtype of the array, and of the buffer where there is one.
  DType priced_with(DType strong) const {
    return asked.weak ? promote_weak(strong, *asked.weak) : promote(strong, asked.own);
  }

  // The caller's buffer, with its part in the price; a larger one repeats the result where it is assigned to.
  const Array* buffer(const Call& call) {
    if (call.arg(3).is_absent()) return nullptr;
    const Array& out = buffer_of(call.arg(3), call.op.name, tag);
    priced = priced_with(promoted_with_out(call, percent ? mean_dtype(r.a->type()) : r.a->type(), &out));
    refuse_unpriced_complex(call, priced);
    const bool repeats = !r.keepdims && !weighted && (skip_nan || !takes);
    checked_out(call.arg(3), call.op.name, repeats ? stretched_to(out, shape) : shape, dtype, tag, Casting::unsafe);
    if (in_steps()) check_stored(call, r.a->type(), dtype, out, takes);
    return &out;
  }
};

// percentile, quantile, nanpercentile, nanquantile: (a, q, axis, out, overwrite_input, method, keepdims, *, weights)
Result run_quantile(Call& call) {
  refuse_axis_of_number(call.arg(0), call.arg(2));
  Quantiles q(call);
  const Array* target = q.buffer(call);
  call.charge(q.r.price, q.priced);

  const DType stored = target != nullptr && q.in_steps() && !q.takes ? target->type() : q.dtype;
  const Method method = q.takes && !q.discrete ? Method::lower : q.method;
  ArrayRef out = q.of_nothing ? nothing(q.shape, q.dtype)
                 : q.weighted ? weighted_quantiles(q.r, q.asked, *to_array(call.arg(7)), q.skip_nan)
                              : quantiles(q.r, q.asked, method, q.dtype, stored, q.skip_nan);
  if (target == nullptr && out->type() != q.dtype) out = cast(*out, q.dtype);
  out = with_shape(out, q.shape);
  if (target != nullptr) return write_out(call, *target, *out, q.tag);
  if (q.tag) out->set_tag(q.tag);
  return out;
}

constexpr std::string_view k_median_signature = "a, axis=None, out=None, overwrite_input=False, keepdims=False";
constexpr std::string_view k_quantile_signature =
    "a, q, axis=None, out=None, overwrite_input=False, method='linear', keepdims=False, *, weights=None";
constexpr std::string_view k_price = "reduction.partition";

constexpr Operation k_operations[] = {
    {.name = "median", .signature = k_median_signature, .run = run_median, .formula = k_price, .variant = 0},
    {.name = "nanmedian",
     .signature = k_median_signature,
     .run = run_median,
     .formula = "reduction.folds",
     .variant = 1},
    {.name = "percentile", .signature = k_quantile_signature, .run = run_quantile, .formula = k_price, .variant = 0},
    {.name = "quantile", .signature = k_quantile_signature, .run = run_quantile, .formula = k_price, .variant = 1},
    {.name = "nanpercentile",
     .signature = k_quantile_signature,
     .run = run_quantile,
     .formula = "reduction.folds",
     .variant = 2},
    {.name = "nanquantile",
     .signature = k_quantile_signature,
     .run = run_quantile,
     .formula = "reduction.folds",
     .variant = 3},
};

}  // namespace

std::span<const Operation> order_statistic_operations() { return k_operations; }

}  // namespace flopscope
