// SPDX-License-Identifier: MIT
// Linear systems, inverses, determinants and Cholesky factors. What shapes decide is refused before the charge; a
// singular or indefinite matrix is found by working on it, so it is charged.
#include <algorithm>
#include <cmath>
#include <limits>
#include <whest/flopscope/ops/detail/linalg_operations.hpp>
#include <whest/flopscope/ops/detail/matrix_stack.hpp>
#include <whest/flopscope/ops/detail/symmetric_values.hpp>
#include <whest/flopscope/symmetry/tag.hpp>

namespace flopscope::linalg {
namespace {

// Sign (or phase) and logarithm of |det| of one matrix, from its LU factors; `columns` is destroyed.
template <class T>
struct SignLog {
  T sign = T(1);
  double log = 0;
};
template <class T>
SignLog<T> sign_and_log(T* columns, std::int64_t n, std::vector<lapack::Index>& pivots) {
  SignLog<T> out;
  if (n == 0) return out;
  if (lapack::getrf(lapack_index(n), columns, pivots.data()) > 0)
    return {T(0), -std::numeric_limits<double>::infinity()};
  for (std::int64_t i = 0; i < n; ++i) {
    if (pivots[static_cast<std::size_t>(i)] != i + 1) out.sign = -out.sign;
    const T d = columns[i * n + i];
    const double size = std::abs(d);
    if constexpr (std::is_same_v<T, double>)
      out.sign = d < 0 ? -out.sign : out.sign;  // of an infinite one too
    else
      out.sign *= d / size;
    out.log += std::log(size);
  }
  return out;
}

// Calls each(index, SignLog) for every matrix of the stack.
template <class T, class F>
void for_each_determinant(const Array& a, const StackShape& shape, F&& each) {
  const std::int64_t n = shape.n;
  std::vector<T> columns(static_cast<std::size_t>(n * n));
  std::vector<lapack::Index> pivots(static_cast<std::size_t>(n));
  for (std::int64_t b = 0; b < shape.count; ++b) {
    to_columns(a.items<T>() + b * n * n, n, n, columns.data());
    each(b, sign_and_log(columns.data(), n, pivots));
  }
}

// Copies the kept triangle of a column-major factor and writes zeros to the other.
template <class T>
void store_triangle(const T* columns, std::int64_t n, bool upper, T* rows) {
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t j = 0; j < n; ++j) rows[i * n + j] = (upper ? j >= i : j <= i) ? columns[j * n + i] : T(0);
}

}  // namespace

Result run_solve(Call& call) {
  const ArrayRef a = to_array(call.arg(0)), b = to_array(call.arg(1));
  StackShape shape = square_stack_shape(*a);
  const bool vector = b->ndim == 1;
  if (b->ndim == 0) throw_value_error("solve: Input operand 1 does not have enough dimensions");
  const std::int64_t n = shape.n, rows = vector ? b->shape[0] : b->shape[b->ndim - 2];
  const std::int64_t nrhs = vector ? 1 : b->shape[b->ndim - 1];
  if (rows != n)
    throw_value_error("solve: the right-hand side has " + std::to_string(rows) + " rows, the matrix " +
                      std::to_string(n));
  PriceInput price = price_of_stack(shape);
  price.extra = price.batch;  // the matrices of `a` alone
  const Dims batch =
      vector ? shape.batch : broadcast(shape.batch, b->dims().first(static_cast<std::size_t>(b->ndim - 2)));
  shape.batch = batch;
  shape.count = element_count(batch);
  if (price.batch != 0) price.batch = static_cast<double>(shape.count);
  price.rhs = static_cast<double>(nrhs);
  const DType dtype = result_dtype(a->type(), b->type());
  call.charge(price, dtype);

  const DType work = work_dtype(dtype);
  const ArrayRef full_a = contiguous_as(*broadcast_view(*a, joined(batch, {n, n})), work);
  ArrayRef rhs = ref_of(*b);
  if (!vector) {
    rhs = broadcast_view(*b, joined(batch, {n, nrhs}));
  } else {
    rhs = broadcast_view(*b, joined(batch, {n}));
  }
  const Dims out_shape = vector ? joined(batch, {n}) : joined(batch, {n, nrhs});
  return rounded(solved(*full_a, *contiguous_as(*rhs, work), shape, nrhs, out_shape), dtype);
}

Result run_inv(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const StackShape shape = square_stack_shape(*a);
  const DType dtype = result_dtype(a->type());
  PriceInput price = price_of_stack(shape);
  price.extra = a->tag() ? 1 : 0;  // whatever the tag moves
  call.charge(price, dtype);
  ArrayRef out = rounded(inverse(*contiguous_as(*a, work_dtype(dtype)), shape), dtype);
  // The tag stays where the numbers bear it out: not where the matrix is nearly singular, or moved along its stack.
  if (a->tag() && contract::deviation(*out, *a->tag(), contract::k_default_atol, contract::k_default_rtol).passes)
    out->set_tag(a->tag());
  return out;
}

Result run_det(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const StackShape shape = square_stack_shape(*a);
  const DType dtype = result_dtype(a->type());
  call.charge(price_of_stack(shape), dtype);
  const ArrayRef items = contiguous_as(*a, work_dtype(dtype));
  ArrayRef out = Array::make(items->type(), shape.batch);
  visit_work(dtype, [&]<class T>() {
    for_each_determinant<T>(*items, shape, [&](std::int64_t i, const SignLog<T>& d) {
      out->mutable_items<T>()[i] = d.sign * std::exp(d.log);
    });
  });
  return rounded(out, dtype);
}

Result run_slogdet(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const StackShape shape = square_stack_shape(*a);
  const DType dtype = result_dtype(a->type());
  call.charge(price_of_stack(shape), dtype);
  const ArrayRef items = contiguous_as(*a, work_dtype(dtype));
  ArrayRef sign = Array::make(items->type(), shape.batch), log = Array::make(DType::float64, shape.batch);
  visit_work(dtype, [&]<class T>() {
    for_each_determinant<T>(*items, shape, [&](std::int64_t i, const SignLog<T>& d) {
      sign->mutable_items<T>()[i] = d.sign;
      log->mutable_items<double>()[i] = d.log;
    });
  });
  return Result::tuple({rounded(sign, dtype), rounded(log, real_part_of(dtype))});
}

Result run_cholesky(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const bool upper = to_bool(call.arg(1), false);
  const StackShape shape = square_stack_shape(*a);
  const DType dtype = result_dtype(a->type());
  call.charge(price_of_stack(shape), dtype);
  const ArrayRef items = contiguous_as(*a, work_dtype(dtype));
  ArrayRef out = Array::make(items->type(), items->dims());
  const std::int64_t n = shape.n;
  visit_work(dtype, [&]<class T>() {
    std::vector<T> columns(static_cast<std::size_t>(n * n));
    for (std::int64_t b = 0; b < shape.count && n > 0; ++b) {
      to_columns(items->items<T>() + b * n * n, n, n, columns.data());
      if (lapack::potrf(upper ? 'U' : 'L', lapack_index(n), columns.data()) != 0)
        throw_lin_alg_error("Matrix is not positive definite");
      store_triangle(columns.data(), n, upper, out->mutable_items<T>() + b * n * n);
    }
  });
  return rounded(out, dtype);
}

Result run_tensorsolve(Call& call) {
  const ArrayRef a = to_array(call.arg(0)), b = to_array(call.arg(1));
  // The axes named go to the end, one after the other.
  Dims order;
  for (int d = 0; d < a->ndim; ++d) order.push_back(d);
  if (const auto axes = to_axes(call.arg(2), a->ndim))
    for (const std::int64_t axis : *axes) {
      const auto at = std::find(order.begin(), order.end(), axis);
      std::rotate(at, at + 1, order.end());
    }
  Dims shape, strides;
  for (const std::int64_t d : order) {
    shape.push_back(a->shape[d]);
    strides.push_back(a->strides[d]);
  }
  const int unknown = a->ndim - b->ndim;
  const Dims solution(
      std::span<const std::int64_t>(shape).last(static_cast<std::size_t>(unknown > 0 ? unknown : a->ndim)));
  const std::int64_t n = element_count(solution);
  if (a->size != n * n || b->size != n)
    throw_lin_alg_error("Input arrays must satisfy the requirement prod(a.shape[b.ndim:]) == prod(a.shape[:b.ndim])");
  const DType dtype = result_dtype(a->type(), b->type());
  PriceInput price;
  price.n = static_cast<double>(n);
  price.rhs = 1;
  price.k = static_cast<double>(element_count(a->dims().last(static_cast<std::size_t>(std::max(int{a->ndim} - 2, 0)))));
  call.charge(price, dtype);

  const DType work = work_dtype(dtype);
  const ArrayRef moved = Array::view(a->storage(), static_cast<const std::byte*>(a->data), a->type(), shape, strides);
  const ArrayRef matrix = contiguous_as(*moved, work);
  const StackShape square{.batch = {}, .count = 1, .m = n, .n = n};
  return rounded(solved(*matrix, *contiguous_as(*b, work), square, 1, solution), dtype);
}

Result run_tensorinv(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const std::int64_t ind = call.arg(1).is_missing() ? 2 : to_int(call.arg(1), "ind");
  if (ind <= 0) throw_value_error("Invalid ind argument.");
  const auto split = static_cast<std::size_t>(std::min<std::int64_t>(ind, a->ndim));
  const auto rows = a->dims().first(split), columns = a->dims().subspan(split);
  const std::int64_t n = element_count(columns);
  if (n == 0) throw_value_error("cannot reshape array of size 0 into a square matrix");
  if (element_count(rows) != n) throw_lin_alg_error("Last 2 dimensions of the array must be square");
  const DType dtype = result_dtype(a->type());
  PriceInput price;
  price.n = static_cast<double>(n);
  call.charge(price, dtype);

  const ArrayRef items = contiguous_as(*a, work_dtype(dtype));
  const Dims square{n, n};
  const Dims strides{n * items->item_bytes(), items->item_bytes()};
  const ArrayRef matrix = Array::view(items->storage(), items->items<std::byte>(), items->type(), square, strides);
  const ArrayRef inverted = inverse(*matrix, {.batch = {}, .count = 1, .m = n, .n = n});
  Dims shape(columns), out_strides;
  for (const std::int64_t d : rows) shape.push_back(d);
  std::int64_t step = items->item_bytes();
  for (int d = shape.size() - 1; d >= 0; --d) {
    out_strides.insert(0, step);
    step *= std::max<std::int64_t>(shape[d], 1);
  }
  return rounded(Array::view(inverted->storage(), inverted->items<std::byte>(), inverted->type(), shape, out_strides),
                 dtype);
}

}  // namespace flopscope::linalg
