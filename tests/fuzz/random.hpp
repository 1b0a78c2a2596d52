// SPDX-License-Identifier: MIT
// The fuzzer's source of chance: the same numbers for a seed on every machine.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <random>
#include <vector>

namespace whest::fuzz {

class Random {
 public:
  explicit Random(std::uint64_t seed) : m_engine(seed) {}
  std::int64_t below(std::int64_t n) { return static_cast<std::int64_t>(m_engine() % static_cast<std::uint64_t>(n)); }
  std::int64_t between(std::int64_t low, std::int64_t high) { return low + below(high - low + 1); }  // both included
  bool one_in(std::int64_t n) { return below(n) == 0; }
  template <class T>
  const T& of(const std::vector<T>& list) {
    return list[static_cast<std::size_t>(below(static_cast<std::int64_t>(list.size())))];
  }
  template <class T>
  T of(std::initializer_list<T> list) {
    return list.begin()[below(static_cast<std::int64_t>(list.size()))];
  }

 private:
  std::mt19937_64 m_engine;
};

}  // namespace whest::fuzz
