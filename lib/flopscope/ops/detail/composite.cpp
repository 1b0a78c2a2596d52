// SPDX-License-Identifier: MIT
#include <algorithm>
#include <whest/flopscope/ops/detail/composite.hpp>

namespace flopscope::ufunc {

ArrayRef part_of(const Array& a, Part part) {
  const DType real = real_part_of(a.type());
  const std::byte* data = a.items<std::byte>() + (part == Part::imaginary ? item_size(real) : 0);
  return Array::view(a.storage(), data, real, a.dims(), a.byte_strides());
}

ArrayRef slice(const Array& a, int axis, std::int64_t first, std::int64_t last) {
  Dims shape(a.dims());
  shape[axis] = std::max<std::int64_t>(last - first, 0);
  const std::byte* data = a.items<std::byte>() + (shape[axis] > 0 ? first * a.strides[axis] : 0);
  return Array::view(a.storage(), data, a.type(), shape, a.byte_strides());
}

ArrayRef select(const Array& mask, const Array& yes, const Array& no) {
  const ArrayRef out = copy_of(no);
  const ArrayRef from = contiguous_as(yes, no.type());
  const ArrayRef keep = contiguous_as(mask, DType::bool_);
  const auto bytes = static_cast<std::size_t>(no.item_bytes());
  const bool* k = keep->items<bool>();
  for (std::int64_t i = 0; i < out->size; ++i)
    if (k[i])
      std::copy_n(from->items<std::byte>() + static_cast<std::size_t>(i) * bytes, bytes,
                  out->mutable_items<std::byte>() + static_cast<std::size_t>(i) * bytes);
  return out;
}

namespace {

void require_joinable(const Array& a, const Array& b, int axis) {
  if (a.ndim != b.ndim) throw_value_error("all the input arrays must have same number of dimensions");
  for (int d = 0; d < a.ndim; ++d)
    if (d != axis && a.shape[d] != b.shape[d])
      throw_value_error("all the input array dimensions except for the concatenation axis must match exactly");
}

}  // namespace

ArrayRef join_arrays(std::span<const ArrayRef> parts, int axis) {
  DType dtype = parts[0]->type();
  Dims shape(parts[0]->dims());
  for (const ArrayRef& p : parts.subspan(1)) {
    require_joinable(*parts[0], *p, axis);
    dtype = promote(dtype, p->type());
    shape[axis] += p->shape[axis];
  }
  const ArrayRef out = Array::make(dtype, shape);
  std::int64_t at = 0;
  for (const ArrayRef& p : parts) {
    if (p->size > 0) copy_into(*slice(*out, axis, at, at + p->shape[axis]), *p);
    at += p->shape[axis];
  }
  return out;
}

PointwisePrice pointwise_price(std::span<const Input> inputs) {
  PointwisePrice p;
  p.shape = broadcast_shape(inputs);
  const auto elements = static_cast<double>(element_count(p.shape));
  p.tagged = pointwise_tag(inputs, p.shape, elements);
  p.price.in = p.price.out = elements;
  p.price.unique_in = p.price.unique_out = p.tagged.unique;
  return p;
}

}  // namespace flopscope::ufunc
