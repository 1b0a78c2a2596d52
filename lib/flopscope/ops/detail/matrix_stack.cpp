// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <whest/flopscope/ops/detail/matrix_stack.hpp>

namespace flopscope::linalg {

StackShape stack_shape(const Array& a) {
  if (a.ndim < 2)
    throw_lin_alg_error(fmt::format("{}-dimensional array given. Array must be at least two-dimensional", int{a.ndim}));
  StackShape s{.batch = Dims(a.dims().first(static_cast<std::size_t>(a.ndim - 2))),
               .m = a.shape[a.ndim - 2],
               .n = a.shape[a.ndim - 1]};
  s.count = element_count(s.batch);
  return s;
}

StackShape square_stack_shape(const Array& a) {
  const StackShape s = stack_shape(a);
  if (s.m != s.n) throw_lin_alg_error("Last 2 dimensions of the array must be square");
  return s;
}

PriceInput price_of_stack(const StackShape& shape) {
  PriceInput p;
  p.m = static_cast<double>(shape.m);
  p.n = static_cast<double>(shape.n);
  p.k = std::min(p.m, p.n);
  p.in = p.m * p.n * static_cast<double>(shape.count);
  p.batch = p.in == 0 ? 0 : static_cast<double>(shape.count);
  return p;
}

DType result_dtype(DType a) {
  if (a == DType::float16) throw_type_error("array type float16 is unsupported in linalg");
  return is_floating(a) ? a : DType::float64;
}

DType result_dtype(DType a, DType b) { return promote(result_dtype(a), result_dtype(b)); }

Dims joined(std::span<const std::int64_t> batch, std::initializer_list<std::int64_t> core) {
  Dims out(batch);
  for (const std::int64_t d : core) out.push_back(d);
  return out;
}

lapack::Index lapack_index(std::int64_t n) {
  if (n > std::numeric_limits<lapack::Index>::max()) throw_value_error("too many rows or columns for LAPACK");
  return static_cast<lapack::Index>(n);
}

}  // namespace flopscope::linalg
