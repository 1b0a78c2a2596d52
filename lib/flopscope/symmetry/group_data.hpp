// SPDX-License-Identifier: MIT
// What a Group keeps: its generators, its stabiliser chain, and what has been computed from them. Private to this room.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <mutex>
#include <optional>
#include <vector>
#include <whest/flopscope/symmetry/group.hpp>

namespace flopscope::symmetry {

// Where the number of elements saturates.
inline constexpr std::int64_t k_most_order = std::numeric_limits<std::int64_t>::max();

// A base and strong generating set: level i holds the group that fixes the base points before it.
class StabilizerChain {
 public:
  // The base is `first` followed by the other points in ascending order.
  StabilizerChain(int degree, std::span<const Permutation> generators, std::span<const int> first);
  void add(const Permutation& g) { add(0, g); }
  std::int64_t order() const;  // saturates at k_most_order
  bool contains(Image p) const;
  // Generators of the group that fixes the first `count` base points.
  std::vector<Permutation> stabilizer_generators(std::size_t count) const;
  // The images of all elements, ascending (the base must be 0, 1, 2, ...).
  std::vector<std::uint8_t> sorted_elements() const;

 private:
  struct Level {
    int base = 0;
    std::vector<Permutation> generators;
    std::vector<int> orbit;
    std::vector<Permutation> transversal;  // by point; maps the base point to it; empty: not in the orbit
    std::vector<Permutation> undo;         // the inverses of transversal
  };
  void add(std::size_t level, const Permutation& g);
  bool contains_from(std::size_t level, Permutation p) const;
  void visit(std::size_t level, Permutation& product, std::vector<std::uint8_t>& out) const;

  int m_degree;
  std::vector<Level> m_levels;
};

struct Group::Data {
  int degree = 0;
  std::vector<Permutation> generators;
  std::int64_t order = 1;
  bool young = false;
  std::vector<std::vector<int>> orbits;
  std::vector<int> orbit_of;

  std::mutex mutex;  // guards what follows, all computed on first use
  std::optional<StabilizerChain> chain;
  std::optional<ElementList> elements;
  std::optional<std::vector<Permutation>> sorted_generators;
  // How many elements have so many cycles in each orbit of points.
  std::optional<std::map<std::vector<int>, std::int64_t>> cycle_index;

  const StabilizerChain& chain_of();
};

}  // namespace flopscope::symmetry
