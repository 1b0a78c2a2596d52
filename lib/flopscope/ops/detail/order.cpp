// SPDX-License-Identifier: MIT
#include <numeric>
#include <whest/flopscope/ops/detail/layout.hpp>
#include <whest/flopscope/ops/detail/order.hpp>

namespace flopscope::detail {

Lines lines_along(const Array& a, int axis) {
  Lines out;
  for (int d = 0; d < a.ndim; ++d)
    if (d != axis) out.perm.push_back(d);
  out.perm.push_back(axis);
  out.data = copy_of(*permuted(a, out.perm));
  out.length = a.shape[axis];
  out.lines = out.length == 0 ? 0 : a.size / out.length;
  return out;
}

ArrayRef put_back(const Lines& lines, const ArrayRef& data) {
  Dims back(lines.perm.size(), 0);
  bool moved = false;
  for (int i = 0; i < lines.perm.size(); ++i) {
    back[static_cast<int>(lines.perm[i])] = i;
    moved = moved || lines.perm[i] != i;
  }
  return moved ? copy_of(*permuted(*data, back)) : data;
}

ArrayRef argsorted(const Lines& lines) {
  ArrayRef out = Array::make(DType::int64, lines.data->dims());
  std::int64_t* at = out->mutable_items<std::int64_t>();
  visit_dtype(lines.data->type(), [&]<class T>() {
    const T* line = lines.data->items<T>();
    for (std::int64_t k = 0; k < lines.lines; ++k, line += lines.length, at += lines.length) {
      std::iota(at, at + lines.length, 0);
      std::stable_sort(at, at + lines.length,
                       [line](std::int64_t i, std::int64_t j) { return Before<T>{}(line[i], line[j]); });
    }
  });
  return out;
}

ArrayRef search_sorted(const Array& a, const Array& queries, bool after_equal) {
  ArrayRef out = Array::make(DType::int64, queries.dims());
  std::int64_t* at = out->mutable_items<std::int64_t>();
  visit_dtype(a.type(), [&]<class T>() {
    const T *first = a.items<T>(), *last = first + a.size, *q = queries.items<T>();
    for (std::int64_t i = 0; i < queries.size; ++i)
      at[i] = (after_equal ? std::upper_bound(first, last, q[i], Before<T>{})
                           : std::lower_bound(first, last, q[i], Before<T>{})) -
              first;
  });
  return out;
}

}  // namespace flopscope::detail
