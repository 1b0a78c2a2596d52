// SPDX-License-Identifier: MIT
// pad: an array inside a larger one, in NumPy's modes. Axes are padded one after the other, so the corners follow the
// later axis.
#include <fmt/format.h>

#include <cmath>
#include <whest/flopscope/ops/detail/fold.hpp>
#include <whest/flopscope/ops/detail/layout.hpp>
#include <whest/flopscope/ops/detail/tables.hpp>
#include <whest/flopscope/ops/detail/ufuncs.hpp>

namespace flopscope {
namespace {

enum class Mode : std::uint8_t {
  constant,
  edge,
  linear_ramp,
  maximum,
  mean,
  median,
  minimum,
  reflect,
  symmetric,
  wrap,
  empty
};
constexpr std::string_view k_mode_names[] = {"constant", "edge",    "linear_ramp", "maximum", "mean", "median",
                                             "minimum",  "reflect", "symmetric",   "wrap",    "empty"};

Mode to_mode(const Value& v) {
  if (v.is_missing()) return Mode::constant;
  if (v.is(ValueKind::string))
    for (std::size_t i = 0; i < std::size(k_mode_names); ++i)
      if (v.as_string() == k_mode_names[i]) return static_cast<Mode>(i);
  throw_value_error("pad: the mode must be the name of one of NumPy's modes");
}

bool is_statistic(Mode m) { return m == Mode::maximum || m == Mode::mean || m == Mode::median || m == Mode::minimum; }

// A value for each side of each axis: one number, one pair, or a pair per axis, broadcast to (ndim, 2).
ArrayRef pairs(const Value& v, int ndim) {
  ArrayRef a = to_array(v);
  if (a->size == 1) a = detail::reshaped(*a, Dims{});
  return copy_of(*broadcast_view(*a, Dims{ndim, 2}));
}

struct Widths {
  std::int64_t before, after;
};

std::vector<Widths> widths_of(const Value& v, int ndim, std::string_view what) {
  const ArrayRef given = to_array(v);
  if (!is_integer(given->type()) && given->size > 0)
    throw_type_error(fmt::format("`{}` must be of integral type.", what));
  const std::vector<std::int64_t> flat = detail::to_ints(Value(*pairs(v, ndim)), what);
  std::vector<Widths> out;
  for (std::size_t d = 0; d < static_cast<std::size_t>(ndim); ++d) {
    if (flat[2 * d] < 0 || flat[2 * d + 1] < 0) throw_value_error("index can't contain negative values");
    out.push_back({flat[2 * d], flat[2 * d + 1]});
  }
  return out;
}

struct Request {
  Mode mode = Mode::constant;
  bool odd = false;
  std::vector<Widths> widths, lengths;  // lengths: of the statistics, at most the axis
  ArrayRef values;                      // (ndim, 2): constant_values or end_values
};

// Each mode has its own keyword arguments.
void refuse_foreign_arguments(const Call& call, Mode mode) {
  const bool statistic = mode == Mode::maximum || mode == Mode::minimum || mode == Mode::mean || mode == Mode::median;
  const bool mirrored = mode == Mode::reflect || mode == Mode::symmetric;
  const auto given = [&](int i) { return !call.arg(i).is_missing(); };
  if ((given(3) && !statistic) || (given(4) && mode != Mode::constant) || (given(5) && mode != Mode::linear_ramp) ||
      (given(6) && !mirrored))
    throw_value_error("unsupported keyword arguments for this mode");
}

Request request_of(const Call& call, const Array& a) {
  Request r;
  r.mode = to_mode(call.arg(2));
  r.widths = widths_of(call.arg(1), a.ndim, "pad_width");
  refuse_foreign_arguments(call, r.mode);
  const Value& stat = call.arg(3);
  for (int d = 0; d < a.ndim; ++d) r.lengths.push_back({a.shape[d], a.shape[d]});
  if (!stat.is_absent()) {
    r.lengths = widths_of(stat, a.ndim, "stat_length");
    for (int d = 0; d < a.ndim; ++d) {
      auto& [before, after] = r.lengths[static_cast<std::size_t>(d)];
      before = std::min(before, a.shape[d]);
      after = std::min(after, a.shape[d]);
      const bool order = r.mode == Mode::maximum || r.mode == Mode::minimum;
      if (order && (before == 0 || after == 0)) throw_value_error("stat_length of 0 yields no value for padding");
    }
  }
  const Value& values = r.mode == Mode::linear_ramp ? call.arg(5) : call.arg(4);
  r.values = pairs(values.is_absent() ? Value::integer(0) : values, a.ndim);
  if (!call.arg(6).is_absent()) r.odd = call.arg(6).as_string() == "odd";
  const bool free_of_source = r.mode == Mode::constant || r.mode == Mode::empty;
  for (int d = 0; d < a.ndim; ++d) {
    const Widths w = r.widths[static_cast<std::size_t>(d)];
    std::int64_t extent = a.shape[d];
    if (__builtin_add_overflow(extent, w.before, &extent) || __builtin_add_overflow(extent, w.after, &extent))
      throw_value_error("array is too big");
    if (a.shape[d] == 0 && w.before + w.after > 0 && !free_of_source)
      throw_value_error(fmt::format("can't extend empty axis {} using modes other than 'constant' or 'empty'", d));
  }
  return r;
}

Dims padded_shape(const Array& a, const Request& r) {
  Dims shape(a.dims());
  for (int d = 0; d < a.ndim; ++d)
    shape[d] += r.widths[static_cast<std::size_t>(d)].before + r.widths[static_cast<std::size_t>(d)].after;
  return shape;
}

// What the statistics read, axis by axis (the axes before are already padded), and one division per mean.
double statistics_cost(const Array& a, const Request& r) {
  double cost = 0, grown = 1;
  for (int d = 0; d < a.ndim; ++d) {
    double cross = grown;
    for (int e = d + 1; e < a.ndim; ++e) cross *= static_cast<double>(a.shape[e]);
    const Widths length = r.lengths[static_cast<std::size_t>(d)], width = r.widths[static_cast<std::size_t>(d)];
    const bool whole = length.before == a.shape[d] && length.after == a.shape[d];  // both sides share one statistic
    cost += cross * static_cast<double>(whole ? a.shape[d] : length.before + length.after);
    if (r.mode == Mode::mean) cost += cross * (whole ? 1 : 2);
    grown *= static_cast<double>(a.shape[d] + width.before + width.after);
  }
  return cost;
}

// Arithmetic beyond moving: `extra` of the price.
double computed(const Array& a, const Request& r, double out) {
  if (is_statistic(r.mode)) return a.size == 0 ? 0 : statistics_cost(a, r);
  const bool odd = (r.mode == Mode::reflect || r.mode == Mode::symmetric) && r.odd;
  return odd || r.mode == Mode::linear_ramp ? out - static_cast<double>(a.size) : 0;
}

// ---- one axis ----

std::int64_t modulo(std::int64_t i, std::int64_t n) { return ((i % n) + n) % n; }

// Position in [0, n) from which position t of the endless extension is copied.
std::int64_t source_of(std::int64_t t, std::int64_t n, Mode mode) {
  if (mode == Mode::edge) return std::clamp<std::int64_t>(t, 0, n - 1);
  if (mode == Mode::wrap) return modulo(t, n);
  if (mode == Mode::reflect) {
    if (n == 1) return 0;
    const std::int64_t r = modulo(t, 2 * (n - 1));
    return r < n ? r : 2 * (n - 1) - r;
  }
  const std::int64_t r = modulo(t, 2 * n);
  return r < n ? r : 2 * n - 1 - r;
}

ArrayRef extended(const Array& a, int axis, Widths w, Mode mode) {
  std::vector<std::int64_t> index;
  for (std::int64_t t = -w.before; t < a.shape[axis] + w.after; ++t) index.push_back(source_of(t, a.shape[axis], mode));
  return detail::gathered(a, axis, index);
}

// The lines along an axis, worked on in a wide type.
template <class W, class F>
ArrayRef by_lines(const Array& a, int axis, Widths w, F&& make_line) {
  Dims shape(a.dims());
  shape[axis] += w.before + w.after;
  ArrayRef wide = Array::make(dtype_of<W>, shape);
  const ArrayRef from = contiguous_as(a, dtype_of<W>);
  std::int64_t outer = 1, inner = 1;
  for (int d = 0; d < a.ndim; ++d) (d < axis ? outer : inner) *= d == axis ? 1 : a.shape[d];
  std::vector<W> line(static_cast<std::size_t>(a.shape[axis])), out(static_cast<std::size_t>(shape[axis]));
  for (std::int64_t o = 0; o < outer; ++o)
    for (std::int64_t k = 0; k < inner; ++k) {
      for (std::int64_t i = 0; i < a.shape[axis]; ++i)
        line[static_cast<std::size_t>(i)] = from->template items<W>()[(o * a.shape[axis] + i) * inner + k];
      std::copy(line.begin(), line.end(), out.begin() + w.before);
      make_line(line, out);
      for (std::int64_t i = 0; i < shape[axis]; ++i)
        wide->template mutable_items<W>()[(o * shape[axis] + i) * inner + k] = out[static_cast<std::size_t>(i)];
    }
  return cast(*wide, a.type());
}

// NumPy's mean of a part of the axis: in its order of summing, of halves in single precision.
ArrayRef mean_along(const Array& part, int axis) {
  const bool floats = is_floating(part.type());
  const DType wide = !floats ? DType::float64 : part.type() == DType::float16 ? DType::float32 : part.type();
  const ArrayRef sum = ufunc::sum_of(part, ufunc::one_axis(axis, part.dims()), wide);
  const ArrayRef mean = ufunc::apply(ufunc::k_true_divide, sum, static_cast<double>(part.shape[axis]));
  return cast(floats ? *mean : *ufunc::apply(ufunc::k_rint, mean), part.type());
}

ArrayRef mean_axis(const Array& a, int axis, Widths w, Widths length) {
  Dims shape(a.dims());
  const std::int64_t n = shape[axis];
  shape[axis] += w.before + w.after;
  ArrayRef out = Array::make(a.type(), shape);
  const auto fill = [&](std::int64_t at, std::int64_t width, const ArrayRef& part) {
    copy_into(*detail::sliced(*out, axis, at, width), *detail::with_new_axes(*mean_along(*part, axis), Dims{axis}));
  };
  fill(0, w.before, detail::sliced(a, axis, 0, length.before));
  copy_into(*detail::sliced(*out, axis, w.before, n), a);
  fill(w.before + n, w.after, detail::sliced(a, axis, n - length.after, length.after));
  return out;
}

template <class W>
bool less(const W& a, const W& b) {
  if constexpr (std::is_same_v<W, Complex128>)
    return a.real() < b.real() || (a.real() == b.real() && a.imag() < b.imag());
  else
    return a < b;
}

template <class W>
W rounded(W x, bool to_integer) {
  if constexpr (std::is_same_v<W, double>)
    return to_integer ? std::nearbyint(x) : x;
  else
    return x;
}

template <class W>
W statistic(std::vector<W> part, Mode mode, bool to_integer) {
  std::sort(part.begin(), part.end(), less<W>);
  if (mode == Mode::minimum) return part.front();
  if (mode == Mode::maximum) return part.back();
  const std::size_t half = part.size() / 2;
  return part.size() % 2 == 1 ? part[half] : rounded((part[half - 1] + part[half]) * 0.5, to_integer);
}

template <class W>
void odd_line(const std::vector<W>& x, std::vector<W>& out, Widths w, Mode mode) {
  const auto n = static_cast<std::int64_t>(x.size());
  const std::int64_t period = mode == Mode::reflect ? 2 * (n - 1) : 2 * n;
  for (std::int64_t t = -w.before; t < n + w.after; ++t) {
    if (t >= 0 && t < n) continue;
    if (period == 0) {
      out[static_cast<std::size_t>(t + w.before)] = x[0];
      continue;
    }
    const std::int64_t r = modulo(t, period), turns = (t - r) / period;
    const W base =
        r < n ? x[static_cast<std::size_t>(r)] : 2.0 * x.back() - x[static_cast<std::size_t>(source_of(r, n, mode))];
    out[static_cast<std::size_t>(t + w.before)] = base + 2.0 * static_cast<double>(turns) * (x.back() - x.front());
  }
}

template <class W>
ArrayRef computed_axis(const Array& a, int axis, const Request& r) {
  const Widths w = r.widths[static_cast<std::size_t>(axis)], length = r.lengths[static_cast<std::size_t>(axis)];
  const bool to_integer = !is_floating(a.type());
  const ArrayRef ends = contiguous_as(*r.values, dtype_of<W>);
  const W* end = ends->template items<W>() + 2 * axis;
  return by_lines<W>(a, axis, w, [&](const std::vector<W>& x, std::vector<W>& out) {
    if (is_statistic(r.mode)) {
      const W left = statistic<W>({x.begin(), x.begin() + length.before}, r.mode, to_integer);
      const W right = statistic<W>({x.end() - length.after, x.end()}, r.mode, to_integer);
      std::fill_n(out.begin(), w.before, left);
      std::fill_n(out.end() - w.after, w.after, right);
    } else if (r.mode == Mode::linear_ramp) {
      const auto ramp = [&](W from, W to, std::int64_t i, std::int64_t count) {
        const W y = from + static_cast<double>(i) * ((to - from) / static_cast<double>(count));
        if constexpr (std::is_same_v<W, double>) return to_integer ? std::floor(y) : y;
        return y;
      };
      for (std::int64_t i = 0; i < w.before; ++i)
        out[static_cast<std::size_t>(i)] = ramp(end[0], x.front(), i, w.before);
      for (std::int64_t i = 0; i < w.after; ++i)
        out[out.size() - 1 - static_cast<std::size_t>(i)] = ramp(end[1], x.back(), i, w.after);
    } else {
      odd_line(x, out, w, r.mode);
    }
  });
}

// The array in the middle, then the two sides of every axis: over all of the axes before it, and over the middle of
// those behind.
ArrayRef padded_by_constants(const Array& a, const Request& r) {
  const ArrayRef out = Array::make(a.type(), padded_shape(a, r));
  const auto middle_from = [&](ArrayRef part, int first) {
    for (int d = first; d < a.ndim; ++d)
      part = detail::sliced(*part, d, r.widths[static_cast<std::size_t>(d)].before, a.shape[d]);
    return part;
  };
  copy_into(*middle_from(out, 0), a);
  for (int d = 0; d < a.ndim; ++d) {
    const auto [before, after] = r.widths[static_cast<std::size_t>(d)];
    const ArrayRef pair = detail::at_position(*r.values, 0, d), part = middle_from(out, d + 1);
    copy_into(*detail::sliced(*part, d, 0, before), *detail::at_position(*pair, 0, 0));
    copy_into(*detail::sliced(*part, d, before + a.shape[d], after), *detail::at_position(*pair, 0, 1));
  }
  return out;
}

ArrayRef padded_axis(const Array& a, int axis, const Request& r) {
  const Widths w = r.widths[static_cast<std::size_t>(axis)];
  const bool reflects = r.mode == Mode::reflect || r.mode == Mode::symmetric;
  if (w.before + w.after == 0) return ref_of(a);
  if (r.mode == Mode::edge || r.mode == Mode::wrap || (reflects && !r.odd)) return extended(a, axis, w, r.mode);
  if (r.mode == Mode::mean) return mean_axis(a, axis, w, r.lengths[static_cast<std::size_t>(axis)]);
  return is_complex(a.type()) ? computed_axis<Complex128>(a, axis, r) : computed_axis<double>(a, axis, r);
}

Result run_pad(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const Request r = request_of(call, *a);
  const double out = static_cast<double>(element_count(padded_shape(*a, r)));
  call.charge({.in = static_cast<double>(a->size), .out = out, .extra = out + computed(*a, r, out)}, a->type());
  if (r.mode == Mode::constant || r.mode == Mode::empty) return padded_by_constants(*a, r);
  ArrayRef result = a;
  for (int d = 0; d < a->ndim; ++d) result = padded_axis(*result, d, r);
  return result == a ? copy_of(*a) : result;
}

constexpr Operation k_operations[] = {
    {.name = "pad",
     .signature = "array, pad_width, mode='constant', stat_length=None, constant_values=0, end_values=0, "
                  "reflect_type='even'",
     .run = run_pad,
     .formula = "touched.at_least_1",
     .log_shapes = LogShapes::none},
};

}  // namespace

detail::Table detail::movement_pad_operations() { return k_operations; }

}  // namespace flopscope
