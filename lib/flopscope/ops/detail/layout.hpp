// SPDX-License-Identifier: MIT
// Views and element moves that the movement, creation, indexing and sorting families share. Nothing here is charged.
#pragma once

#include <optional>
#include <whest/flopscope/core/operation.hpp>

namespace flopscope::detail {

// A view of `a` starting `byte_offset` bytes after its first element.
ArrayRef view_of(const Array& a, std::span<const std::int64_t> shape, std::span<const std::int64_t> strides,
                 std::int64_t byte_offset = 0);
// Another handle on all of `a`: same elements, its own identity, no tag.
ArrayRef alias_of(const Array& a);
// Calls copy(size), where size() is `bytes`: a constant for the two sizes that matter for single elements, so that
// their copies are an instruction each.
template <class F>
void with_item_size(std::int64_t bytes, F copy) {
  if (bytes == 8)
    copy([] { return std::size_t{8}; });
  else if (bytes == 4)
    copy([] { return std::size_t{4}; });
  else
    copy([bytes] { return static_cast<std::size_t>(bytes); });
}
// Axis i of the result is axis perm[i] of `a`.
ArrayRef permuted(const Array& a, const Dims& perm);
// The axes in reverse order.
ArrayRef reversed_axes(const Array& a);
// Elements start, start + step, ... (`count` of them) of one axis.
ArrayRef sliced(const Array& a, int axis, std::int64_t start, std::int64_t count, std::int64_t step = 1);
// One axis removed at a fixed position.
ArrayRef at_position(const Array& a, int axis, std::int64_t position);
// New axes of size 1 at these positions of the result (ascending).
ArrayRef with_new_axes(const Array& a, const Dims& positions);

// The length of the k-th diagonal of a matrix, 0 where it has none; and the diagonals of the planes (axis1, axis2) as a
// view with a new last axis.
std::int64_t diagonal_length(std::int64_t rows, std::int64_t columns, std::int64_t k);
ArrayRef diagonal_view(const Array& a, std::int64_t offset, int axis1, int axis2);

// The same elements under another shape of the same size: a view where strides allow it, else a copy. C order.
ArrayRef reshaped(const Array& a, std::span<const std::int64_t> shape);
// order 'C', 'F', or 'A' (F when `a` is Fortran-contiguous).
ArrayRef reshaped(const Array& a, std::span<const std::int64_t> shape, char order);
// A `newshape` argument with at most one -1, resolved for `size` elements; throws ValueError where it does not fit.
Dims resolve_shape(const Value& v, std::int64_t size);
Dims resolve_shape(Dims shape, std::int64_t size);
// The letter of an `order` argument; absent: `if_absent`. Throws ValueError unless one of C F A K.
char to_order(const Value& v, char if_absent);
// Whether the elements already lie as the letter of an order asks.
bool lies_in(const Array& a, char order);

// Elements `index[0..n)` (in range) along one axis, in that order: a new contiguous array.
ArrayRef gathered(const Array& a, int axis, std::span<const std::int64_t> index);
// The array as one contiguous line of elements (a view where possible).
ArrayRef flattened(const Array& a);
// A copy in C order with every element equal to the 0-d array `value`, converted.
ArrayRef filled(DType dtype, std::span<const std::int64_t> shape, const Array& value);

// Operands of a list or tuple argument; an array argument is taken apart along its first axis.
std::vector<Operand> to_operands(const Value& v, std::string_view what);
// int64 elements of an integer (or boolean) argument, flattened; TypeError/IndexError-free conversion of other kinds.
std::vector<std::int64_t> to_ints(const Value& v, std::string_view what);

// Wraps negative positions and throws IndexError "index 5 is out of bounds for axis 0 with size 4".
std::int64_t wrap_index(std::int64_t i, std::int64_t size, int axis);

// What arrays (at least one) have in common: floats are joined first, so that float32 with int16 and uint16 stays.
DType common_dtype(std::span<const ArrayRef> arrays);

// What a conversion is billed as: the side with the larger rate, the source where they are equal.
DType heavier(const CostModel& model, DType a, DType b);

// Lets the log record carry the shape of the result, where the model's gathers do. It must live until the charge.
void log_result_shape(Call& call, std::span<const std::int64_t> shape);

// Tests a caller's buffer for a result of `shape`: TypeError where it is no array, ValueError for another shape.
void require_out(const Value& out, std::span<const std::int64_t> shape);
// Copies into a buffer that was tested, or a larger one that repeats the result, whatever is lost by the dtype; the
// result itself where `out` is absent.
ArrayRef into_out(const Call& call, const Value& out, ArrayRef result);

inline ArrayRef with_tag(ArrayRef a, TagRef tag) {
  if (tag) a->set_tag(std::move(tag));
  return a;
}
inline Dims dims_of(const Array& a) { return Dims(a.dims()); }

}  // namespace flopscope::detail
