// SPDX-License-Identifier: MIT
// Traces of stacks, and the views whose function is another family's under another name.
#include <algorithm>
#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/ops/detail/fold.hpp>
#include <whest/flopscope/ops/detail/linalg_operations.hpp>
#include <whest/flopscope/ops/detail/matrix_stack.hpp>

namespace flopscope::linalg {
namespace {

DType sum_dtype(DType a) {
  if (a == DType::bool_ || is_signed_integer(a)) return DType::int64;
  return is_unsigned_integer(a) ? DType::uint64 : a;
}

// The diagonals as a view of shape batch + (length,).
ArrayRef diagonals(const Array& a, std::int64_t offset) {
  const int nd = a.ndim;
  const std::int64_t m = a.shape[nd - 2], n = a.shape[nd - 1];
  const std::int64_t length =
      std::max<std::int64_t>(0, offset >= 0 ? std::min(m, n - offset) : std::min(m + offset, n));
  Dims shape(a.dims().first(static_cast<std::size_t>(nd - 2)));
  Dims strides(a.byte_strides().first(static_cast<std::size_t>(nd - 2)));
  shape.push_back(length);
  strides.push_back(a.strides[nd - 2] + a.strides[nd - 1]);
  const std::int64_t start = length == 0 ? 0 : offset >= 0 ? offset * a.strides[nd - 1] : -offset * a.strides[nd - 2];
  return Array::view(a.storage(), static_cast<const std::byte*>(a.data) + start, a.type(), shape, strides);
}

// Runs another operation in this call's place: its checks, its price, its name in the log.
Result run_as(Call& call, std::string_view name, std::span<const Value> arguments) {
  const Operation* other = Catalogue::instance().find(name);
  if (other == nullptr)
    throw Error(ErrorKind::attribute_error, "flopscope.numpy does not provide '" + std::string(name) + "'.");
  Call inner(*other, arguments, call.model, call.context);
  inner.entered_ticks = call.entered_ticks;
  struct HandBack {
    Call& from;
    Call& to;
    ~HandBack() {
      to.charged_ticks = from.charged_ticks;
      to.first_record = from.first_record;
      to.record_count = from.record_count;
    }
  } hand_back{inner, call};
  return other->run(inner);
}

}  // namespace

Result run_trace(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  if (a->ndim < 2) throw_value_error("diag requires an array of at least two dimensions");
  const StackShape shape = stack_shape(*a);
  const std::int64_t offset = call.arg(1).is_absent() ? 0 : to_int(call.arg(1), "offset");
  const DType dtype = to_dtype(call.arg(2), sum_dtype(a->type()));
  const ArrayRef diagonal = diagonals(*a, offset);
  const std::int64_t length = diagonal->shape[diagonal->ndim - 1];
  PriceInput price = price_of_stack(shape);
  price.length = static_cast<double>(length);
  call.charge(price, dtype);

  return ufunc::sum_of(*diagonal, ufunc::one_axis(diagonal->ndim - 1, diagonal->dims()), dtype);
}

Result run_diagonal(Call& call) {
  const Value arguments[] = {call.arg(0), call.arg(1).is_missing() ? Value::integer(0) : call.arg(1),
                             Value::integer(-2), Value::integer(-1)};
  return run_as(call, "diagonal", arguments);
}

Result run_matrix_transpose(Call& call) {
  const Value arguments[] = {call.arg(0)};
  return run_as(call, "matrix_transpose", arguments);
}

}  // namespace flopscope::linalg
