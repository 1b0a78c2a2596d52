// SPDX-License-Identifier: MIT
#include <cmath>
#include <utility>
#include <whest/ground_truth/totals.hpp>

namespace whest::ground_truth {

Fixed to_fixed(double x) {
  int exponent = 0;
  const double fraction = std::frexp(x, &exponent);  // x = fraction 2^exponent, 0.5 <= |fraction| < 1
  const auto mantissa = static_cast<std::int64_t>(std::ldexp(fraction, 53));
  const int shift = exponent - 53 + 64;
  if (shift >= 0) return static_cast<Fixed>(mantissa) * (static_cast<Fixed>(1) << shift);
  if (shift < -54) return 0;
  return static_cast<Fixed>(std::nearbyint(std::ldexp(static_cast<double>(mantissa), shift)));
}

double from_fixed(Fixed x) { return std::ldexp(static_cast<double>(x), -64); }

bool ExactTotals::add(std::span<const double> values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!(std::abs(values[i]) < k_fixed_limit)) return false;
    Fixed sum = 0;
    if (__builtin_add_overflow(m_cells[i], to_fixed(values[i]), &sum)) return false;
  }
  for (std::size_t i = 0; i < values.size(); ++i) m_cells[i] += to_fixed(values[i]);
  return true;
}

void OrderedTotals::add(std::int64_t chunk, std::vector<double> values) {
  m_waiting.emplace(chunk, std::move(values));
  for (auto next = m_waiting.find(m_next); next != m_waiting.end(); next = m_waiting.find(m_next)) {
    for (std::size_t i = 0; i < m_cells.size(); ++i) m_cells[i] += next->second[i];
    m_waiting.erase(next);
    ++m_next;
  }
}

}  // namespace whest::ground_truth
