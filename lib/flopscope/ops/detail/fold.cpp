// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <whest/flopscope/ops/detail/extreme.hpp>
#include <whest/flopscope/ops/detail/fold.hpp>
#include <whest/flopscope/ops/detail/positions.hpp>
#include <whest/flopscope/ops/detail/ufuncs.hpp>

namespace flopscope::ufunc {
namespace {

// NumPy's pairwise sum of a strided row: below 8 one by one, up to 128 in eight running sums, above by halves.
template <class T, class S>
S pairwise(const std::byte* p, std::int64_t step, std::int64_t n) {
  const auto at = [&](std::int64_t i) { return static_cast<S>(*reinterpret_cast<const T*>(p + i * step)); };
  if (n < 8) {
    S sum = n > 0 ? at(0) : S{};
    for (std::int64_t i = 1; i < n; ++i) sum += at(i);
    return sum;
  }
  if (n <= 128) {
    S r[8];
    for (int j = 0; j < 8; ++j) r[j] = at(j);
    std::int64_t i = 8;
    for (; i + 8 <= n; i += 8)
      for (int j = 0; j < 8; ++j) r[j] += at(i + j);
    S sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
    for (; i < n; ++i) sum += at(i);
    return sum;
  }
  const std::int64_t half = n / 2 - (n / 2) % 8;
  return pairwise<T, S>(p, step, half) + pairwise<T, S>(p + half * step, step, n - half);
}

// The same for complex numbers, whose halves are eight running sums together: four of each part.
template <class T>
T pairwise_complex(const std::byte* p, std::int64_t step, std::int64_t n) {
  const auto at = [&](std::int64_t i) { return *reinterpret_cast<const T*>(p + i * step); };
  if (n < 4) {
    T sum = n > 0 ? at(0) : T{};
    for (std::int64_t i = 1; i < n; ++i) sum += at(i);
    return sum;
  }
  if (n <= 64) {
    T r[4];
    for (int j = 0; j < 4; ++j) r[j] = at(j);
    std::int64_t i = 4;
    for (; i + 4 <= n; i += 4)
      for (int j = 0; j < 4; ++j) r[j] += at(i + j);
    T sum = (r[0] + r[1]) + (r[2] + r[3]);
    for (; i < n; ++i) sum += at(i);
    return sum;
  }
  const std::int64_t half = (n - n % 8) / 2;
  return pairwise_complex<T>(p, step, half) + pairwise_complex<T>(p + half * step, step, n - half);
}

// Folds one row into *at.
using RowFold = void (*)(void* at, const std::byte* p, std::int64_t step, std::int64_t n);

template <class T>
void sum_row(void* at, const std::byte* p, std::int64_t step, std::int64_t n) {
  T& acc = *static_cast<T*>(at);
  if constexpr (std::is_integral_v<T>) {
    Wrapping<T> sum = Wrapping<T>(acc);
    for (std::int64_t i = 0; i < n; ++i) sum += Wrapping<T>(*reinterpret_cast<const T*>(p + i * step));
    acc = static_cast<T>(sum);
  } else if constexpr (is_complex_element<T>) {
    acc += pairwise_complex<T>(p, step, n);
  } else {
    acc = static_cast<T>(work(acc) + pairwise<T, Working<T>>(p, step, n));
  }
}

// Products of halves are taken in single precision and rounded once per row.
void half_product_row(void* at, const std::byte* p, std::int64_t step, std::int64_t n) {
  float product = static_cast<float>(*static_cast<Half*>(at));
  for (std::int64_t i = 0; i < n; ++i) product *= static_cast<float>(*reinterpret_cast<const Half*>(p + i * step));
  *static_cast<Half*>(at) = static_cast<Half>(product);
}

template <class T, bool Max>
void extreme_row(void* at, const std::byte* p, std::int64_t step, std::int64_t n) {
  std::int64_t place = 0;
  extreme_of_row<T, Max>(p, step, n, *static_cast<T*>(at), place);
}

// Whether all truths of a row hold, or any.
template <bool All>
void truth_row(void* at, const std::byte* p, std::int64_t step, std::int64_t n) {
  bool& truth = *static_cast<bool*>(at);
  constexpr std::int64_t k_block = 64;
  const auto* flags = reinterpret_cast<const std::uint8_t*>(p);
  for (std::int64_t i = 0; i < n && truth == All; i += k_block) {
    const std::int64_t end = std::min(n, i + k_block);
    bool block = All;
    for (std::int64_t k = i; k < end; ++k)
      block = All ? block & (flags[k * step] != 0) : block | (flags[k * step] != 0);
    truth = block;
  }
}

// Sums of integers that are narrower than the sum.
template <class T, class S>
void widening_sum_row(void* at, const std::byte* p, std::int64_t step, std::int64_t n) {
  auto sum = static_cast<std::uint64_t>(*static_cast<S*>(at));
  if (std::is_same_v<T, bool> && step == 1)
    sum += static_cast<std::uint64_t>(detail::count_true(reinterpret_cast<const bool*>(p), n));
  else if (step == sizeof(T))
    for (std::int64_t i = 0; i < n; ++i) sum += static_cast<std::uint64_t>(reinterpret_cast<const T*>(p)[i]);
  else
    for (std::int64_t i = 0; i < n; ++i) sum += static_cast<std::uint64_t>(*reinterpret_cast<const T*>(p + i * step));
  *static_cast<S*>(at) = static_cast<S>(sum);
}

RowFold widening_sum(DType from, DType to) {
  return visit_dtype(from, [to]<class T>() -> RowFold {
    if constexpr (std::is_integral_v<T> && sizeof(T) < 8) {
      if (to == DType::int64) return &widening_sum_row<T, std::int64_t>;
      if (to == DType::uint64 && std::is_unsigned_v<T>) return &widening_sum_row<T, std::uint64_t>;
    }
    return nullptr;
  });
}

// A row function that is faster or more exact than applying the loop to an accumulator; null: none.
RowFold row_fold(const Ufunc& op, DType dtype) {
  if (&op == &k_add && dtype != DType::bool_)
    return visit_dtype(dtype, []<class T>() -> RowFold {
      if constexpr (std::is_same_v<T, bool>)
        return nullptr;
      else
        return &sum_row<T>;
    });
  if (&op == &k_multiply && dtype == DType::float16) return &half_product_row;
  if (dtype == DType::bool_ && &op == &k_logical_and) return &truth_row<true>;
  if (dtype == DType::bool_ && &op == &k_logical_or) return &truth_row<false>;
  const bool max = &op == &k_maximum;
  if (max || &op == &k_minimum)
    return visit_dtype(dtype, [max]<class T>() -> RowFold {
      if constexpr (has_extreme_kernel<T>) return max ? &extreme_row<T, true> : &extreme_row<T, false>;
      return nullptr;
    });
  return nullptr;
}

struct Dimension {
  std::int64_t size, in_step, out_step, mask_step;
};

// Dimensions of the walk, outermost first: by decreasing stride of the input, even neighbours joined.
int plan(const Array& a, const Axes& axes, const Array& out, const Array* mask, Dimension* dims) {
  int n = 0;
  int out_axis = 0;
  for (int d = 0; d < a.ndim; ++d) {
    const bool reduced = axes.holds(d);
    const std::int64_t out_step = reduced ? 0 : out.strides[out_axis];
    if (!reduced) ++out_axis;
    if (a.shape[d] != 1) dims[n++] = {a.shape[d], a.strides[d], out_step, mask ? mask->strides[d] : 0};
  }
  const auto size = [](std::int64_t x) { return x < 0 ? -x : x; };
  std::stable_sort(dims, dims + n,
                   [&](const Dimension& x, const Dimension& y) { return size(x.in_step) > size(y.in_step); });
  int joined = 0;
  for (int d = 0; d < n; ++d) {
    if (joined > 0 && dims[joined - 1].in_step == dims[d].in_step * dims[d].size &&
        dims[joined - 1].out_step == dims[d].out_step * dims[d].size &&
        dims[joined - 1].mask_step == dims[d].mask_step * dims[d].size)
      dims[joined - 1] = {dims[joined - 1].size * dims[d].size, dims[d].in_step, dims[d].out_step, dims[d].mask_step};
    else
      dims[joined++] = dims[d];
  }
  return joined;
}

void fill(const Array& out, const void* element) {
  const auto bytes = static_cast<std::size_t>(out.item_bytes());
  auto* p = out.mutable_items<std::byte>();
  for (std::int64_t i = 0; i < out.size; ++i, p += bytes) std::memcpy(p, element, bytes);
}

// Calls f(first, count) for every run of true among `size` bools, `step` bytes apart: each run is folded by itself.
template <class F>
void for_each_stretch(const bool* keep, std::int64_t step, std::int64_t size, F&& f) {
  for (std::int64_t i = 0; i < size;) {
    while (i < size && !keep[i * step]) ++i;
    const std::int64_t first = i;
    while (i < size && keep[i * step]) ++i;
    if (i > first) f(first, i - first);
  }
}

}  // namespace

bool Axes::holds(int axis) const { return std::find(reduced.begin(), reduced.end(), axis) != reduced.end(); }

namespace {
Axes axes_of(Dims reduced, bool all, std::span<const std::int64_t> shape) {
  Axes out;
  std::sort(reduced.begin(), reduced.end());
  out.reduced = reduced;
  out.all = all;
  for (int d = 0; d < static_cast<int>(shape.size()); ++d) {
    const std::int64_t size = shape[static_cast<std::size_t>(d)];
    if (out.holds(d)) {
      out.kept_shape.push_back(1);
      out.count *= size;
    } else {
      out.kept_shape.push_back(size);
      out.shape.push_back(size);
    }
  }
  return out;
}
}  // namespace

Axes all_axes(std::span<const std::int64_t> shape) {
  Dims every;
  for (std::size_t d = 0; d < shape.size(); ++d) every.push_back(static_cast<std::int64_t>(d));
  return axes_of(every, true, shape);
}

Axes one_axis(int axis, std::span<const std::int64_t> shape) { return axes_of(Dims{axis}, false, shape); }

Axes make_axes(const Value& axis, std::span<const std::int64_t> shape) {
  if (shape.empty() && axis.is(ValueKind::integer) && (axis.i == 0 || axis.i == -1)) return axes_of({}, false, shape);
  const std::optional<Dims> given = to_axes(axis, static_cast<int>(shape.size()));
  return given ? axes_of(*given, false, shape) : all_axes(shape);
}

ArrayRef first_elements(const Array& a, const Axes& axes) {
  Dims strides;
  for (int d = 0; d < a.ndim; ++d)
    if (!axes.holds(d)) strides.push_back(a.strides[d]);
  return copy_of(*Array::view(a.storage(), a.items<std::byte>(), a.type(), axes.shape, strides));
}

ArrayRef all_but_first(const Array& a, const Axes& axes) {
  const ArrayRef mask = Array::make(DType::bool_, a.dims());
  std::fill_n(mask->mutable_items<bool>(), mask->size, true);
  Dims strides;
  for (int d = 0; d < a.ndim; ++d)
    if (!axes.holds(d)) strides.push_back(mask->strides[d]);
  const ArrayRef first = Array::view(mask->storage(), mask->items<std::byte>(), DType::bool_, axes.shape, strides);
  copy_into(*first, *scalar_array<bool>(false));
  return mask;
}

ArrayRef fold(const Ufunc& op, const Array& a, const Axes& axes, const void* start, const Array* mask) {
  if (start == nullptr && axes.count == 0 && element_count(axes.shape) > 0)
    throw_value_error(fmt::format("zero-size array to reduction operation {} which has no identity", op.name));
  const ArrayRef out = start != nullptr || a.size == 0 ? Array::make(a.type(), axes.shape) : first_elements(a, axes);
  if (start != nullptr) fill(*out, start);
  return fold_onto(op, a, axes, out, mask);
}

namespace {

// Calls f(from, into, count, inner) for every stretch of elements that lie along the innermost dimension of the plan.
template <class F>
void for_each_stretch_of(const Array& a, const Array& out, const Array* mask, const Dimension* dims, int n, F&& f) {
  const std::byte* in = a.items<std::byte>();
  auto* to = out.mutable_items<std::byte>();
  const Dimension inner = n > 0 ? dims[n - 1] : Dimension{1, 0, 0, 0};
  const bool* keep = mask != nullptr ? mask->items<bool>() : nullptr;
  const auto stretch = [&](std::int64_t first, std::int64_t count) {
    f(in + first * inner.in_step, to + first * inner.out_step, count, inner);
  };
  std::int64_t index[k_max_dims] = {};
  for (;;) {
    if (keep == nullptr)
      stretch(0, inner.size);
    else
      for_each_stretch(keep, inner.mask_step, inner.size, stretch);
    int d = n - 2;
    for (; d >= 0; --d) {
      in += dims[d].in_step;
      to += dims[d].out_step;
      if (keep != nullptr) keep += dims[d].mask_step;
      if (++index[d] < dims[d].size) break;
      in -= dims[d].in_step * dims[d].size;
      if (keep != nullptr) keep -= dims[d].mask_step * dims[d].size;
      to -= dims[d].out_step * dims[d].size;
      index[d] = 0;
    }
    if (d < 0) return;
  }
}

}  // namespace

ArrayRef fold_onto(const Ufunc& op, const Array& a, const Axes& axes, ArrayRef out, const Array* mask) {
  if (a.size == 0) return out;
  const int at = op.direct[static_cast<std::size_t>(a.type())];
  if (at < 0) throw_type_error(fmt::format("ufunc '{}' has no reduction over {}", op.name, name_of(a.type())));
  const LoopFn loop = op.loops[static_cast<std::size_t>(at)].fn;
  const RowFold row = row_fold(op, a.type());
  Dimension dims[k_max_dims];
  const int n = plan(a, axes, *out, mask, dims);
  for_each_stretch_of(a, *out, mask, dims, n,
                      [&](const std::byte* from, std::byte* into, std::int64_t count, const Dimension& inner) {
                        if (inner.out_step == 0 && row != nullptr) return row(into, from, inner.in_step, count);
                        std::byte* const data[3] = {into, const_cast<std::byte*>(from), into};
                        const std::int64_t steps[3] = {inner.out_step, inner.in_step, inner.out_step};
                        loop(data, steps, count);
                      });
  return out;
}

ArrayRef sum_of(const Array& a, const Axes& axes, DType dtype, const Array* mask) {
  alignas(16) const std::byte zero[16] = {};
  if (const RowFold row = widening_sum(a.type(), dtype); row != nullptr && a.size > 0) {
    const ArrayRef out = Array::make(dtype, axes.shape);
    fill(*out, zero);
    Dimension dims[k_max_dims];
    const int n = plan(a, axes, *out, mask, dims);
    if (n > 0 && dims[n - 1].out_step == 0) {
      for_each_stretch_of(a, *out, mask, dims, n,
                          [row](const std::byte* from, std::byte* into, std::int64_t count, const Dimension& inner) {
                            row(into, from, inner.in_step, count);
                          });
      return out;
    }
  }
  const ArrayRef converted = a.type() == dtype ? ref_of(a) : cast(a, dtype);
  return fold(k_add, *converted, axes, zero, mask);
}

ArrayRef with_shape(const ArrayRef& a, std::span<const std::int64_t> shape) {
  const ArrayRef whole = contiguous_copy_if_needed(*a);
  Dims strides(static_cast<int>(shape.size()), 0);
  std::int64_t step = whole->item_bytes();
  for (int d = strides.size() - 1; d >= 0; --d) {
    strides[d] = step;
    step *= std::max<std::int64_t>(shape[static_cast<std::size_t>(d)], 1);
  }
  return Array::view(whole->storage(), whole->items<std::byte>(), whole->type(), shape, strides);
}

ArrayRef masked(const Array& a, const Array& mask, const void* filler) {
  const ArrayRef out = copy_of(a);
  const ArrayRef keep = contiguous_as(*broadcast_view(mask, a.dims()), DType::bool_);
  const bool* k = keep->items<bool>();
  visit_dtype(a.type(), [&]<class T>() {
    T instead;
    std::memcpy(&instead, filler, sizeof instead);
    T* p = out->mutable_items<T>();
    for (std::int64_t i = 0; i < a.size; ++i)
      if (!k[i]) p[i] = instead;
  });
  return out;
}

ArrayRef reordered(const Array& a, std::span<const std::int64_t> order) {
  Dims shape, strides;
  for (const std::int64_t d : order) {
    shape.push_back(a.shape[d]);
    strides.push_back(a.strides[d]);
  }
  return Array::view(a.storage(), a.items<std::byte>(), a.type(), shape, strides);
}

ArrayRef lanes_last(const Array& a, const Axes& axes, DType dtype) {
  Dims order;
  for (int d = 0; d < a.ndim; ++d)
    if (!axes.holds(d)) order.push_back(d);
  for (const std::int64_t d : axes.reduced) order.push_back(d);
  Dims shape = axes.shape;
  shape.push_back(axes.count);
  return with_shape(cast(*reordered(a, order), dtype), shape);
}

}  // namespace flopscope::ufunc
