// SPDX-License-Identifier: MIT
// Norms of vectors and matrices, over all elements or along axes. Sums are accumulated in double and rounded once.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <whest/flopscope/ops/detail/linalg_operations.hpp>
#include <whest/flopscope/ops/detail/matrix_stack.hpp>
#include <whest/flopscope/prices/linalg.hpp>

namespace flopscope::linalg {
namespace {

// The `ord` argument: absent, a name, or a number.
struct Order {
  enum class Kind : std::uint8_t { none, frobenius, nuclear, number } kind = Kind::none;
  double p = 2;
  bool is(double x) const { return kind == Kind::number && p == x; }
};

Order to_order(const Value& v) {
  if (v.is_absent()) return {};
  if (v.is(ValueKind::string)) {
    if (v.as_string() == "fro" || v.as_string() == "f") return {Order::Kind::frobenius, 2};
    if (v.as_string() == "nuc") return {Order::Kind::nuclear, 2};
    throw_value_error("Invalid norm order for matrices.");
  }
  return {Order::Kind::number, to_double(v, "ord")};
}

MatrixNorm to_matrix_norm(const Order& order) {
  switch (order.kind) {
    case Order::Kind::none:
    case Order::Kind::frobenius:
      return MatrixNorm::frobenius;
    case Order::Kind::nuclear:
      return MatrixNorm::nuclear;
    case Order::Kind::number:
      break;
  }
  if (order.p == 1) return MatrixNorm::one;
  if (order.p == -1) return MatrixNorm::minus_one;
  if (order.p == 2) return MatrixNorm::two;
  if (order.p == -2) return MatrixNorm::minus_two;
  if (std::isinf(order.p)) return order.p > 0 ? MatrixNorm::inf : MatrixNorm::minus_inf;
  throw_value_error("Invalid norm order for matrices.");
}

bool is_spectral(MatrixNorm norm) {
  return norm == MatrixNorm::two || norm == MatrixNorm::minus_two || norm == MatrixNorm::nuclear;
}

void require_vector_order(const Order& order) {
  if (order.kind == Order::Kind::frobenius || order.kind == Order::Kind::nuclear)
    throw_value_error(
        fmt::format("Invalid norm order '{}' for vectors", order.kind == Order::Kind::nuclear ? "nuc" : "fro"));
}

bool is_power(const Order& order) {
  return order.kind == Order::Kind::number && order.p != 0 && order.p != 1 && order.p != 2 && !std::isinf(order.p);
}

double sum_of_squares(const double* p, std::int64_t n) {
  constexpr int k_lanes = 16;
  double s[k_lanes] = {};
  std::int64_t i = 0;
  for (; i + k_lanes <= n; i += k_lanes)
    for (int j = 0; j < k_lanes; ++j) s[j] += p[i + j] * p[i + j];
  for (; i < n; ++i) s[0] += p[i] * p[i];
  for (int half = k_lanes / 2; half > 0; half /= 2)
    for (int j = 0; j < half; ++j) s[j] += s[j + half];
  return s[0];
}

double least_size(const double* sizes, std::int64_t n) {
  double least = std::numeric_limits<double>::infinity();
  for (std::int64_t i = 0; i < n; ++i) {
    if (std::isnan(sizes[i])) return sizes[i];
    least = std::min(least, sizes[i]);
  }
  return least;
}
double largest_size(const double* sizes, std::int64_t n) {
  double largest = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    if (std::isnan(sizes[i])) return sizes[i];
    largest = std::max(largest, sizes[i]);
  }
  return largest;
}

// The norm of a vector given by the sizes |x| of its elements.
double vector_norm_of(const double* sizes, std::int64_t n, const Order& order) {
  if (order.kind == Order::Kind::none || order.is(2)) return std::sqrt(sum_of_squares(sizes, n));
  const double p = order.p;
  if (std::isinf(p)) return p > 0 ? largest_size(sizes, n) : least_size(sizes, n);
  double sum = 0;
  for (std::int64_t i = 0; i < n; ++i)
    sum += p == 0 ? (sizes[i] != 0 ? 1 : 0) : p == 1 ? sizes[i] : std::pow(sizes[i], p);
  return p == 0 || p == 1 ? sum : std::pow(sum, 1 / p);
}

// The elements' sizes |x|, in double, the `inner` axes moved behind the others, contiguous.
ArrayRef sizes_of(const Array& a, const Dims& inner) {
  Dims shape, strides;
  const auto take = [&](int axis) {
    shape.push_back(a.shape[axis]);
    strides.push_back(a.strides[axis]);
  };
  for (int d = 0; d < a.ndim; ++d)
    if (std::find(inner.begin(), inner.end(), d) == inner.end()) take(d);
  for (const std::int64_t d : inner) take(static_cast<int>(d));
  const ArrayRef moved = Array::view(a.storage(), static_cast<const std::byte*>(a.data), a.type(), shape, strides);
  ArrayRef out = Array::make(DType::float64, shape);
  double* to = out->mutable_items<double>();
  if (is_complex(a.type())) {
    const ArrayRef items = contiguous_as(*moved, DType::complex128);
    const Complex* from = items->items<Complex>();
    for (std::int64_t i = 0; i < out->size; ++i) to[i] = std::abs(from[i]);
  } else {
    const ArrayRef items = contiguous_as(*moved, DType::float64);
    const double* from = items->items<double>();
    for (std::int64_t i = 0; i < out->size; ++i) to[i] = std::abs(from[i]);
  }
  return out;
}

// The same for values: matrices whose singular values are wanted keep their signs and phases.
ArrayRef matrices_of(const Array& a, const Dims& inner) {
  Dims shape, strides;
  for (int d = 0; d < a.ndim; ++d)
    if (d != inner[0] && d != inner[1]) {
      shape.push_back(a.shape[d]);
      strides.push_back(a.strides[d]);
    }
  for (const std::int64_t d : inner) {
    shape.push_back(a.shape[d]);
    strides.push_back(a.strides[d]);
  }
  const ArrayRef moved = Array::view(a.storage(), static_cast<const std::byte*>(a.data), a.type(), shape, strides);
  return contiguous_as(*moved, is_complex(a.type()) ? DType::complex128 : DType::float64);
}

Dims result_shape(const Array& a, const Dims& inner, bool keepdims) {
  Dims shape;
  for (int d = 0; d < a.ndim; ++d) {
    const bool reduced = std::find(inner.begin(), inner.end(), d) != inner.end();
    if (!reduced)
      shape.push_back(a.shape[d]);
    else if (keepdims)
      shape.push_back(1);
  }
  return shape;
}

ArrayRef with_shape(const ArrayRef& a, std::span<const std::int64_t> shape) {
  Dims strides;
  std::int64_t step = a->item_bytes();
  for (int d = static_cast<int>(shape.size()) - 1; d >= 0; --d) {
    strides.insert(0, step);
    step *= std::max<std::int64_t>(shape[static_cast<std::size_t>(d)], 1);
  }
  return Array::view(a->storage(), a->items<std::byte>(), a->type(), shape, strides);
}

DType norm_dtype(DType a) { return is_floating(a) ? a : DType::float64; }

Dims all_axes(int ndim) {
  Dims axes;
  for (int d = 0; d < ndim; ++d) axes.push_back(d);
  return axes;
}

// `clamped`: an empty operand is priced as one element by the models that price one norm (norm, vector_norm).
Result vector_norms(Call& call, const Array& a, const Order& order, const Dims& inner, bool keepdims) {
  PriceInput price;
  price.in = static_cast<double>(a.size);
  std::int64_t length = 1;
  for (const std::int64_t d : inner) length *= a.shape[d];
  price.length = static_cast<double>(std::max<std::int64_t>(length, 1));
  const Dims shape = result_shape(a, inner, keepdims);
  price.out = static_cast<double>(element_count(shape));
  price.extra = static_cast<double>(is_power(order) ? NormPrice::power : NormPrice::plain);
  const DType dtype = norm_dtype(a.type());
  call.charge(price, dtype);
  const ArrayRef sizes = sizes_of(a, inner);
  ArrayRef out = Array::make(DType::float64, shape);
  for (std::int64_t i = 0; i < out->size; ++i)
    out->mutable_items<double>()[i] = vector_norm_of(sizes->items<double>() + i * length, length, order);
  return rounded(out, real_part_of(dtype));
}

Result norms_of_matrices(Call& call, const Array& a, const Order& order, const Dims& inner, bool keepdims,
                         double least_length) {
  const MatrixNorm norm = to_matrix_norm(order);
  PriceInput price;
  price.m = static_cast<double>(a.shape[inner[0]]);
  price.n = static_cast<double>(a.shape[inner[1]]);
  price.k = std::min(price.m, price.n);
  price.in = static_cast<double>(a.size);
  price.length = std::max(price.m * price.n, least_length);
  const Dims shape = result_shape(a, inner, keepdims);
  price.out = static_cast<double>(element_count(shape));
  price.batch = a.size == 0 ? 0 : price.out;
  price.extra = static_cast<double>(is_spectral(norm) ? NormPrice::spectral : NormPrice::plain);
  // Singular values are LAPACK's, which has no half precision.
  const DType dtype = is_spectral(norm) ? result_dtype(a.type()) : norm_dtype(a.type());
  call.charge(price, dtype);
  const ArrayRef items = matrices_of(a, inner);
  return rounded(with_shape(matrix_norms(*items, stack_shape(*items), norm), shape), real_part_of(dtype));
}

// max (or min) over the columns of the sums of the sizes in each; rows when `by_row`.
double extreme_sum(const double* sizes, std::int64_t m, std::int64_t n, bool by_row, bool largest) {
  std::vector<double> sums(static_cast<std::size_t>(by_row ? m : n), 0.0);
  for (std::int64_t i = 0; i < m; ++i)
    for (std::int64_t j = 0; j < n; ++j) sums[static_cast<std::size_t>(by_row ? i : j)] += sizes[i * n + j];
  const auto count = static_cast<std::int64_t>(sums.size());
  return largest ? largest_size(sums.data(), count) : least_size(sums.data(), count);
}

}  // namespace

ArrayRef matrix_norms(const Array& a, const StackShape& shape, MatrixNorm norm) {
  ArrayRef out = Array::make(DType::float64, shape.batch);
  double* r = out->mutable_items<double>();
  const std::int64_t least = std::min(shape.m, shape.n), elements = shape.m * shape.n;
  if (is_spectral(norm)) {
    if (norm == MatrixNorm::minus_two && least == 0)
      throw_value_error("zero-size array to reduction operation minimum which has no identity");
    const Svd d = svd(a, shape, Vectors::none, false);
    for (std::int64_t b = 0; b < shape.count; ++b) {
      const double* s = d.s->items<double>() + b * least;
      double sum = 0;
      for (std::int64_t i = 0; i < least; ++i) sum += s[i];
      r[b] = norm == MatrixNorm::nuclear ? sum : least == 0 ? 0 : norm == MatrixNorm::two ? s[0] : s[least - 1];
    }
    return out;
  }
  if ((norm == MatrixNorm::minus_inf && shape.m == 0) || (norm == MatrixNorm::minus_one && shape.n == 0))
    throw_value_error("zero-size array to reduction operation minimum which has no identity");
  const ArrayRef sizes = sizes_of(a, Dims{a.ndim - 2, a.ndim - 1});
  for (std::int64_t b = 0; b < shape.count; ++b) {
    const double* p = sizes->items<double>() + b * elements;
    if (norm == MatrixNorm::frobenius)
      r[b] = std::sqrt(sum_of_squares(p, elements));
    else
      r[b] = extreme_sum(p, shape.m, shape.n, norm == MatrixNorm::inf || norm == MatrixNorm::minus_inf,
                         norm == MatrixNorm::one || norm == MatrixNorm::inf);
  }
  return out;
}

Result run_norm(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const Order order = to_order(call.arg(1));
  const bool keepdims = to_bool(call.arg(3), false);
  const auto axes = to_axes(call.arg(2), a->ndim);
  const Dims inner = axes ? *axes : all_axes(a->ndim);
  if (a->ndim == 0 && !axes && order.kind == Order::Kind::none) {  // the size of a number is free and not logged
    const ArrayRef size = scalar_array<double>(std::abs(read_complex(*a, a->items<std::byte>())));
    return cast(*size, real_part_of(result_dtype(a->type())));
  }
  // Without axis and order: the 2-norm of all elements, whatever the number of axes.
  if (!axes && order.kind == Order::Kind::none) return vector_norms(call, *a, order, inner, keepdims);
  if (inner.size() == 1) {
    require_vector_order(order);
    return vector_norms(call, *a, order, inner, keepdims);
  }
  if (inner.size() != 2) throw_value_error("Improper number of dimensions to norm.");
  return norms_of_matrices(call, *a, order, inner, keepdims, 1);
}

Result run_matrix_norm(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  if (a->ndim < 2) throw_value_error("matrix_norm needs an array of at least two dimensions");
  const Order order = call.arg(1).is_missing() ? Order{.kind = Order::Kind::frobenius, .p = 2} : to_order(call.arg(1));
  return norms_of_matrices(call, *a, order, Dims{a->ndim - 2, a->ndim - 1}, to_bool(call.arg(2), false), 0);
}

Result run_vector_norm(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const Order order = call.arg(1).is_missing() ? Order{.kind = Order::Kind::number, .p = 2} : to_order(call.arg(1));
  require_vector_order(order);
  const auto axes = to_axes(call.arg(2), a->ndim);
  return vector_norms(call, *a, order, axes ? *axes : all_axes(a->ndim), to_bool(call.arg(3), false));
}

}  // namespace flopscope::linalg
