// SPDX-License-Identifier: MIT
// Sums over chunks. A chunk's own sums are doubles, rows ascending; the sum of the chunks is either exact in fixed
// point (then no order, slice or thread can show in it) or the peers' running double in chunk order.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

namespace whest::ground_truth {

// 128-bit fixed point, 64 bits behind the point: chunk sums up to 2^62 enter rounded to 2^-64 and are added exactly.
using Fixed = __int128;
inline constexpr double k_fixed_limit = 0x1p62;

// Nearest multiple of 2^-64, ties to even; |x| < k_fixed_limit.
Fixed to_fixed(double x);
double from_fixed(Fixed x);

class ExactTotals {
 public:
  // `cells` numbers, all zero.
  explicit ExactTotals(std::size_t cells) : m_cells(cells) {}

  // False, and nothing added, when a value is not finite or too large, or a total would leave its range.
  bool add(std::span<const double> values);

  double value(std::size_t cell) const { return from_fixed(m_cells[cell]); }
  std::size_t size() const { return m_cells.size(); }
  std::span<Fixed> cells() { return m_cells; }
  std::span<const Fixed> cells() const { return m_cells; }

 private:
  std::vector<Fixed> m_cells;
};

// Running doubles: chunks are added in the order of their index, whatever the order in which they come.
class OrderedTotals {
 public:
  explicit OrderedTotals(std::size_t cells) : m_cells(cells) {}

  void add(std::int64_t chunk, std::vector<double> values);

  double value(std::size_t cell) const { return m_cells[cell]; }
  std::span<const double> cells() const { return m_cells; }
  // Goes on with chunk `next`.
  void restore(std::int64_t next, std::vector<double> cells) {
    m_next = next;
    m_cells = std::move(cells);
  }

 private:
  std::vector<double> m_cells;
  std::int64_t m_next = 0;
  std::map<std::int64_t, std::vector<double>> m_waiting;
};

}  // namespace whest::ground_truth
