// SPDX-License-Identifier: MIT
// interp: piecewise linear interpolation between given points.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <vector>
#include <whest/flopscope/ops/detail/families.hpp>
#include <whest/flopscope/ops/detail/fold.hpp>

namespace flopscope {
namespace {

using namespace ufunc;

bool is_nan_value(double x) { return std::isnan(x); }
bool is_nan_value(const Complex128& x) { return std::isnan(x.real()) || std::isnan(x.imag()); }

// The points, ascending; values beyond them are `left` and `right`.
template <class V>
struct Points {
  std::vector<double> x;
  std::vector<V> y;
  V left, right;

  V at(double q) const {
    if (std::isnan(q)) return V(q);
    const std::size_t n = x.size();
    if (q < x[0]) return left;
    if (q > x[n - 1]) return right;
    if (n == 1) return y[0];
    const auto j = static_cast<std::size_t>(std::upper_bound(x.begin(), x.end(), q) - x.begin()) - 1;
    if (j == n - 1 || x[j] == q) return y[j];
    const V slope = (y[j + 1] - y[j]) / (x[j + 1] - x[j]);
    V r = slope * (q - x[j]) + y[j];
    if (is_nan_value(r)) {
      r = slope * (q - x[j + 1]) + y[j + 1];
      if (is_nan_value(r) && y[j] == y[j + 1]) r = y[j];
    }
    return r;
  }

  // The points brought into one period and sorted, with one more beyond each end.
  void wrap(double period) {
    const auto mod = [period](double v) {
      const double r = std::fmod(v, period);
      return r < 0 ? r + period : r;
    };
    std::vector<std::size_t> order(x.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (double& v : x) v = mod(v);
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return x[a] < x[b]; });
    std::vector<double> xs;
    std::vector<V> ys;
    xs.push_back(x[order.back()] - period);
    ys.push_back(y[order.back()]);
    for (const std::size_t i : order) {
      xs.push_back(x[i]);
      ys.push_back(y[i]);
    }
    xs.push_back(x[order.front()] + period);
    ys.push_back(y[order.front()]);
    x = std::move(xs);
    y = std::move(ys);
  }
};

template <class V>
std::optional<V> value_of(const Value& v) {
  if (v.is_absent()) return std::nullopt;
  const ArrayRef a = contiguous_as(*to_array(v), dtype_of<V>);
  if (a->size != 1) throw_type_error("left and right must be numbers");
  return *a->items<V>();
}

template <class V>
ArrayRef interpolate(const Array& q, const Array& xp, const Array& fp, const Call& call, std::optional<double> period) {
  Points<V> points;
  const ArrayRef xs = contiguous_as(xp, DType::float64), ys = contiguous_as(fp, dtype_of<V>);
  points.x.assign(xs->items<double>(), xs->items<double>() + xs->size);
  points.y.assign(ys->items<V>(), ys->items<V>() + ys->size);
  if (period) points.wrap(*period);
  points.left = period ? points.y.front() : value_of<V>(call.arg(3)).value_or(points.y.front());
  points.right = period ? points.y.back() : value_of<V>(call.arg(4)).value_or(points.y.back());
  const ArrayRef at = contiguous_as(q, DType::float64);
  const ArrayRef out = Array::make(dtype_of<V>, q.dims());
  for (std::int64_t i = 0; i < q.size; ++i) {
    double x = at->items<double>()[i];
    if (period) {
      x = std::fmod(x, *period);
      if (x < 0) x += *period;
    }
    out->mutable_items<V>()[i] = points.at(x);
  }
  return out;
}

// interp: (x, xp, fp, left, right, period)
Result run_interp(Call& call) {
  const ArrayRef q = to_array(call.arg(0)), xp = to_array(call.arg(1)), fp = to_array(call.arg(2));
  std::optional<double> period;
  if (!call.arg(5).is_absent()) period = std::fabs(to_double(call.arg(5), "period"));
  if (period && *period == 0) throw_value_error("period must be a non-zero value");
  if (!period && (is_complex(q->type()) || is_complex(xp->type())))
    throw_type_error("Cannot cast array data from complex to float64");
  if (xp->ndim != 1 || fp->ndim != 1) throw_value_error("Data points must be 1-D sequences");
  if (xp->size != fp->size) throw_value_error("fp and xp are not of the same length.");
  if (xp->size == 0) throw_value_error("array of sample points is empty");
  PriceInput price;
  price.queries = static_cast<double>(q->size);
  price.length = static_cast<double>(xp->size);
  price.parts = period ? 1 : 0;
  const bool complex = is_complex(fp->type());
  call.charge(price, complex ? DType::complex128 : DType::float64);
  return complex ? interpolate<Complex128>(*q, *xp, *fp, call, period)
                 : interpolate<double>(*q, *xp, *fp, call, period);
}

constexpr Operation k_operations[] = {
    {.name = "interp",
     .signature = "x, xp, fp, left=None, right=None, period=None",
     .run = run_interp,
     .formula = "interp.search",
     .log_shapes = LogShapes::first_two},
};

}  // namespace

std::span<const Operation> interp_operations() { return k_operations; }

}  // namespace flopscope
