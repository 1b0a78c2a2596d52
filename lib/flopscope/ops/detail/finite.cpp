// SPDX-License-Identifier: MIT
#include <algorithm>
#include <bit>
#include <whest/flopscope/ops/detail/finite.hpp>

namespace flopscope::detail {
namespace {

// `Bits` is an integer of the size of T, so that the loop runs in vectors.
template <class T, class Bits>
bool all_finite(const T* x, std::int64_t n) {
  Bits bad = 0;
  for (std::int64_t i = 0; i < n; ++i) bad |= static_cast<Bits>(x[i] - x[i] != 0);
  return bad == 0;
}
bool all_finite(const Half* x, std::int64_t n) {
  return std::all_of(x, x + n, [](Half h) { return (std::bit_cast<std::uint16_t>(h) & 0x7c00U) != 0x7c00U; });
}

}  // namespace

bool all_finite(const Array& a) {
  const ArrayRef plain = contiguous_copy_if_needed(a);
  switch (a.type()) {
    case DType::float16:
      return all_finite(plain->items<Half>(), plain->size);
    case DType::float32:
      return all_finite<float, std::int32_t>(plain->items<float>(), plain->size);
    case DType::float64:
      return all_finite<double, std::int64_t>(plain->items<double>(), plain->size);
    case DType::complex64:
      return all_finite<float, std::int32_t>(plain->items<float>(), 2 * plain->size);
    case DType::complex128:
      return all_finite<double, std::int64_t>(plain->items<double>(), 2 * plain->size);
    default:
      return true;
  }
}

}  // namespace flopscope::detail
