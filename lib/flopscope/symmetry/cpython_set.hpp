// SPDX-License-Identifier: MIT
// In what order CPython iterates over a set of small integers. opt_einsum's branch search rates pairs in that order,
// and the order decides which paths it prunes (B.6).
#pragma once

#include <cstddef>
#include <vector>

namespace flopscope::symmetry {

// frozenset(range(n)), then repeatedly `(s - {i, j}) | {k}`.
class CpythonIntSet {
 public:
  static CpythonIntSet range(int n) {
    CpythonIntSet set;
    for (int i = 0; i < n; ++i) set.add(i);
    return set;
  }

  // (this - {i, j}) | {k}
  CpythonIntSet replaced(int i, int j, int k) const {
    CpythonIntSet joined = copy_of(without(i, j));
    joined.reserve_for_merge(1);
    joined.add(k);
    return joined;
  }

  std::vector<int> values() const {
    std::vector<int> list;
    for (const int entry : m_table)
      if (entry >= 0) list.push_back(entry);
    return list;
  }

 private:
  static constexpr int k_empty = -1, k_removed = -2;
  static constexpr std::size_t k_linear_probes = 9;

  // set_difference: a copy with holes where this is much the larger, else the survivors one by one.
  CpythonIntSet without(int i, int j) const {
    if (m_used >> 2 > 2) {
      CpythonIntSet set = copy_of(*this);
      for (int& entry : set.m_table)
        if (entry == i || entry == j) {
          entry = k_removed;
          --set.m_used;
        }
      return set;
    }
    CpythonIntSet set;
    for (const int entry : m_table)
      if (entry >= 0 && entry != i && entry != j) set.add(entry);
    return set;
  }

  // set_merge into an empty set.
  static CpythonIntSet copy_of(const CpythonIntSet& other) {
    CpythonIntSet set;
    set.reserve_for_merge(other.m_used);
    if (set.m_table.size() == other.m_table.size() && other.m_fill == other.m_used) {
      set = other;
      return set;
    }
    for (const int entry : other.m_table)
      if (entry >= 0) set.insert(entry);
    set.m_fill = set.m_used = other.m_used;
    return set;
  }

  void reserve_for_merge(std::size_t more) {
    if ((m_fill + more) * 5 >= (m_table.size() - 1) * 3) resize((m_used + more) * 2);
  }

  void add(int value) {
    insert(value);
    ++m_used;
    ++m_fill;
    if (m_fill * 5 >= (m_table.size() - 1) * 3) resize(m_used * 4);
  }

  void resize(std::size_t at_least) {
    std::size_t size = 8;
    while (size <= at_least) size <<= 1;
    const std::vector<int> old = std::move(m_table);
    m_table.assign(size, k_empty);
    for (const int entry : old)
      if (entry >= 0) insert(entry);
    m_fill = m_used;
  }

  // The slot is the number modulo the table, then up to nine neighbours, then the perturbed jump.
  void insert(int value) {
    const std::size_t mask = m_table.size() - 1;
    std::size_t perturb = static_cast<std::size_t>(value);
    std::size_t slot = perturb & mask;
    for (;;) {
      const std::size_t last = slot + k_linear_probes <= mask ? slot + k_linear_probes : slot;
      for (std::size_t i = slot; i <= last; ++i)
        if (m_table[i] == k_empty) {
          m_table[i] = value;
          return;
        }
      perturb >>= 5;
      slot = (slot * 5 + 1 + perturb) & mask;
    }
  }

  std::vector<int> m_table = std::vector<int>(8, k_empty);
  std::size_t m_used = 0, m_fill = 0;
};

}  // namespace flopscope::symmetry
