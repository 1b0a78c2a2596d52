// SPDX-License-Identifier: MIT
// The sorting family: histograms of one, two and more variables, and their bin edges.
#include <fmt/format.h>

#include <cmath>
#include <whest/flopscope/ops/detail/bin_rules.hpp>
#include <whest/flopscope/ops/detail/layout.hpp>
#include <whest/flopscope/ops/detail/loops.hpp>
#include <whest/flopscope/ops/detail/order.hpp>
#include <whest/flopscope/ops/detail/tables.hpp>
#include <whest/flopscope/ops/detail/ufuncs.hpp>

namespace flopscope {
namespace {

using ufunc::is_complex_element;

double size_of(const Array& a) { return static_cast<double>(a.size); }
double levels(double n) { return n <= 2 ? 1 : std::ceil(std::log2(n)); }

bool is_number(const Value& v) { return v.is_scalar() || (v.is_array() && v.as_array().ndim == 0); }
bool is_rule(const Value& v) { return v.is(ValueKind::string); }

// ---- edges ----

// Complex numbers are ordered as NumPy orders them, by their real parts first; T is double or Complex128.
template <class T>
bool before(T x, T y) {
  if constexpr (is_complex_element<T>)
    return ufunc::complex_less(x, y);
  else
    return x < y;
}
template <class T>
bool within(T x, T first, T last) {
  return !ufunc::is_nan(x) && !before(x, first) && !before(last, x);
}
bool is_finite(double x) { return std::isfinite(x); }
bool is_finite(Complex128 x) { return std::isfinite(x.real()) && std::isfinite(x.imag()); }
double real_of(double x) { return x; }
double real_of(Complex128 x) { return x.real(); }
std::string text_of(double x) { return fmt::format("{}", x); }
std::string text_of(Complex128 x) { return fmt::format("({}{:+}j)", x.real(), x.imag()); }

template <class T>
struct Range {
  T first = 0, last = 1;
  bool given = false;
  bool plain = true;  // plain numbers, which have no dtype: given, or of no data
};

template <class T>
void require_finite(const Range<T>& r, std::string_view which) {
  if (!is_finite(r.first) || !is_finite(r.last))
    throw_value_error(fmt::format("{} range of [{}, {}] is not finite", which, text_of(r.first), text_of(r.last)));
}

template <class T>
Range<T> range_of(const Value& v, const std::vector<T>& x) {
  Range<T> r;
  if (!v.is_absent()) {
    const ArrayRef pair = contiguous_as(*to_array(v), dtype_of<T>);
    if (pair->size != 2) throw_value_error("range must have two elements");
    r = {.first = pair->items<T>()[0], .last = pair->items<T>()[1], .given = true};
    if (before(r.last, r.first)) throw_value_error("max must be larger than min in range parameter.");
    require_finite(r, "supplied");
  } else if (!x.empty()) {
    const auto [least, most] = std::minmax_element(x.begin(), x.end(), before<T>);
    r.first = *least;
    r.last = *most;
    if (is_complex_element<T>)  // any NaN is both extremes
      if (const auto nan = std::find_if(x.begin(), x.end(), [](T y) { return ufunc::is_nan(y); }); nan != x.end())
        r.first = r.last = *nan;
    r.plain = false;
    require_finite(r, "autodetected");
  }
  if (r.first == r.last) {
    r.first -= 0.5;
    r.last += 0.5;
  }
  return r;
}

template <class T>
struct Bins {
  std::vector<T> edges;  // rounded to `dtype`
  DType dtype = DType::float64;
  Range<T> range;
  bool uniform = false;
  std::int64_t count() const { return std::max<std::int64_t>(static_cast<std::int64_t>(edges.size()) - 1, 0); }
};

double rounded_to(double x, DType d) {
  return d == DType::float32 || d == DType::complex64 ? static_cast<double>(static_cast<float>(x))
         : d == DType::float16                        ? static_cast<double>(static_cast<Half>(x))
                                                      : x;
}
Complex128 rounded_to(Complex128 x, DType d) { return {rounded_to(x.real(), d), rounded_to(x.imag(), d)}; }

// NumPy divides a complex number by multiplying with the reciprocal.
double divided(double x, double by, DType d) { return rounded_to(x / by, d); }
Complex128 divided(Complex128 x, double by, DType d) { return rounded_to(x * rounded_to(1 / by, d), d); }

// Edges as a linspace that rounds to `d` after every operation.
template <class T>
std::vector<T> spaced(std::int64_t n, const Range<T>& range, DType d) {
  const auto r = [d](T x) { return rounded_to(x, d); };
  const T first = r(range.first), last = r(range.last), width = r(last - first);
  const auto count = static_cast<double>(n);
  const T step = divided(width, count, d);
  std::vector<T> edges;
  edges.reserve(static_cast<std::size_t>(n) + 1);  // all or nothing, when there are too many
  for (std::int64_t i = 0; i < n; ++i) {
    const double at = rounded_to(static_cast<double>(i), d);
    edges.push_back(r((step == T(0) ? r(divided(T(at), count, d) * width) : r(at * step)) + first));
  }
  edges.push_back(last);
  return edges;
}

// Plain numbers as the range are spaced in double precision; the edges then get the dtype of the data.
template <class T>
Bins<T> uniform_bins(std::int64_t n, const Range<T>& range, DType data) {
  Bins<T> b{.edges = {}, .dtype = is_floating(data) ? data : DType::float64, .range = range, .uniform = true};
  b.edges = spaced(n, range, range.plain ? DType::float64 : b.dtype);
  for (T& e : b.edges) e = rounded_to(e, b.dtype);
  return b;
}

template <class T>
std::vector<T> numbers(const Array& a) {
  std::vector<T> x;
  x.reserve(static_cast<std::size_t>(a.size));
  for_each_element(a, [&](const std::byte* at) {
    if constexpr (is_complex_element<T>)
      x.push_back(read_complex(a, at));
    else
      x.push_back(read_double(a, at));
  });
  return x;
}

template <class T>
Bins<T> given_bins(const Value& v) {
  const ArrayRef edges = to_array(v);
  if (edges->ndim != 1) throw_value_error("`bins` must be 1d, when an array");
  const Bins<T> b{.edges = numbers<T>(*edges), .dtype = edges->type(), .range = {}, .uniform = false};
  for (std::size_t i = 1; i < b.edges.size(); ++i)
    if (before(b.edges[i], b.edges[i - 1])) throw_value_error("`bins` must increase monotonically, when an array");
  return b;
}

// Rules look at spreads and quantiles, which complex numbers do not have.
template <class T>
std::int64_t bins_by_rule(std::string_view rule, const std::vector<T>& x, const Range<T>& r, bool integers) {
  if constexpr (is_complex_element<T>) {
    throw_type_error("a must be an array of real numbers");
  } else {
    std::vector<T> inside = x;
    if (r.given) std::erase_if(inside, [&](T v) { return !within(v, r.first, r.last); });
    return detail::bins_by_rule(rule, inside, r.first, r.last, r.given, integers);
  }
}

// Of several variables the edges have the dtype of the range's ends, of one that of the data.
template <class T>
Bins<T> bins_of(const Value& bins, const Value& range, const Array& a, const std::vector<T>& x, bool several) {
  if (!is_rule(bins) && !is_number(bins)) return given_bins<T>(bins);
  const Range<T> r = range_of(range, x);
  std::int64_t n = 1;
  if (is_rule(bins)) {
    n = bins_by_rule(bins.as_string(), x, r, !is_floating(a.type()));
  } else {
    n = to_int(bins, "bins");
    if (n < 1) throw_value_error("`bins` must be positive, when an integer");
  }
  const DType data = a.type() == DType::bool_ ? DType::uint8 : a.type();
  return uniform_bins(n, r, several && r.plain ? DType::float64 : data);
}

// How many widths x lies above the first edge. Of a complex quotient NumPy drops the imaginary part.
double widths_above(const Bins<double>& b, double x) { return (x - b.range.first) / (b.range.last - b.range.first); }
double widths_above(const Bins<Complex128>& b, Complex128 x) {
  const ArrayRef quotient = ufunc::apply(ufunc::k_true_divide, scalar_array<Complex128>(x - b.range.first),
                                         scalar_array<Complex128>(b.range.last - b.range.first));
  return quotient->items<Complex128>()->real();
}

// The edge at a position that may count from the end, as Python's do.
template <class T>
T edge_at(const Bins<T>& b, std::int64_t i) {
  const auto size = static_cast<std::int64_t>(b.edges.size());
  return b.edges[static_cast<std::size_t>(detail::wrap_index(i, size, 0))];
}

// The bin of x; -1 outside. The last bin holds its right edge.
template <class T>
std::int64_t bin_of(const Bins<T>& b, T x) {
  const std::int64_t n = b.count();
  if (b.uniform) {
    if (!within(x, b.range.first, b.range.last)) return -1;
    const double above = widths_above(b, x) * static_cast<double>(n);
    auto i = std::fabs(above) < 0x1p62 ? static_cast<std::int64_t>(above) : INT64_MIN;
    if (i == n) --i;
    // The quotient may round across an edge: the edges decide.
    if (before(x, edge_at(b, i))) --i;
    if (i != n - 1 && !before(x, edge_at(b, i + 1))) ++i;
    if (i < 0) throw_value_error("'list' argument must have no negative elements");  // complex numbers only
    return i;
  }
  if (n < 1 || !within(x, b.edges.front(), b.edges.back())) return -1;
  if (x == b.edges.back()) return n - 1;
  return std::upper_bound(b.edges.begin(), b.edges.end(), x, before<T>) - b.edges.begin() - 1;
}

template <class T>
ArrayRef edges_array(const Bins<T>& b) {
  const ArrayRef wide = vector_array<T>(b.edges);
  return b.dtype == dtype_of<T> ? wide : cast(*wide, b.dtype);
}

// ---- what is billed ----

// The dtype a mean of `d` is computed in, together with the counts' int64.
DType mean_type(DType d) { return is_floating(d) ? d : DType::float64; }

// In models that count them: the edges are a linspace (unless given), a density is four more passes over the bins.
template <class T>
void charge_parts(Call& call, const Value& bins, const Bins<T>& b, bool density, const Value& weights) {
  if (!call.model.rule("histogram_charges_its_parts")) return;
  const LogShapes own = std::exchange(call.log_shapes, LogShapes::none);
  if (is_rule(bins) || is_number(bins))
    call.charge_cost_as("linspace", 2 * static_cast<double>(b.edges.size()), b.dtype);
  if (!density) {
    call.log_shapes = own;
    return;
  }
  const auto n = static_cast<double>(b.count());
  const DType counts = weights.is_absent() ? DType::int64 : to_array(weights)->type();
  const DType summed = !is_floating(counts) ? DType::int64 : counts;
  call.charge_cost_as("diff", n, b.dtype);
  call.charge_cost_as("divide", n, promote(counts, DType::float64));
  call.charge_cost_as("sum", std::max(n - 1, 0.0), summed);
  call.charge_cost_as("divide", n, promote(counts, DType::float64));
  call.log_shapes = own;
}

// ---- histogram ----

PriceInput price_of(const Array& a, const Value& bins, double count) {
  return {.in = size_of(a),
          .length = count,
          .parts = is_rule(bins) ? 1.0 : 0.0,
          .extra = is_rule(bins) ? detail::passes_of_rule(bins.as_string(), size_of(a)) : 0.0};
}

bool any_complex(const Array& a, const Value& bins) {
  return is_complex(a.type()) ||
         (!bins.is_missing() && !is_rule(bins) && !is_number(bins) && is_complex(to_array(bins)->type()));
}

template <class W, class T>
ArrayRef counted(const std::vector<T>& x, const Bins<T>& b, const ArrayRef& weights) {
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

template <class T>
ArrayRef histogram_of(const std::vector<T>& x, const Bins<T>& b, const Value& weights) {
  if (weights.is_absent()) return counted<std::int64_t>(x, b, {});
  const ArrayRef w = to_array(weights);
  if (w->type() == DType::bool_ || is_integer(w->type()))
    return cast(*counted<std::int64_t>(x, b, contiguous_as(*w, DType::int64)),
                w->type());  // of truths: whether any holds
  if (is_complex(w->type())) return cast(*counted<Complex128>(x, b, contiguous_as(*w, DType::complex128)), w->type());
  return cast(*counted<double>(x, b, contiguous_as(*w, DType::float64)), w->type());
}

// Counts, in W, divided by their sum and by the widths of the bins.
template <class W, class T>
ArrayRef density_in(const Array& counts, const Bins<T>& b) {
  const ArrayRef c = cast(counts, dtype_of<W>);
  W sum(0);
  for (std::int64_t i = 0; i < c->size; ++i) sum += c->items<W>()[i];
  for (std::int64_t i = 0; i < c->size; ++i) {
    const double width =
        real_of(rounded_to(b.edges[static_cast<std::size_t>(i) + 1] - b.edges[static_cast<std::size_t>(i)], b.dtype));
    c->mutable_items<W>()[i] = c->items<W>()[i] / width / sum;
  }
  return c;
}
template <class T>
ArrayRef density_of(const Array& counts, const Bins<T>& b) {
  return is_complex(counts.type()) ? density_in<Complex128>(counts, b) : density_in<double>(counts, b);
}

template <class T>
Result histogram_in(Call& call, const ArrayRef& a) {
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
  const std::vector<T> x = numbers<T>(*a);
  const Bins<T> b = bins_of(bins, call.arg(2), *a, x, false);
  const bool given = !is_rule(bins) && !is_number(bins);
  if (given && !weights.is_absent() && to_array(weights)->type() == DType::bool_)
    throw_type_error("Cannot cast ufunc 'add' output from dtype('int64') to dtype('bool')");
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

template <class T>
Result bin_edges_in(Call& call, const ArrayRef& a) {
  const Value bins = call.arg(1).is_missing() ? Value::integer(10) : call.arg(1);
  const Bins<T> b = bins_of(bins, call.arg(2), *a, numbers<T>(*a), false);
  const bool given = !is_rule(bins) && !is_number(bins);
  DType billed = mean_type(a->type());
  if (given) billed = promote(billed, b.dtype);
  call.owes_more();
  call.charge(price_of(*a, bins, static_cast<double>(b.count())), billed);
  charge_parts(call, bins, b, false, Value());
  call.owes_no_more();
  return edges_array(b);
}

Result run_histogram(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  return any_complex(*a, call.arg(1)) ? histogram_in<Complex128>(call, a) : histogram_in<double>(call, a);
}

Result run_bin_edges(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  return any_complex(*a, call.arg(1)) ? bin_edges_in<Complex128>(call, a) : bin_edges_in<double>(call, a);
}

// ---- several variables ----

template <class T>
struct Axes {
  std::vector<Bins<T>> bins;
  DType billed = DType::float64;
  double searched = 0;  // the sum of ceil(log2) over the axes
};

template <class T>
Axes<T> axes_of(const Value& bins, const Value& ranges, const std::vector<ArrayRef>& columns, bool pair_of_two) {
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
  Axes<T> out;
  if (is_complex_element<T>) out.billed = DType::complex128;
  for (std::size_t i = 0; i < d; ++i) {
    const Value own = ranges.is_absent() ? Value() : ranges.as_items()[i];
    const Value of_axis = part(i);
    out.bins.push_back(bins_of(of_axis, own, *columns[i], numbers<T>(*columns[i]), true));
    const bool number = is_number(of_axis);
    out.searched += levels(static_cast<double>(out.bins.back().count() + (number ? 0 : 1)));
  }
  return out;
}

// Edges decide directly here (no quotient first), with the last edge inside.
template <class T>
std::int64_t searched_bin(const Bins<T>& b, T x) {
  if (b.count() == 0) return -1;
  if (x == b.edges.back()) return b.count() - 1;
  const std::int64_t i = std::upper_bound(b.edges.begin(), b.edges.end(), x, before<T>) - b.edges.begin() - 1;
  return i >= b.count() ? -1 : i;
}

// Counts divided by width after width, first axis first, then by the total. Widths that are complex make it complex.
template <class T>
ArrayRef density_of(const ArrayRef& counts, const Axes<T>& axes, double total) {
  const bool complex =
      std::any_of(axes.bins.begin(), axes.bins.end(), [](const Bins<T>& b) { return is_complex(b.dtype); });
  const ArrayRef out = cast(*counts, dtype_of<T>);
  for (std::int64_t i = 0; i < out->size; ++i) {
    std::int64_t rest = i, step = out->size;
    T& value = out->template mutable_items<T>()[i];
    for (const Bins<T>& b : axes.bins) {
      step /= b.count();
      const auto k = static_cast<std::size_t>(rest / step);
      rest %= step;
      value /= rounded_to(b.edges[k + 1] - b.edges[k], b.dtype);
    }
    value /= total;
  }
  return complex || out->type() == DType::float64 ? out : cast(*out, DType::float64);
}

template <class T>
ArrayRef counted(const std::vector<ArrayRef>& columns, const Axes<T>& axes, const Value& weights, bool density) {
  Dims shape;
  for (const Bins<T>& b : axes.bins) shape.push_back(b.count());
  ArrayRef out = zeros(DType::float64, shape);
  std::vector<double> w;
  if (!weights.is_absent()) w = numbers<double>(*to_array(weights));
  std::vector<std::vector<T>> x;
  for (const ArrayRef& c : columns) x.push_back(numbers<T>(*c));
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
  return density ? density_of(out, axes, total) : out;
}

// Models before 0.12 look into the bins of two variables only where both are numbers, or both are edges.
bool are_bins_looked_into(const Value& bins) {
  if (is_number(bins)) return true;
  return bins.is_sequence() && bins.count == 2 && is_number(bins.as_items()[0]) == is_number(bins.as_items()[1]);
}

template <class T>
Result histogram2d_in(Call& call, const std::vector<ArrayRef>& columns) {
  const Value bins = call.arg(2).is_missing() ? Value::integer(10) : call.arg(2);
  Axes<T> axes = axes_of<T>(bins, call.arg(3), columns, true);
  if (call.model.rule("histogram2d.looks_into_like_bins_only") && !are_bins_looked_into(bins)) axes.searched = 1;
  call.charge({.in = size_of(*columns[0]), .extra = axes.searched}, axes.billed);
  return Result::tuple({counted(columns, axes, call.arg(5), to_bool(call.arg(4), false)), edges_array(axes.bins[0]),
                        edges_array(axes.bins[1])});
}

// The sum of ceil(log2) over what a list gives for each axis: a number of bins, or edges.
double levels_of(const Value& bins) {
  double sum = 0;
  for (const Value& of_axis : bins.as_items())
    sum += levels(is_number(of_axis) ? to_double(of_axis, "bins") : size_of(*to_array(of_axis)));
  return sum;
}

template <class T>
Result histogramdd_in(Call& call, const ArrayRef& sample, const std::vector<ArrayRef>& columns) {
  const Value bins = call.arg(1).is_missing() ? Value::integer(10) : call.arg(1);
  const auto rows = static_cast<double>(sample->shape[0]);
  if (bins.is_sequence() && bins.count != columns.size()) {
    call.charge({.in = rows, .extra = levels_of(bins)}, is_complex_element<T> ? DType::complex128 : DType::float64);
    throw_value_error("The dimension of bins must be equal to the dimension of the sample x.");
  }
  const Axes<T> axes = axes_of<T>(bins, call.arg(2), columns, false);
  call.charge({.in = rows, .extra = axes.searched}, axes.billed);
  std::vector<Result> edges;
  for (const Bins<T>& b : axes.bins) edges.emplace_back(edges_array(b));
  return Result::tuple(
      {counted(columns, axes, call.arg(4), to_bool(call.arg(3), false)), Result::tuple(std::move(edges))});
}

Result run_histogram2d(Call& call) {
  std::vector<ArrayRef> columns{to_array(call.arg(0)), to_array(call.arg(1))};
  for (const ArrayRef& c : columns)
    if (c->ndim != 1) throw_value_error("too many values to unpack (expected 2)");
  const DType common = promote(columns[0]->type(), columns[1]->type());
  for (ArrayRef& c : columns) c = contiguous_as(*c, common);
  if (columns[0]->size != columns[1]->size) throw_value_error("x and y must have the same length.");
  return is_complex(common) ? histogram2d_in<Complex128>(call, columns) : histogram2d_in<double>(call, columns);
}

Result run_histogramdd(Call& call) {
  // A list, too, is rows of a matrix here as in the packages, where NumPy alone takes it for columns.
  ArrayRef sample = to_array(call.arg(0));
  if (sample->ndim == 1) sample = detail::with_new_axes(*sample, Dims{1});
  if (sample->ndim != 2) throw_value_error("The sample must be a matrix with one column per variable");
  if (sample->shape[1] == 0) throw_value_error("need at least one array to concatenate");
  std::vector<ArrayRef> columns;
  for (std::int64_t d = 0; d < sample->shape[1]; ++d) columns.push_back(detail::at_position(*sample, 1, d));
  return is_complex(sample->type()) ? histogramdd_in<Complex128>(call, sample, columns)
                                    : histogramdd_in<double>(call, sample, columns);
}

constexpr Operation histogram(std::string_view name, std::string_view signature, Kernel run, std::string_view formula,
                              LogShapes shapes = LogShapes::first) {
  return {.name = name, .signature = signature, .run = run, .formula = formula, .log_shapes = shapes};
}

constexpr Operation k_operations[] = {
    histogram("histogram", "a, bins=10, range=None, density=None, weights=None", run_histogram,
              "histogram.bins_and_rule"),
    histogram("histogram_bin_edges", "a, bins=10, range=None, weights=None", run_bin_edges, "histogram.rule"),
    histogram("histogram2d", "x, y, bins=10, range=None, density=None, weights=None", run_histogram2d, "histogram.axes",
              LogShapes::first_two),
    histogram("histogramdd", "sample, bins=10, range=None, density=None, weights=None", run_histogramdd,
              "histogram.axes"),
};

}  // namespace

detail::Table detail::histogram_operations() { return k_operations; }

}  // namespace flopscope
