// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <whest/flopscope/core/dims.hpp>

namespace flopscope {

std::int64_t element_count(std::span<const std::int64_t> shape) {
  std::int64_t n = 1;
  bool overflow = false;
  for (const std::int64_t d : shape) {
    if (d == 0) return 0;
    overflow |= __builtin_mul_overflow(n, d, &n);
  }
  if (overflow) throw_value_error("array is too big; its number of elements passes 2**63");
  return n;
}

std::string shape_text(std::span<const std::int64_t> shape) {
  if (shape.size() == 1) return fmt::format("({},)", shape[0]);
  return fmt::format("({})", fmt::join(shape.begin(), shape.end(), ", "));
}

Dims broadcast(std::span<const std::int64_t> a, std::span<const std::int64_t> b) {
  const std::size_t n = std::max(a.size(), b.size());
  Dims out(static_cast<int>(n), 1);
  for (std::size_t i = 0; i < n; ++i) {
    const std::int64_t x = i < a.size() ? a[a.size() - 1 - i] : 1;
    const std::int64_t y = i < b.size() ? b[b.size() - 1 - i] : 1;
    if (x != y && x != 1 && y != 1)
      throw_value_error(
          fmt::format("operands could not be broadcast together with shapes {} {} ", shape_text(a), shape_text(b)));
    out[static_cast<int>(n - 1 - i)] = x == 1 ? y : x;
  }
  return out;
}

int normalize_axis(std::int64_t axis, int ndim) {
  if (axis < -ndim || axis >= ndim)
    throw Error(ErrorKind::axis_error, fmt::format("axis {} is out of bounds for array of dimension {}", axis, ndim));
  return static_cast<int>(axis < 0 ? axis + ndim : axis);
}

}  // namespace flopscope
