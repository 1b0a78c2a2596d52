// SPDX-License-Identifier: MIT
// The fft family: transforms along one axis or several, sample frequencies, shifts. All work is in complex double;
// results have NumPy 2's dtypes (float32 gives complex64).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>
#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/core/scratch.hpp>
#include <whest/flopscope/ops/detail/fft_plan.hpp>
#include <whest/flopscope/ops/detail/layout.hpp>
#include <whest/flopscope/ops/detail/ufuncs.hpp>
#include <whest/flopscope/prices/fft.hpp>

namespace flopscope {
namespace {

using fft::Complex;

enum class Norm : std::uint8_t { backward, ortho, forward };

Norm to_norm(const Value& v) {
  const std::string_view name = v.is_absent() ? "backward" : v.is(ValueKind::string) ? v.as_string() : "";
  if (name == "backward") return Norm::backward;
  if (name == "ortho") return Norm::ortho;
  if (name == "forward") return Norm::forward;
  throw_value_error(fmt::format("Invalid norm value {}; should be \"backward\", \"ortho\" or \"forward\".", name));
}
Norm swapped(Norm n) { return n == Norm::backward ? Norm::forward : n == Norm::forward ? Norm::backward : n; }

// One pass along an axis. Real passes read or write the n/2 + 1 non-negative frequencies of a real line.
enum class Pass : std::uint8_t { forward, backward, real_to_half, half_to_real };

struct Step {
  Pass pass;
  int axis;
  std::int64_t n;  // points of the transform
};

bool inverse(Pass p) { return p == Pass::backward || p == Pass::half_to_real; }

// NumPy keeps the factor in the operand's precision, which shows where that is float16.
double scale_of(Norm norm, const Step& s, DType operand) {
  const auto n = static_cast<double>(s.n);
  // NumPy makes the factor in the operand's precision, which shows in float16.
  const auto rounded = [operand](double x) {
    return operand == DType::float16 ? static_cast<double>(static_cast<Half>(x)) : x;
  };
  if (norm == Norm::ortho) return rounded(1 / rounded(std::sqrt(n)));
  return (norm == Norm::forward) != inverse(s.pass) ? rounded(1 / rounded(n)) : 1;
}

std::int64_t result_points(const Step& s) { return s.pass == Pass::real_to_half ? s.n / 2 + 1 : s.n; }

// Several lines, element by element side by side, as a step reads, transforms and leaves them.
class Lines {
 public:
  Lines(const Step& s, std::int64_t lines, double scale)
      : m_step(s), m_lines(lines), m_scale(scale), m_points(static_cast<std::size_t>(lines * (s.n + 1))) {
    if (is_real(s) && s.n % 2 == 0)
      m_real.emplace(s.n, lines);
    else
      m_plan.emplace(s.n, lines);
  }
  std::int64_t count() const { return m_lines; }
  Complex* element(std::int64_t k) { return m_points.data() + k * m_lines; }

  // Element k of line l of real lines: two neighbours make one complex number where a real plan takes them.
  double& real_element(std::int64_t k, std::int64_t l) {
    auto* parts = reinterpret_cast<double*>(m_points.data());
    return m_real ? parts[2 * (k / 2 * m_lines + l) + k % 2] : parts[2 * (k * m_lines + l)];
  }

  // `in` elements are there, the rest are zero.
  void transform(std::int64_t in) {
    const bool to_real = m_step.pass == Pass::half_to_real, from_real = m_step.pass == Pass::real_to_half;
    const std::int64_t size = to_real ? m_step.n / 2 + 1 : m_step.n;
    if (from_real) {
      for (std::int64_t k = std::min(in, size); k < size; ++k)
        for (std::int64_t l = 0; l < m_lines; ++l) real_element(k, l) = 0;
    } else {
      std::fill(element(std::min(in, size)), element(size), Complex(0));
    }
    if (m_real)
      to_real ? m_real->backward(m_points.data()) : m_real->forward(m_points.data());
    else
      whole(to_real, from_real);
    if (m_scale != 1)
      for (Complex& x : m_points) x *= m_scale;
  }

 private:
  static bool is_real(const Step& s) { return s.pass == Pass::real_to_half || s.pass == Pass::half_to_real; }

  void whole(bool to_real, bool from_real) {
    if (from_real)
      for (Complex& x : m_points) x = x.real();
    if (to_real)  // of odd length: the given half fixes the rest, X[n-k] = conj(X[k])
      for (std::int64_t l = 0; l < m_lines; ++l) {
        element(0)[l] = element(0)[l].real();
        for (std::int64_t k = 1; k <= m_step.n / 2; ++k) element(m_step.n - k)[l] = std::conj(element(k)[l]);
      }
    inverse(m_step.pass) ? m_plan->backward(m_points.data()) : m_plan->forward(m_points.data());
  }

  Step m_step;
  std::int64_t m_lines;
  double m_scale;
  Scratch<Complex> m_points;
  std::optional<fft::Plan> m_plan;
  std::optional<fft::RealPlan> m_real;
};

// What a pass reads and writes: real lines are float64, all others complex128.
DType source_of(const Step& s) { return s.pass == Pass::real_to_half ? DType::float64 : DType::complex128; }
DType result_of(const Step& s) { return s.pass == Pass::half_to_real ? DType::float64 : DType::complex128; }

// One pass over a contiguous array.
ArrayRef run_step(const Array& a, const Step& s, double scale) {
  Dims shape(a.dims());
  const std::int64_t in = shape[s.axis], out = result_points(s);
  shape[s.axis] = out;
  ArrayRef result = Array::make(result_of(s), shape);
  if (result->size == 0) return result;  // then the length is not bounded by memory
  std::int64_t inner = 1, outer = 1;
  for (int d = 0; d < a.ndim; ++d) (d < s.axis ? outer : inner) *= d == s.axis ? 1 : shape[d];
  const std::int64_t points = std::min(in, s.pass == Pass::half_to_real ? s.n / 2 + 1 : s.n);
  // As many lines together as a cache holds.
  constexpr std::int64_t k_together = 8, k_cached_points = 16384;
  const std::int64_t all = outer * inner;
  const std::int64_t together = s.n <= k_cached_points / k_together ? std::min(k_together, all) : 1;
  std::optional<Lines> lines(std::in_place, s, together, scale);
  for (std::int64_t first = 0; first < all; first += lines->count()) {
    if (all - first < lines->count()) lines.emplace(s, all - first, scale);
    // Each element of these lines with its place in an array that has `length` of them along the axis.
    const auto each = [&](std::int64_t count, std::int64_t length, auto&& move) {
      for (std::int64_t l = 0; l < lines->count(); ++l) {
        const std::int64_t o = (first + l) / inner, i = (first + l) % inner;
        for (std::int64_t k = 0; k < count; ++k) move(k, l, (o * length + k) * inner + i);
      }
    };
    if (s.pass == Pass::real_to_half)
      each(points, in, [&](auto k, auto l, auto at) { lines->real_element(k, l) = a.items<double>()[at]; });
    else
      each(points, in, [&](auto k, auto l, auto at) { lines->element(k)[l] = a.items<Complex>()[at]; });
    lines->transform(points);
    if (s.pass == Pass::half_to_real)
      each(out, out, [&](auto k, auto l, auto at) { result->mutable_items<double>()[at] = lines->real_element(k, l); });
    else
      each(out, out, [&](auto k, auto l, auto at) { result->mutable_items<Complex>()[at] = lines->element(k)[l]; });
  }
  return result;
}

DType complex_result(DType a) {
  return a == DType::float16 || real_part_of(a) == DType::float32 ? DType::complex64 : DType::complex128;
}
DType real_result(DType a) {
  if (a == DType::float16) return a;
  return real_part_of(a) == DType::float32 ? DType::float32 : DType::float64;
}

std::int64_t checked_points(std::int64_t n) {
  if (n < 1) throw_value_error(fmt::format("Invalid number of FFT data points ({}) specified.", n));
  return n;
}

// What a call does: its passes in order, and the dtype of the result.
struct Transform {
  ArrayRef a;
  std::vector<Step> steps;
  Norm norm = Norm::backward;
  DType dtype{};
  bool conjugate_first = false, conjugate_last = false;
};

Dims shape_after(const Transform& t) {
  Dims shape(t.a->dims());
  for (const Step& s : t.steps) shape[s.axis] = result_points(s);
  return shape;
}

bool is_real_pass(const Step& s) { return s.pass == Pass::real_to_half || s.pass == Pass::half_to_real; }

// lines x transform for every pass, on the shape that the pass finds. Along one axis alone, an empty one, the packages
// bill one line.
PriceInput price_of(const Transform& t, bool along_one_axis) {
  PriceInput p;
  Dims shape(t.a->dims());
  for (const Step& s : t.steps) {
    shape[s.axis] = 1;
    const bool fills_empty = along_one_axis && t.a->shape[s.axis] == 0;
    const auto lines = fills_empty ? 1.0 : static_cast<double>(element_count(shape)), n = static_cast<double>(s.n);
    const double points = is_real_pass(s) ? std::floor(n / 2) : n;
    p.extra += lines * fft_points(points, n);
    p.k += lines * fft_points(n, n);
    if (s.n == 1) p.parts += lines;
    shape[s.axis] = result_points(s);
  }
  return p;
}

// The dtype that is billed: the complex one that every transform goes through; an output buffer can raise the rate
// where the model says so.
DType billed_dtype(const Call& call, const Transform& t, const Value& out) {
  const DType computed = complex_result(t.a->type());
  if (out.is_array() && call.model.rule("fft.out_raises_rate")) return promote(computed, out.as_array().type());
  return computed;
}

Result run_transform(Call& call, const Transform& t, const PriceInput& price, const Value& out) {
  const Dims shape = shape_after(t);
  if (out.is_array()) {
    out.as_array().require_writable();
    if (!(Dims(out.as_array().dims()) == shape)) throw_value_error("output array has wrong shape.");
    if (!can_cast_same_kind(t.dtype, out.as_array().type()))
      throw_type_error("Cannot cast the transform's result to the output array's dtype");
  }
  call.charge(price, billed_dtype(call, t, out));
  ArrayRef x = contiguous_as(*t.a, t.steps.empty() ? DType::complex128 : source_of(t.steps.front()));
  if (t.conjugate_first) {
    x = copy_of(*x);
    for (std::int64_t i = 0; i < x->size; ++i) x->mutable_items<Complex>()[i] = std::conj(x->items<Complex>()[i]);
  }
  DType operand = t.a->type();
  for (const Step& s : t.steps) {
    x = run_step(*x, s, scale_of(t.norm, s, operand));
    operand = complex_result(operand);
  }
  if (t.conjugate_last)
    for (std::int64_t i = 0; i < x->size; ++i) x->mutable_items<Complex>()[i] = std::conj(x->items<Complex>()[i]);
  // Without passes the operand itself, in its own dtype, comes back.
  ArrayRef result = t.steps.empty() ? copy_of(*t.a) : contiguous_as(*x, t.dtype);
  if (!out.is_array()) return result;
  copy_into(out.as_array(), *result);
  call.wrote_into(out.as_array());
  return ref_of(out.as_array());
}

enum class Kind : int { fft, ifft, rfft, irfft, hfft, ihfft };

// a, n=None, axis=-1, norm=None, out=None
Result run_one_axis(Call& call) {
  const auto kind = static_cast<Kind>(call.op.variant);
  Transform t;
  t.a = to_array(call.arg(0));
  // Refused in NumPy's order: the points, the normalisation, the axis, the dtype.
  if (!call.arg(1).is_absent()) checked_points(to_int(call.arg(1), "n"));
  t.norm = to_norm(call.arg(3));
  const int axis = to_axis(call.arg(2), t.a->ndim, -1);
  const bool to_real = kind == Kind::irfft || kind == Kind::hfft, from_real = kind == Kind::rfft || kind == Kind::ihfft;
  if (from_real && is_complex(t.a->type())) throw_type_error("a transform of real input does not take complex numbers");
  if (kind == Kind::hfft || kind == Kind::ihfft) t.norm = swapped(t.norm);
  t.conjugate_first = kind == Kind::hfft;
  t.conjugate_last = kind == Kind::ihfft;
  const std::int64_t size = t.a->shape[axis];
  const std::int64_t n = !call.arg(1).is_absent() ? to_int(call.arg(1), "n") : to_real ? 2 * (size - 1) : size;
  const Pass pass = to_real             ? Pass::half_to_real
                    : from_real         ? Pass::real_to_half
                    : kind == Kind::fft ? Pass::forward
                                        : Pass::backward;
  t.steps.push_back({pass, axis, checked_points(n)});
  t.dtype = to_real ? real_result(t.a->type()) : complex_result(t.a->type());
  return run_transform(call, t, price_of(t, true), call.arg(4));
}

// The axes and sizes of a transform over several axes.
struct Extent {
  std::vector<int> axes;
  std::vector<std::int64_t> sizes;
  std::vector<std::int64_t> stated;  // the same, but -1 where `s` says so
  bool without_axes = false;         // `s` was given and `axes` was not
};

// The sizes that `s` names, none where an axis keeps its own.
std::vector<std::optional<std::int64_t>> sizes_in(const Value& s) {
  std::vector<std::optional<std::int64_t>> sizes;
  if (s.is_sequence()) {
    for (const Value& v : s.as_items()) sizes.push_back(v.is_absent() ? std::nullopt : std::optional(to_int(v, "s")));
  } else if (s.is_array() && s.as_array().ndim == 1) {
    for (const std::int64_t n : detail::to_ints(s, "s")) sizes.emplace_back(n);
  } else {
    throw_type_error("s must be a sequence of integers");
  }
  return sizes;
}

Extent to_extent(const Array& a, const Value& s, const Value& axes, bool last_two, bool to_real) {
  Extent e;
  const auto named = s.is_absent() ? std::vector<std::optional<std::int64_t>>() : sizes_in(s);
  const int given = s.is_absent() ? -1 : static_cast<int>(named.size());
  if (axes.is_sequence()) {
    for (const Value& v : axes.as_items()) e.axes.push_back(normalize_axis(to_int(v, "axes"), a.ndim));
  } else if (axes.is_missing() && last_two) {
    e.axes = {normalize_axis(-2, a.ndim), normalize_axis(-1, a.ndim)};
  } else if (!axes.is_absent()) {
    throw_type_error("axes must be a sequence of integers");
  } else {
    const int count = given >= 0 ? given : int{a.ndim};
    for (int d = -count; d < 0; ++d) e.axes.push_back(normalize_axis(d, a.ndim));
    e.without_axes = given >= 0;
  }
  if (given >= 0 && given != static_cast<int>(e.axes.size()))
    throw_value_error("Shape and axes have different lengths.");
  for (std::size_t i = 0; i < e.axes.size(); ++i) {
    const std::int64_t size = a.shape[e.axes[i]];
    std::int64_t n = size;
    const bool is_named = given >= 0 && named[i];
    if (is_named) n = *named[i];
    if (to_real && i + 1 == e.axes.size() && !is_named) n = 2 * (size - 1);
    e.stated.push_back(n);
    e.sizes.push_back(checked_points(n == -1 && is_named ? size : n));
  }
  return e;
}

enum class ManyKind : int { fftn, ifftn, rfftn, irfftn, fft2, ifft2, rfft2, irfft2 };

// The whole result's points and the sum of its axes' logarithms, for the models that price it so, on the sizes stated:
// they count an axis that keeps its own size by -1 as it stands.
void add_whole_price(PriceInput& p, const Transform& t, const Extent& e, bool real) {
  double points = 1, rest = 1;
  Dims other(t.a->dims());
  for (std::size_t i = 0; i < e.axes.size(); ++i) {
    p.length += fft_points(1, static_cast<double>(e.stated[i])) / 5;
    other[e.axes[i]] = 1;
  }
  for (const std::int64_t d : e.stated) points *= static_cast<double>(d);
  for (const std::int64_t d : other) rest *= static_cast<double>(d);
  if (real) points = std::floor(points / 2);
  p.in = points * (e.without_axes ? 1 : std::max(rest, 1.0));
}

// a, s=None, axes=None, norm=None, out=None
Result run_many_axes(Call& call) {
  const auto kind = static_cast<ManyKind>(call.op.variant);
  const bool last_two = kind >= ManyKind::fft2;
  const bool from_real = kind == ManyKind::rfftn || kind == ManyKind::rfft2;
  const bool to_real = kind == ManyKind::irfftn || kind == ManyKind::irfft2;
  const bool inverse = to_real || kind == ManyKind::ifftn || kind == ManyKind::ifft2;
  Transform t;
  t.a = to_array(call.arg(0));
  const Extent e = to_extent(*t.a, call.arg(1), call.arg(2), last_two, to_real);
  if (from_real && is_complex(t.a->type())) throw_type_error("a transform of real input does not take complex numbers");
  if (e.axes.empty() && (from_real || to_real)) throw_index_error("at least 1 axis must be transformed");
  t.norm = to_norm(call.arg(3));
  const Pass plain = inverse ? Pass::backward : Pass::forward;
  const int count = static_cast<int>(e.axes.size());
  const auto step = [&](int i, Pass pass) {
    t.steps.push_back({pass, e.axes[static_cast<std::size_t>(i)], e.sizes[static_cast<std::size_t>(i)]});
  };
  if (to_real) {  // the last axis becomes real, after the others
    for (int i = 0; i + 1 < count; ++i) step(i, plain);
    step(count - 1, Pass::half_to_real);
  } else {
    for (int i = count - 1; i >= 0; --i) step(i, from_real && i == count - 1 ? Pass::real_to_half : plain);
  }
  // Passes before the last hand it single precision at least.
  t.dtype = !to_real ? complex_result(t.a->type()) : real_result(count > 1 ? complex_result(t.a->type()) : t.a->type());
  PriceInput price = price_of(t, false);
  add_whole_price(price, t, e, from_real || to_real);
  return run_transform(call, t, price, call.arg(4));
}

enum class Frequencies : int { both_signs, not_negative };

// n, d=1.0, device=None
Result run_frequencies(Call& call) {
  if (!call.arg(0).is(ValueKind::integer) && !call.arg(0).is_array()) throw_value_error("n should be an integer");
  const std::int64_t n = to_int(call.arg(0), "n");
  const double d = call.arg(1).is_missing() ? 1.0 : to_double(call.arg(1), "d");
  if (n == 0 || d == 0) throw Error(ErrorKind::zero_division, "float division by zero");
  if (n < 0) throw_value_error("negative dimensions are not allowed");
  const bool half = static_cast<Frequencies>(call.op.variant) == Frequencies::not_negative;
  const std::int64_t count = half ? n / 2 + 1 : n;
  PriceInput price;
  price.out = static_cast<double>(count);
  call.state_shape({&count, 1});
  double step = 1 / (static_cast<double>(n) * d);
  if (!call.arg(1).is_array()) {
    call.charge(price, DType::float64);
  } else {  // the steps that make the result are counted too then, and rounded
    const ArrayRef length = ufunc::apply(ufunc::k_multiply, ufunc::Input(Value::integer(n)), ufunc::Input(call.arg(1)));
    const ArrayRef ratio = ufunc::apply(ufunc::k_true_divide, ufunc::Input(Value::real(1)), ufunc::Input(*length));
    call.owes_more();
    call.charge(price, DType::float64);
    call.log_shapes = LogShapes::none;
    call.charge_cost_as("multiply", 1, length->type());
    call.charge_cost_as("true_divide", 1, ratio->type());
    call.charge_cost_as("multiply", price.out, promote(DType::int64, ratio->type()));
    call.owes_no_more();
    step = read_double(*ratio, ratio->items<std::byte>());
  }
  ArrayRef out = Array::make(DType::float64, {&count, 1});
  const std::int64_t positive = half ? count : (n - 1) / 2 + 1;
  for (std::int64_t i = 0; i < count; ++i)
    out->mutable_items<double>()[i] = static_cast<double>(i < positive ? i : i - n) * step;
  return out;
}

enum class Shift : int { to_centre, from_centre };

// x, axes=None
Result run_shift(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  if (a->ndim == 0) throw_value_error("not enough values to unpack (expected 2, got 0)");
  // Elements move by half the axis, once for every time that it is named.
  Dims by(a->ndim, 0);
  const auto move = [&](int d) {
    const std::int64_t n = std::max<std::int64_t>(a->shape[d], 1);
    by[d] = (by[d] + (static_cast<Shift>(call.op.variant) == Shift::to_centre ? (n + 1) / 2 : n / 2)) % n;
  };
  if (call.arg(1).is_absent()) {
    for (int d = 0; d < a->ndim; ++d) move(d);
  } else if (call.arg(1).is_sequence()) {
    for (const Value& axis : call.arg(1).as_items()) move(normalize_axis(to_int(axis, "axes"), a->ndim));
  } else {
    move(normalize_axis(to_int(call.arg(1), "axes"), a->ndim));
  }
  PriceInput price;
  price.out = static_cast<double>(a->size);
  call.charge(price, a->type());
  // Each axis in two pieces that change places.
  ArrayRef out = Array::make(a->type(), a->dims());
  const auto move_pieces = [&](const auto& self, const ArrayRef& to, const ArrayRef& from, int d) -> void {
    if (d == a->ndim) return copy_into(*to, *from);
    const std::int64_t n = a->shape[d], start = by[d];
    self(self, detail::sliced(*to, d, 0, n - start), detail::sliced(*from, d, start, n - start), d + 1);
    if (start > 0) self(self, detail::sliced(*to, d, n - start, start), detail::sliced(*from, d, 0, start), d + 1);
  };
  if (a->size > 0) move_pieces(move_pieces, out, a, 0);
  return out;
}

constexpr Operation one_axis(std::string_view name, Kind kind, std::string_view formula = "fft.passes") {
  return {.name = name,
          .signature = "a, n=None, axis=-1, norm=None, out=None",
          .run = run_one_axis,
          .formula = formula,
          .variant = static_cast<int>(kind)};
}
constexpr Operation many_axes(std::string_view name, ManyKind kind) {
  return {.name = name,
          .signature = "a, s=None, axes=None, norm=None, out=None",
          .run = run_many_axes,
          .formula = "fft.whole",
          .variant = static_cast<int>(kind)};
}
constexpr Operation frequencies(std::string_view name, Frequencies kind) {
  return {.name = name,
          .signature = "n, d=1.0, device=None",
          .run = run_frequencies,
          .formula = "fft.elements",
          .variant = static_cast<int>(kind),
          .log_shapes = LogShapes::none};
}
constexpr Operation shift(std::string_view name, Shift kind) {
  return {.name = name,
          .signature = "x, axes=None",
          .run = run_shift,
          .formula = "fft.elements",
          .variant = static_cast<int>(kind)};
}

constexpr Operation k_operations[] = {
    one_axis("fft.fft", Kind::fft),
    one_axis("fft.ifft", Kind::ifft),
    one_axis("fft.rfft", Kind::rfft),
    one_axis("fft.irfft", Kind::irfft),
    one_axis("fft.hfft", Kind::hfft, "fft.as_complex"),
    one_axis("fft.ihfft", Kind::ihfft, "fft.as_complex"),
    many_axes("fft.fftn", ManyKind::fftn),
    many_axes("fft.ifftn", ManyKind::ifftn),
    many_axes("fft.rfftn", ManyKind::rfftn),
    many_axes("fft.irfftn", ManyKind::irfftn),
    many_axes("fft.fft2", ManyKind::fft2),
    many_axes("fft.ifft2", ManyKind::ifft2),
    many_axes("fft.rfft2", ManyKind::rfft2),
    many_axes("fft.irfft2", ManyKind::irfft2),
    frequencies("fft.fftfreq", Frequencies::both_signs),
    frequencies("fft.rfftfreq", Frequencies::not_negative),
    shift("fft.fftshift", Shift::to_centre),
    shift("fft.ifftshift", Shift::from_centre),
};

}  // namespace

std::span<const Operation> fft_operations() { return k_operations; }

}  // namespace flopscope
