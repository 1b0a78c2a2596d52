// SPDX-License-Identifier: MIT
// Permutations and the few numbers of combinatorics that orbit counting needs.
#include <algorithm>
#include <numeric>
#include <whest/flopscope/symmetry/permutation.hpp>

namespace flopscope::symmetry {

Permutation identity_permutation(int degree) {
  Permutation p(static_cast<std::size_t>(degree));
  std::iota(p.begin(), p.end(), std::uint8_t{0});
  return p;
}

bool is_identity(Image p) {
  for (std::size_t i = 0; i < p.size(); ++i)
    if (p[i] != i) return false;
  return true;
}

Permutation compose(Image a, Image b) {
  Permutation c(b.size());
  for (std::size_t i = 0; i < b.size(); ++i) c[i] = a[b[i]];
  return c;
}

Permutation inverse(Image p) {
  Permutation q(p.size());
  for (std::size_t i = 0; i < p.size(); ++i) q[p[i]] = static_cast<std::uint8_t>(i);
  return q;
}

bool is_transposition(Image p) {
  std::size_t moved = 0;
  for (std::size_t i = 0; i < p.size(); ++i) moved += p[i] != i;
  return moved == 2;
}

Count binomial(Count n, int k) {
  if (n < k) return 0;
  Count result = 1;
  for (int i = 1; i <= k; ++i) result = result * (n - k + i) / i;
  return result;
}

Count multisets(Count n, int k) { return k == 0 ? 1 : binomial(n + k - 1, k); }

Count bell_number(int n) {
  constexpr Count k_cap = 1'000'000'000'000'000'000;
  std::vector<Count> row{1};  // the Bell triangle
  for (int i = 0; i < n; ++i) {
    std::vector<Count> next{row.back()};
    for (const Count entry : row) next.push_back(std::min(k_cap, next.back() + entry));
    row = std::move(next);
  }
  return row.front();
}

}  // namespace flopscope::symmetry
