// SPDX-License-Identifier: MIT
// Kerdock's sets of mutually unbiased bases in R^n, n = 4^k: n / 2 + 1 orthonormal bases, vectors of different bases at
// inner products +-1 / sqrt(n). With their negatives the n (n + 2) vectors are a spherical 5-design (all moments up to
// the fifth are the sphere's). Calderbank, Cameron, Kantor, Seidel, "Z4-Kerdock codes, orthogonal spreads, and extremal
// Euclidean line-sets", 1997.
#pragma once

#include <cstdint>
#include <vector>

namespace whest::ground_truth {

// n = 4, 16, 64, 256, 1024 or 4096.
bool is_kerdock_width(std::int64_t n);

class KerdockSet {
 public:
  explicit KerdockSet(std::int64_t n);

  std::int64_t bases() const { return m_n / 2 + 1; }

  // Vector b of basis s < n / 2 is (-1)^(sign(s, v) + b . v) / sqrt(n), v = 0..n-1; the last basis is the axes.
  // Signs as 0 or 1: of the quadratic form of basis s, and of the Hadamard matrix.
  const std::uint8_t* form_signs(std::int64_t basis) const { return m_forms.data() + basis * m_n; }
  const std::uint8_t* hadamard_signs(std::int64_t b) const { return m_hadamard.data() + b * m_n; }

 private:
  std::int64_t m_n;
  std::vector<std::uint8_t> m_forms;     // (n / 2) x n
  std::vector<std::uint8_t> m_hadamard;  // n x n
};

}  // namespace whest::ground_truth
