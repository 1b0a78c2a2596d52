// SPDX-License-Identifier: MIT
// An array as text, as NumPy prints it but for the padding: std::cout << x.
#pragma once

#include <flopscope/ndarray.hpp>
#include <ostream>

namespace flopscope::numpy {

namespace detail {

inline void write_element(std::ostream& out, const flopscope_array& a, const std::byte* at) {
  const auto type = static_cast<dtype>(a.dtype);
  if (type == dtype::complex64 || type == dtype::complex128)
    out << read_item<std::complex<double>>(type, at);
  else if (type == dtype::bool_)
    out << (read_item<bool>(type, at) ? "True" : "False");
  else if (type == dtype::uint64)
    out << read_item<std::uint64_t>(type, at);
  else if (type < dtype::float16)
    out << read_item<std::int64_t>(type, at);
  else
    out << read_item<double>(type, at);
}

// From axis `d` on. Long axes show their ends.
inline void write_axis(std::ostream& out, const flopscope_array& a, const std::byte* at, int d) {
  if (d == a.ndim) {
    write_element(out, a, at);
    return;
  }
  constexpr std::int64_t k_long = 1000, k_ends = 3;
  out << '[';
  for (std::int64_t i = 0; i < a.shape[d]; ++i) {
    if (i > 0) out << (d + 1 == a.ndim ? ' ' : '\n');
    if (i > 0 && d + 1 < a.ndim)
      for (int k = 0; k <= d; ++k) out << ' ';
    if (a.size > k_long && a.shape[d] > 2 * k_ends && i == k_ends) {
      out << "...";
      i = a.shape[d] - k_ends - 1;
      continue;
    }
    write_axis(out, a, at + i * a.strides[d], d + 1);
  }
  out << ']';
}

}  // namespace detail

inline std::ostream& operator<<(std::ostream& out, const ndarray& a) {
  detail::write_axis(out, a.head(), static_cast<const std::byte*>(a.head().data), 0);
  return out;
}

}  // namespace flopscope::numpy
