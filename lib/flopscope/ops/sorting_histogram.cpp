// SPDX-License-Identifier: MIT
// The sorting family: histograms of one, two and more variables, and their bin edges.
#include <fmt/format.h>

#include <cmath>
#include <whest/flopscope/ops/detail/bin_rules.hpp>
#include <whest/flopscope/ops/detail/layout.hpp>
#include <whest/flopscope/ops/detail/order.hpp>
#include <whest/flopscope/ops/detail/tables.hpp>

namespace flopscope {
namespace {

double size_of(const Array& a) { return static_cast<double>(a.size); }
double levels(double n) { return n <= 2 ? 1 : std::ceil(std::log2(n)); }

bool is_number(const Value& v) { return v.is_scalar() || (v.is_array() && v.as_array().ndim == 0); }
bool is_rule(const Value& v) { return v.is(ValueKind::string); }

// ---- edges ----

struct Range {
  double first = 0, last = 1;
  bool given = false;
  bool plain = true;  // plain numbers, which have no dtype: given, or of no data
};

Range range_of(const Value& v, const std::vector<double>& x) {
  Range r;
  if (!v.is_absent()) {
    const ArrayRef pair = contiguous_as(*to_array(v), DType::float64);
    if (pair->size != 2) throw_value_error("range must have two elements");
    r = {.first = pair->items<double>()[0], .last = pair->items<double>()[1], .given = true};
    if (r.first > r.last) throw_value_error("max must be larger than min in range parameter.");
    if (!std::isfinite(r.first) || !std::isfinite(r.last))
      throw_value_error(fmt::format("supplied range of [{}, {}] is not finite", r.first, r.last));
  } else if (!x.empty()) {
    const auto [least, most] = std::minmax_element(x.begin(), x.end());
    r.first = *least;
    r.last = *most;
    r.plain = false;
    if (!std::isfinite(r.first) || !std::isfinite(r.last))
      throw_value_error(fmt::format("autodetected range of [{}, {}] is not finite", r.first, r.last));
  }
  if (r.first == r.last) {
    r.first -= 0.5;
    r.last += 0.5;
  }
  return r;
}

struct Bins {
  std::vector<double> edges;  // rounded to `dtype`
  DType dtype = DType::float64;
  Range range;
  bool uniform = false;
  std::int64_t count() const { return std::max<std::int64_t>(static_cast<std::int64_t>(edges.size()) - 1, 0); }
};

double rounded_to(double x, DType d) {
  return d == DType::float32   ? static_cast<double>(static_cast<float>(x))
         : d == DType::float16 ? static_cast<double>(static_cast<Half>(x))
                               : x;
}

// Edges as a linspace that rounds to `d` after every operation.
std::vector<double> spaced(std::int64_t n, const Range& range, DType d) {
  const auto r = [d](double x) { return rounded_to(x, d); };
  const double first = r(range.first), last = r(range.last), width = r(last - first);
  const auto count = static_cast<double>(n);
  const double step = r(width / count);
  std::vector<double> edges;
  edges.reserve(static_cast<std::size_t>(n) + 1);  // all or nothing, when there are too many
  for (std::int64_t i = 0; i < n; ++i) {
    const double at = r(static_cast<double>(i));
    edges.push_back(r((step == 0 ? r(r(at / count) * width) : r(at * step)) + first));
  }
  edges.push_back(last);
  return edges;
}

// Plain numbers as the range are spaced in double precision; the edges then get the dtype of the data.
Bins uniform_bins(std::int64_t n, const Range& range, DType data) {
  Bins b{.edges = {}, .dtype = is_floating(data) ? data : DType::float64, .range = range, .uniform = true};
  b.edges = spaced(n, range, range.plain ? DType::float64 : b.dtype);
  for (double& e : b.edges) e = rounded_to(e, b.dtype);
  return b;
}

Bins given_bins(const Value& v) {
  const ArrayRef edges = to_array(v);
  if (edges->ndim != 1) throw_value_error("`bins` must be 1d, when an array");
  Bins b{.edges = {}, .dtype = edges->type(), .range = {}, .uniform = false};
  for_each_element(*edges, [&](const std::byte* at) { b.edges.push_back(read_double(*edges, at)); });
  for (std::size_t i = 1; i < b.edges.size(); ++i)
    if (b.edges[i - 1] > b.edges[i]) throw_value_error("`bins` must increase monotonically, when an array");
  return b;
}

std::vector<double> numbers(const Array& a) {
  std::vector<double> x;
  x.reserve(static_cast<std::size_t>(a.size));
  for_each_element(a, [&](const std::byte* at) { x.push_back(read_double(a, at)); });
  return x;
}

// Of several variables the edges have the dtype of the range's ends, of one that of the data.
Bins bins_of(const Value& bins, const Value& range, const Array& a, const std::vector<double>& x, bool several) {
  if (!is_rule(bins) && !is_number(bins)) return given_bins(bins);
  const Range r = range_of(range, x);
  std::int64_t n = 1;
  if (is_rule(bins)) {
    std::vector<double> inside = x;
    if (r.given) std::erase_if(inside, [&](double v) { return !(v >= r.first && v <= r.last); });
    n = detail::bins_by_rule(bins.as_string(), inside, r.first, r.last, r.given, !is_floating(a.type()));
  } else {
    n = to_int(bins, "bins");
    if (n < 1) throw_value_error("`bins` must be positive, when an integer");
  }
  const DType data = a.type() == DType::bool_ ? DType::uint8 : a.type();
  return uniform_bins(n, r, several && r.plain ? DType::float64 : data);
}

// The bin of x; -1 outside. The last bin holds its right edge.
std::int64_t bin_of(const Bins& b, double x) {
  const std::int64_t n = b.count();
  if (b.uniform) {
    if (!(x >= b.range.first && x <= b.range.last)) return -1;
    auto i = static_cast<std::int64_t>((x - b.range.first) / (b.range.last - b.range.first) * static_cast<double>(n));
    if (i == n) --i;
    // The quotient may round across an edge: the edges decide.
    if (x < b.edges[static_cast<std::size_t>(i)]) return i - 1;
    if (i != n - 1 && x >= b.edges[static_cast<std::size_t>(i) + 1]) return i + 1;
    return i;
  }
  if (n < 1 || !(x >= b.edges.front() && x <= b.edges.back())) return -1;
  if (x == b.edges.back()) return n - 1;
  return std::upper_bound(b.edges.begin(), b.edges.end(), x) - b.edges.begin() - 1;
}

ArrayRef edges_array(const Bins& b) {
  const ArrayRef wide = vector_array<double>(b.edges);
  return b.dtype == DType::float64 ? wide : cast(*wide, b.dtype);
}

// ---- what is billed ----

// The dtype a mean of `d` is computed in, together with the counts' int64.
DType mean_type(DType d) { return is_floating(d) ? d : DType::float64; }

// In models that count them: the edges are a linspace (unless given), a density is four more passes over the bins.
void charge_parts(Call& call, const Value& bins, const Bins& b, bool density, const Value& weights) {
  if (!call.model.rule("histogram_charges_its_parts")) return;
  if (is_rule(bins) || is_number(bins))
    call.charge_cost_as("linspace", 2 * static_cast<double>(b.edges.size()), b.dtype);
  if (!density) return;
  const auto n = static_cast<double>(b.count());
  const DType counts = weights.is_absent() ? DType::int64 : to_array(weights)->type();
  const DType summed = !is_floating(counts) ? DType::int64 : counts;
  call.charge_cost_as("diff", n, b.dtype);
  call.charge_cost_as("divide", n, promote(counts, DType::float64));
  call.charge_cost_as("sum", std::max(n - 1, 0.0), summed);
  call.charge_cost_as("divide", n, promote(counts, DType::float64));
}

// ---- histogram ----

PriceInput price_of(const Array& a, const Value& bins, double count) {
  return {.in = size_of(a),
          .length = count,
          .parts = is_rule(bins) ? 1.0 : 0.0,
          .extra = is_rule(bins) ? detail::passes_of_rule(bins.as_string(), size_of(a)) : 0.0};
}

void require_real(const Array& a) {
  if (is_complex(a.type())) throw_type_error("histograms of complex numbers are not defined");
}

template <class W>
ArrayRef counted(const std::vector<double>& x, const Bins& b, const ArrayRef& weights) {
  ArrayRef out = zeros(dtype_of<W>, Dims{b.count()});
  for (std::size_t i = 0; i < x.size(); ++i) {
    const std::int64_t bin = bin_of(b, x[i]);
    if (bin < 0) continue;
    if (weights)
      out->template mutable_items<W>()[bin] += weights->template items<W>()[i];
    else
      out->template mutable_items<W>()[bin] += W(1);
  }
  return out;
}

ArrayRef histogram_of(const std::vector<double>& x, const Bins& b, const Value& weights) {
  if (weights.is_absent()) return counted<std::int64_t>(x, b, {});
  const ArrayRef w = to_array(weights);
  if (w->type() == DType::bool_ || is_integer(w->type()))
    return cast(*counted<std::int64_t>(x, b, contiguous_as(*w, DType::int64)),
                w->type() == DType::bool_ ? DType::int64 : w->type());
  if (is_complex(w->type())) return cast(*counted<Complex128>(x, b, contiguous_as(*w, DType::complex128)), w->type());
  return cast(*counted<double>(x, b, contiguous_as(*w, DType::float64)), w->type());
}

// Counts divided by their sum and by the widths of the bins.
ArrayRef density_of(const Array& counts, const Bins& b) {
  const ArrayRef c = cast(counts, DType::float64);
  double sum = 0;
  for (std::int64_t i = 0; i < c->size; ++i) sum += c->items<double>()[i];
  for (std::int64_t i = 0; i < c->size; ++i) {
    const double width =
        rounded_to(b.edges[static_cast<std::size_t>(i) + 1] - b.edges[static_cast<std::size_t>(i)], b.dtype);
    c->mutable_items<double>()[i] = c->items<double>()[i] / width / sum;
  }
  return c;
}

Result run_histogram(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  require_real(*a);
  const Value bins = call.arg(1).is_missing() ? Value::integer(10) : call.arg(1);
  const bool density = to_bool(call.arg(3), false);
  const Value& weights = call.arg(4);
  if (!weights.is_absent()) {
    const ArrayRef w = to_array(weights);
    if (!std::equal(w->dims().begin(), w->dims().end(), a->dims().begin(), a->dims().end()))
      throw_value_error("weights should have the same shape as a.");
    if (is_rule(bins))
      throw_type_error("Automated estimation of the number of bins is not supported for weighted data");
  }
  const std::vector<double> x = numbers(*a);
  const Bins b = bins_of(bins, call.arg(2), *a, x, false);
  const bool given = !is_rule(bins) && !is_number(bins);
  DType billed = promote(mean_type(a->type()), DType::int64);
  if (given) billed = promote(billed, b.dtype);
  call.owes_more();
  call.charge(price_of(*a, bins, static_cast<double>(given ? b.count() + 1 : b.count())), billed);
  charge_parts(call, bins, b, density, weights);
  call.owes_no_more();
  ArrayRef counts = histogram_of(x, b, weights);
  if (density) counts = density_of(*counts, b);
  return Result::tuple({counts, edges_array(b)});
}

Result run_bin_edges(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  require_real(*a);
  const Value bins = call.arg(1).is_missing() ? Value::integer(10) : call.arg(1);
  const Bins b = bins_of(bins, call.arg(2), *a, numbers(*a), false);
  const bool given = !is_rule(bins) && !is_number(bins);
  DType billed = mean_type(a->type());
  if (given) billed = promote(billed, b.dtype);
  call.owes_more();
  call.charge(price_of(*a, bins, static_cast<double>(b.count())), billed);
  charge_parts(call, bins, b, false, Value());
  call.owes_no_more();
  return edges_array(b);
}

// ---- several variables ----

struct Axes {
  std::vector<Bins> bins;
  DType billed = DType::float64;
  double searched = 0;  // the sum of ceil(log2) over the axes
};

Axes axes_of(const Value& bins, const Value& ranges, const std::vector<ArrayRef>& columns, bool pair_of_two) {
  const auto d = columns.size();
  const bool same = is_number(bins) || (pair_of_two && (bins.is_array() ? bins.as_array().size : bins.count) != 2);
  const auto part = [&](std::size_t i) -> Value {
    if (same) return bins;
    if (!bins.is_sequence() || bins.count != d)
      throw_value_error("The dimension of bins must be equal to the dimension of the sample x.");
    return bins.as_items()[i];
  };
  if (!ranges.is_absent() && (!ranges.is_sequence() || ranges.count != d))
    throw_value_error("range argument must have one entry per dimension");
  Axes out;
  for (std::size_t i = 0; i < d; ++i) {
    const Value own = ranges.is_absent() ? Value() : ranges.as_items()[i];
    const Value of_axis = part(i);
    out.bins.push_back(bins_of(of_axis, own, *columns[i], numbers(*columns[i]), true));
    const bool number = is_number(of_axis);
    out.searched += levels(static_cast<double>(out.bins.back().count() + (number ? 0 : 1)));
  }
  return out;
}

// Edges decide directly here (no quotient first), with the last edge inside.
std::int64_t searched_bin(const Bins& b, double x) {
  if (b.count() == 0) return -1;
  if (x == b.edges.back()) return b.count() - 1;
  const std::int64_t i = std::upper_bound(b.edges.begin(), b.edges.end(), x) - b.edges.begin() - 1;
  return i >= b.count() ? -1 : i;
}

ArrayRef counted(const std::vector<ArrayRef>& columns, const Axes& axes, const Value& weights, bool density) {
  Dims shape;
  for (const Bins& b : axes.bins) shape.push_back(b.count());
  ArrayRef out = zeros(DType::float64, shape);
  std::vector<double> w;
  if (!weights.is_absent()) w = numbers(*to_array(weights));
  std::vector<std::vector<double>> x;
  for (const ArrayRef& c : columns) x.push_back(numbers(*c));
  if (!weights.is_absent() && w.size() != x[0].size())
    throw_value_error("The weights and list don't have the same length.");
  double total = 0;
  for (std::size_t row = 0; row < x[0].size(); ++row) {
    std::int64_t at = 0;
    for (std::size_t d = 0; d < x.size() && at >= 0; ++d) {
      const std::int64_t bin = searched_bin(axes.bins[d], x[d][row]);
      at = bin < 0 ? -1 : at * axes.bins[d].count() + bin;
    }
    if (at < 0) continue;
    const double weight = w.empty() ? 1 : w[row];
    out->mutable_items<double>()[at] += weight;
    total += weight;
  }
  if (!density) return out;
  for (std::int64_t i = 0; i < out->size; ++i) {
    std::int64_t rest = i, step = out->size;
    double& value = out->mutable_items<double>()[i];
    for (const Bins& b : axes.bins) {  // width after width, first axis first, then the total
      step /= b.count();
      const auto k = static_cast<std::size_t>(rest / step);
      rest %= step;
      value /= rounded_to(b.edges[k + 1] - b.edges[k], b.dtype);
    }
    value /= total;
  }
  return out;
}

Result run_histogram2d(Call& call) {
  std::vector<ArrayRef> columns{to_array(call.arg(0)), to_array(call.arg(1))};
  for (const ArrayRef& c : columns)
    if (c->ndim != 1) throw_value_error("too many values to unpack (expected 2)");
  const DType common = promote(columns[0]->type(), columns[1]->type());
  for (ArrayRef& c : columns) c = contiguous_as(*c, common);
  for (const ArrayRef& c : columns) require_real(*c);
  if (columns[0]->size != columns[1]->size) throw_value_error("x and y must have the same length.");
  const Value bins = call.arg(2).is_missing() ? Value::integer(10) : call.arg(2);
  const Axes axes = axes_of(bins, call.arg(3), columns, true);
  call.charge({.in = size_of(*columns[0]), .extra = axes.searched}, axes.billed);
  return Result::tuple({counted(columns, axes, call.arg(5), to_bool(call.arg(4), false)), edges_array(axes.bins[0]),
                        edges_array(axes.bins[1])});
}

Result run_histogramdd(Call& call) {
  ArrayRef sample;
  if (call.arg(0).is_sequence()) {  // a list of columns
    std::vector<Value> items(call.arg(0).as_items().begin(), call.arg(0).as_items().end());
    sample = detail::reversed_axes(*to_array(Value::list(items)));
  } else {
    sample = to_array(call.arg(0));
    if (sample->ndim == 1) sample = detail::with_new_axes(*sample, Dims{1});
  }
  if (sample->ndim != 2) throw_value_error("The sample must be a matrix with one column per variable");
  require_real(*sample);
  if (sample->shape[1] == 0) throw_value_error("need at least one array to concatenate");
  std::vector<ArrayRef> columns;
  for (std::int64_t d = 0; d < sample->shape[1]; ++d) columns.push_back(detail::at_position(*sample, 1, d));
  const Value bins = call.arg(1).is_missing() ? Value::integer(10) : call.arg(1);
  const Axes axes = axes_of(bins, call.arg(2), columns, false);
  call.charge({.in = static_cast<double>(sample->shape[0]), .extra = axes.searched}, axes.billed);
  std::vector<Result> edges;
  for (const Bins& b : axes.bins) edges.emplace_back(edges_array(b));
  return Result::tuple(
      {counted(columns, axes, call.arg(4), to_bool(call.arg(3), false)), Result::tuple(std::move(edges))});
}

constexpr Operation histogram(std::string_view name, std::string_view signature, Kernel run, std::string_view formula) {
  return {.name = name, .signature = signature, .run = run, .formula = formula};
}

constexpr Operation k_operations[] = {
    histogram("histogram", "a, bins=10, range=None, density=None, weights=None", run_histogram,
              "histogram.bins_and_rule"),
    histogram("histogram_bin_edges", "a, bins=10, range=None, weights=None", run_bin_edges, "histogram.rule"),
    histogram("histogram2d", "x, y, bins=10, range=None, density=None, weights=None", run_histogram2d,
              "histogram.axes"),
    histogram("histogramdd", "sample, bins=10, range=None, density=None, weights=None", run_histogramdd,
              "histogram.axes"),
};

}  // namespace

detail::Table detail::histogram_operations() { return k_operations; }

}  // namespace flopscope
