// SPDX-License-Identifier: MIT
// Positions inside arrays: where the nonzero elements are, byte offsets of elements picked along an axis or by flat
// number. Shared by the reading and the writing half of the gather family, and by indexing.
#pragma once

#include <vector>
#include <whest/flopscope/core/operation.hpp>

namespace flopscope::detail {

// What chooses elements. A list of C++'s unsigned numbers is one of integers, as Python's numbers are.
ArrayRef to_indices(const Value& v);

bool is_nonzero(const Array& a, const std::byte* at);

// How many of `n` truths hold.
std::int64_t count_true(const bool* truths, std::int64_t n);

// One int64 vector per axis with the positions of the nonzero elements, in C order (numpy.nonzero).
std::vector<ArrayRef> nonzero_positions(const Array& a);

// The byte offset of element `i`, counted in C order.
std::int64_t offset_of(const Array& a, std::int64_t i);

// An index along one axis, the other axes broadcast (take_along_axis, put_along_axis).
struct AlongAxis {
  Dims shape;                         // of what is picked
  std::vector<std::int64_t> offsets;  // in bytes into the array, in C order of `shape`
};
// `axis` None: the array is flattened first (`a` is replaced by a view or copy of one axis). Throws ValueError,
// IndexError.
AlongAxis along_axis(ArrayRef& a, const ArrayRef& indices, const Value& axis);

// Charges a method as the function it is: under the function's name and price where the model logs methods of this
// kind, else nothing. For the function itself it is charge().
void charge_method(Call& call, std::string_view function, const PriceInput& price, std::optional<DType> dtype);

// The packages log a free call before they look at its arguments. Charges it where the model asks nothing for `least`,
// the least that such a call can be; whether it did.
bool logged_as_free(Call& call, const PriceInput& least, std::optional<DType> dtype = {});

}  // namespace flopscope::detail
