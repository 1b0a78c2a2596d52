// SPDX-License-Identifier: MIT
// What rests on the singular values: least squares, pseudo-inverses, rank, condition; and powers of a matrix.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <whest/flopscope/ops/detail/linalg_operations.hpp>
#include <whest/flopscope/ops/detail/matrix_stack.hpp>
#include <whest/flopscope/ops/detail/wrapping.hpp>

namespace flopscope::linalg {
namespace {

double epsilon(DType dtype) {
  return real_part_of(dtype) == DType::float32 ? std::numeric_limits<float>::epsilon()
                                               : std::numeric_limits<double>::epsilon();
}

// A tolerance argument, one number or one for each matrix, as one double for each.
std::vector<double> per_matrix(const Value& v, const StackShape& shape) {
  const ArrayRef spread = contiguous_as(*broadcast_view(*to_array(v), shape.batch), DType::float64);
  return {spread->items<double>(), spread->items<double>() + spread->size};
}

double conjugate(double x) { return x; }
Complex conjugate(Complex x) { return std::conj(x); }

// V diag(1/s) U^H for one matrix, without the triplets whose s is not above `cutoff`.
template <class T>
void pseudo_inverse_of(const T* u, const double* s, const T* vh, std::int64_t m, std::int64_t n, double cutoff,
                       std::vector<T>& left, std::vector<T>& right, T* out) {
  const std::int64_t least = std::min(m, n);
  for (std::int64_t j = 0; j < least; ++j) {
    const double scale = s[j] > cutoff ? 1 / s[j] : 0;
    for (std::int64_t i = 0; i < m; ++i)
      right[static_cast<std::size_t>(j * m + i)] = scale * conjugate(u[i * least + j]);
    for (std::int64_t i = 0; i < n; ++i) left[static_cast<std::size_t>(i * least + j)] = conjugate(vh[j * n + i]);
  }
  lapack::multiply(lapack_index(n), lapack_index(least), lapack_index(m), left.data(), right.data(), out);
}

enum class CondNorm : std::uint8_t { largest_over_smallest, smallest_over_largest, norms };

struct CondOrder {
  CondNorm kind = CondNorm::largest_over_smallest;
  MatrixNorm norm = MatrixNorm::frobenius;
};
CondOrder cond_order(const Value& p) {
  if (p.is_absent()) return {};
  if (p.is(ValueKind::string)) {
    if (p.as_string() == "fro") return {CondNorm::norms, MatrixNorm::frobenius};
    if (p.as_string() == "nuc") return {CondNorm::norms, MatrixNorm::nuclear};
    throw_value_error("Invalid norm order for matrices.");
  }
  const double order = to_double(p, "p");
  if (order == 2) return {};
  if (order == -2) return {CondNorm::smallest_over_largest, MatrixNorm::two};
  if (order == 1) return {CondNorm::norms, MatrixNorm::one};
  if (order == -1) return {CondNorm::norms, MatrixNorm::minus_one};
  if (std::isinf(order)) return {CondNorm::norms, order > 0 ? MatrixNorm::inf : MatrixNorm::minus_inf};
  throw_value_error("Invalid norm order for matrices.");
}

bool has_nan(const Array& a, std::int64_t matrix, std::int64_t elements) {
  return visit_work(a.type(), [&]<class T>() {
    const T* p = a.items<T>() + matrix * elements;
    return std::any_of(p, p + elements, [](T x) { return std::isnan(std::abs(x)); });
  });
}

// out = a b for n x n matrices; integers wrap, booleans are and/or, floating dtypes are worked in double.
template <class T>
void multiply_square(const T* a, const T* b, std::int64_t n, T* out) {
  if constexpr (std::is_same_v<T, double> || std::is_same_v<T, Complex>) {
    lapack::multiply(lapack_index(n), lapack_index(n), lapack_index(n), a, b, out);
  } else {
    std::fill_n(out, n * n, T{});
    for (std::int64_t i = 0; i < n; ++i)
      for (std::int64_t k = 0; k < n; ++k)
        for (std::int64_t j = 0; j < n; ++j) {
          if constexpr (std::is_same_v<T, bool>)
            out[i * n + j] = out[i * n + j] || (a[i * n + k] && b[k * n + j]);
          else
            out[i * n + j] = ufunc::multiply_add(out[i * n + j], a[i * n + k], b[k * n + j]);
        }
  }
}

// a^k for every matrix, k >= 1, by squarings.
template <class T>
ArrayRef power(const Array& a, const StackShape& shape, std::uint64_t k) {
  const std::int64_t n = shape.n;
  ArrayRef out = Array::make(a.type(), a.dims());
  const auto elements = static_cast<std::size_t>(n * n);
  const std::unique_ptr<T[]> square(new T[elements]), other(new T[elements]);
  for (std::int64_t b = 0; b < shape.count && n > 0; ++b) {
    std::copy_n(a.items<T>() + b * n * n, elements, square.get());
    T* result = out->mutable_items<T>() + b * n * n;
    bool started = false;
    for (std::uint64_t rest = k; rest != 0; rest >>= 1) {
      if (rest & 1) {
        if (started) {
          multiply_square(result, square.get(), n, other.get());
          std::copy_n(other.get(), elements, result);
        } else {
          std::copy_n(square.get(), elements, result);
          started = true;
        }
      }
      if (rest > 1) {
        multiply_square(square.get(), square.get(), n, other.get());
        std::copy_n(other.get(), elements, square.get());
      }
    }
  }
  return out;
}

ArrayRef identities(DType dtype, const StackShape& shape, std::span<const std::int64_t> dims) {
  ArrayRef out = zeros(dtype, dims);
  visit_dtype(dtype, [&]<class T>() {
    for (std::int64_t b = 0; b < shape.count; ++b)
      for (std::int64_t i = 0; i < shape.n; ++i)
        out->mutable_items<T>()[b * shape.n * shape.n + i * shape.n + i] = static_cast<T>(1);
  });
  return out;
}

}  // namespace

Result run_lstsq(Call& call) {
  const ArrayRef a = to_array(call.arg(0)), b = to_array(call.arg(1));
  if (a->ndim != 2)
    throw_lin_alg_error(fmt::format("{}-dimensional array given. Array must be two-dimensional", int{a->ndim}));
  if (b->ndim != 1 && b->ndim != 2)
    throw_lin_alg_error(fmt::format("{}-dimensional array given. Array must be two-dimensional", int{b->ndim}));
  const std::int64_t m = a->shape[0], n = a->shape[1];
  if (b->shape[0] != m) throw_lin_alg_error("Incompatible dimensions");
  const bool vector = b->ndim == 1;
  const std::int64_t nrhs = vector ? 1 : b->shape[1];
  const DType dtype = result_dtype(a->type(), b->type()), real = real_part_of(dtype);
  const double rcond = call.arg(2).is_absent() ? epsilon(DType::float64) * static_cast<double>(std::max(m, n))
                                               : to_double(call.arg(2), "rcond");
  PriceInput price = price_of_stack(stack_shape(*a));
  price.rhs = price.queries = static_cast<double>(nrhs);
  call.charge(price, dtype);

  const DType work = work_dtype(dtype);
  const LeastSquares out = least_squares(*contiguous_as(*a, work), *contiguous_as(*b, work), m, n, nrhs, rcond);
  ArrayRef x = out.solution;
  if (vector) {
    const std::int64_t size = n, step = x->item_bytes();
    x = Array::view(x->storage(), x->items<std::byte>(), x->type(), {&size, 1}, {&step, 1});
  }
  return Result::tuple({rounded(x, dtype), rounded(out.residuals, real), scalar_array<std::int32_t>(out.rank),
                        rounded(out.singular_values, real)});
}

Result run_pinv(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const StackShape shape = stack_shape(*a);
  const bool hermitian = to_bool(call.arg(2), false);
  const Value& rcond = call.arg(1);
  const Value& rtol = call.arg(3);
  if (!rcond.is_absent() && !rtol.is_absent()) throw_value_error("`rtol` and `rcond` can't be both set.");
  if (hermitian && shape.m != shape.n) throw_lin_alg_error("Last 2 dimensions of the array must be square");
  if (a->size == 0) {  // of empty matrices nothing is done, in whatever dtype
    call.charge_nothing();
    return Array::make(shape.m * shape.n == 0 ? a->type() : result_dtype(a->type()),
                       joined(shape.batch, {shape.n, shape.m}));
  }
  const DType dtype = result_dtype(a->type());
  std::vector<double> tolerance(static_cast<std::size_t>(shape.count), 1e-15);
  if (!rcond.is_absent() || !rtol.is_absent()) tolerance = per_matrix(rcond.is_absent() ? rtol : rcond, shape);
  call.charge(price_of_stack(shape), dtype);

  const std::int64_t m = shape.m, n = shape.n, least = std::min(m, n);
  const ArrayRef items = contiguous_as(*a, work_dtype(dtype));
  ArrayRef out = zeros(items->type(), joined(shape.batch, {n, m}));
  const Svd d = svd(*items, shape, Vectors::thin, hermitian);
  visit_work(dtype, [&]<class T>() {
    std::vector<T> left(static_cast<std::size_t>(n * least)), right(static_cast<std::size_t>(least * m));
    for (std::int64_t b = 0; b < shape.count; ++b) {
      const double* s = d.s->items<double>() + b * least;
      pseudo_inverse_of(d.u->items<T>() + b * m * least, s, d.vh->items<T>() + b * least * n, m, n,
                        tolerance[static_cast<std::size_t>(b)] * s[0], left, right,
                        out->mutable_items<T>() + b * n * m);
    }
  });
  return rounded(out, dtype);
}

Result run_matrix_rank(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const Value& tol = call.arg(1);
  const Value& rtol = call.arg(3);
  if (!tol.is_absent() && !rtol.is_absent()) throw_value_error("`tol` and `rtol` can't be both set.");
  if (a->ndim < 2) {  // a vector has rank 1 unless all its elements are 0
    PriceInput price;
    price.parts = 1;
    price.in = static_cast<double>(a->size);
    call.charge(price, is_floating(a->type()) ? a->type() : DType::float64);
    bool any = false;
    for_each_element(*a, [&](const std::byte* at) { any = any || read_complex(*a, at) != Complex(0); });
    return Result::integer(any ? 1 : 0);
  }
  const StackShape shape = stack_shape(*a);
  const bool hermitian = to_bool(call.arg(2), false);
  if (hermitian) square_stack_shape(*a);
  const DType dtype = result_dtype(a->type());
  std::vector<double> bound;
  if (!tol.is_absent() || !rtol.is_absent()) bound = per_matrix(tol.is_absent() ? rtol : tol, shape);
  call.charge(price_of_stack(shape), dtype);

  const Svd d = svd(*contiguous_as(*a, work_dtype(dtype)), shape, Vectors::none, hermitian);
  const std::int64_t least = std::min(shape.m, shape.n);
  const ArrayRef s = contiguous_as(*rounded(d.s, real_part_of(dtype)), DType::float64);
  ArrayRef out = Array::make(DType::int64, shape.batch);
  for (std::int64_t b = 0; b < shape.count; ++b) {
    const double* v = s->items<double>() + b * least;
    const double largest = least > 0 ? v[0] : 0;
    double cutoff = largest * static_cast<double>(std::max(shape.m, shape.n)) * epsilon(dtype);
    if (!bound.empty()) cutoff = bound[static_cast<std::size_t>(b)] * (tol.is_absent() ? largest : 1);
    out->mutable_items<std::int64_t>()[b] = std::count_if(v, v + least, [&](double x) { return x > cutoff; });
  }
  return out;
}

Result run_cond(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const CondOrder order = cond_order(call.arg(1));
  const StackShape shape = order.kind == CondNorm::norms ? square_stack_shape(*a) : stack_shape(*a);
  if (shape.m * shape.n == 0) throw_lin_alg_error("cond is not defined on empty arrays");
  const DType dtype = result_dtype(a->type());
  PriceInput price = price_of_stack(shape);
  price.parts = order.kind == CondNorm::norms ? 1 : 0;
  call.charge(price, dtype);

  const ArrayRef items = contiguous_as(*a, work_dtype(dtype));
  const std::int64_t least = std::min(shape.m, shape.n);
  ArrayRef out = Array::make(DType::float64, shape.batch);
  double* r = out->mutable_items<double>();
  if (order.kind == CondNorm::norms) {
    const ArrayRef inverted = inverse(*items, shape, true);
    const ArrayRef x = matrix_norms(*items, shape, order.norm), y = matrix_norms(*inverted, shape, order.norm);
    for (std::int64_t b = 0; b < shape.count; ++b) r[b] = x->items<double>()[b] * y->items<double>()[b];
  } else {
    StackShape one = shape;
    one.count = 1;
    one.batch = {};
    for (std::int64_t b = 0; b < shape.count; ++b) {
      r[b] = std::numeric_limits<double>::quiet_NaN();
      if (has_nan(*items, b, shape.m * shape.n)) continue;
      const Dims core{shape.m, shape.n};
      const Dims strides{shape.n * items->item_bytes(), items->item_bytes()};
      const ArrayRef matrix =
          Array::view(items->storage(), items->items<std::byte>() + b * shape.m * shape.n * items->item_bytes(),
                      items->type(), core, strides);
      const Svd d = svd(*matrix, one, Vectors::none, false);
      const double* s = d.s->items<double>();
      r[b] = order.kind == CondNorm::largest_over_smallest ? s[0] / s[least - 1] : s[least - 1] / s[0];
    }
  }
  // A matrix without an inverse is infinitely ill conditioned; NaN is for NaN in the operand.
  for (std::int64_t b = 0; b < shape.count; ++b)
    if (std::isnan(r[b]) && !has_nan(*items, b, shape.m * shape.n)) r[b] = std::numeric_limits<double>::infinity();
  return rounded(out, real_part_of(dtype));
}

Result run_matrix_power(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const std::int64_t exponent = to_int(call.arg(1), "exponent");
  const StackShape shape = square_stack_shape(*a);
  const DType dtype = exponent < 0 ? result_dtype(a->type()) : a->type();
  PriceInput price = price_of_stack(shape);
  price.k = static_cast<double>(exponent);
  call.charge(price, dtype);

  if (exponent == 0) return identities(a->type(), shape, a->dims());
  const auto k = exponent < 0 ? -static_cast<std::uint64_t>(exponent) : static_cast<std::uint64_t>(exponent);
  if (!is_floating(dtype))
    return visit_dtype(dtype, [&]<class T>() -> ArrayRef {
      if constexpr (std::is_integral_v<T>)
        return power<T>(*contiguous_copy_if_needed(*a), shape, k);
      else
        return nullptr;  // not reached: floating dtypes are below
    });
  ArrayRef items = contiguous_as(*a, work_dtype(dtype));
  if (exponent < 0) items = inverse(*items, shape);
  return rounded(visit_work(dtype, [&]<class T>() { return power<T>(*items, shape, k); }), dtype);
}

}  // namespace flopscope::linalg
