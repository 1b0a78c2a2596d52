// SPDX-License-Identifier: MIT
// Small steps that composite operations share: parts of complex numbers, slices along an axis, selection.
#pragma once

#include <whest/flopscope/core/operation.hpp>
#include <whest/flopscope/ops/detail/counted.hpp>

namespace flopscope::ufunc {

// A view of the real or the imaginary parts of a complex array.
enum class Part : std::uint8_t { real, imaginary };
ArrayRef part_of(const Array& a, Part part);

// A view of the elements from `first` up to `last` along `axis`.
ArrayRef slice(const Array& a, int axis, std::int64_t first, std::int64_t last);

// Elements of `yes` where `mask` holds, else of `no`; all of one shape and, for the latter two, one dtype.
ArrayRef select(const Array& mask, const Array& yes, const Array& no);

// Joins arrays along an axis; their dtypes are promoted. Throws ValueError where their other axes differ.
ArrayRef join_arrays(std::span<const ArrayRef> parts, int axis);

// Facts of a pointwise price: the broadcast of the inputs and its tag.
struct PointwisePrice {
  Dims shape;
  Tagged tagged;
  PriceInput price;
};
PointwisePrice pointwise_price(std::span<const Input> inputs);

}  // namespace flopscope::ufunc
