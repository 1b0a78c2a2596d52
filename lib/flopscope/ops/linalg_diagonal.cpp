// SPDX-License-Identifier: MIT
// Traces of stacks, and the views whose function is another family's under another name.
#include <whest/flopscope/ops/detail/contraction_operations.hpp>
#include <whest/flopscope/ops/detail/fold.hpp>
#include <whest/flopscope/ops/detail/layout.hpp>
#include <whest/flopscope/ops/detail/linalg_operations.hpp>
#include <whest/flopscope/ops/detail/matrix_stack.hpp>
#include <whest/flopscope/ops/detail/reduce.hpp>

namespace flopscope::linalg {

Result run_trace(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  if (a->ndim < 2) throw_value_error("diag requires an array of at least two dimensions");
  const StackShape shape = stack_shape(*a);
  const std::int64_t offset = call.arg(1).is_absent() ? 0 : to_int(call.arg(1), "offset");
  const DType dtype = to_dtype(call.arg(2), ufunc::accumulator_of(a->type()));
  const ArrayRef diagonal = detail::diagonal_view(*a, offset, a->ndim - 2, a->ndim - 1);
  const std::int64_t length = diagonal->shape[diagonal->ndim - 1];
  PriceInput price = price_of_stack(shape);
  price.length = static_cast<double>(length);
  call.charge(price, dtype);

  return ufunc::sum_of(*diagonal, ufunc::one_axis(diagonal->ndim - 1, diagonal->dims()), dtype);
}

Result run_diagonal(Call& call) {
  const Value arguments[] = {call.arg(0), call.arg(1).is_missing() ? Value::integer(0) : call.arg(1),
                             Value::integer(-2), Value::integer(-1)};
  return contract::run_as(call, "diagonal", arguments);
}

Result run_matrix_transpose(Call& call) {
  const Value arguments[] = {call.arg(0)};
  return contract::run_as(call, "matrix_transpose", arguments);
}

}  // namespace flopscope::linalg
