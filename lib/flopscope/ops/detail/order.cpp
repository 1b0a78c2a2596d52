// SPDX-License-Identifier: MIT
#include <numeric>
#include <vector>
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

namespace {

// Long lines of numbers by their bits, each with its position; equal elements (0 and -0, any two NaN) have equal keys.
template <class T>
void argsort_long(const T* line, std::int64_t* at, std::int64_t n) {
  using U = decltype(radix_key(T{}));
  struct Item {
    U key;
    std::uint32_t position;
  };
  std::vector<Item> items(static_cast<std::size_t>(n)), spare(items.size());
  for (std::int64_t i = 0; i < n; ++i) {
    U key = is_nan(line[i]) ? static_cast<U>(~U{0}) : radix_key(line[i] == T(0) ? T(0) : line[i]);
    items[static_cast<std::size_t>(i)] = {key, static_cast<std::uint32_t>(i)};
  }
  radix_sort(items.data(), spare.data(), n, [](const Item& item) { return item.key; });
  for (std::int64_t i = 0; i < n; ++i) at[i] = items[static_cast<std::size_t>(i)].position;
}

template <class T>
void argsort_line(const T* line, std::int64_t* at, std::int64_t n) {
  if constexpr (!k_is_complex_type<T> && !std::is_same_v<T, bool>)
    if (n >= k_radix_from && n <= UINT32_MAX) return argsort_long(line, at, n);
  std::iota(at, at + n, 0);
  std::stable_sort(at, at + n, [line](std::int64_t i, std::int64_t j) { return Before<T>{}(line[i], line[j]); });
}

}  // namespace

ArrayRef argsorted(const Lines& lines) {
  ArrayRef out = Array::make(DType::int64, lines.data->dims());
  std::int64_t* at = out->mutable_items<std::int64_t>();
  visit_dtype(lines.data->type(), [&]<class T>() {
    const T* line = lines.data->items<T>();
    for (std::int64_t k = 0; k < lines.lines; ++k, line += lines.length, at += lines.length)
      argsort_line(line, at, lines.length);
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
