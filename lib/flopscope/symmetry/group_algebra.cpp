// SPDX-License-Identifier: MIT
// Groups made from groups: stabilisers, restriction, intersection; and orbits on a grid. Young groups are split by
// blocks and never listed; other groups are listed up to the limit, and beyond it a subgroup that is certain is given.
#include <algorithm>
#include <map>
#include <whest/flopscope/symmetry/group_data.hpp>

namespace flopscope::symmetry {
namespace {

std::vector<bool> mask_of(std::span<const int> points, int degree) {
  std::vector<bool> mask(static_cast<std::size_t>(degree), false);
  for (const int p : points) mask[static_cast<std::size_t>(p)] = true;
  return mask;
}

// The blocks of a Young group, each split by a class given for every point.
Group split_young(const Group& g, const std::vector<int>& point_class) {
  std::map<std::pair<int, int>, std::vector<int>> blocks;
  for (int i = 0; i < g.degree(); ++i) {
    const auto at = static_cast<std::size_t>(i);
    blocks[{g.orbit_of()[at], point_class[at]}].push_back(i);
  }
  std::vector<std::vector<int>> list;
  for (auto& [key, block] : blocks) list.push_back(std::move(block));
  return Group::young(g.degree(), list);
}

// The subgroup of a listable group whose elements satisfy `keep`, by its greedy generators.
template <class Keep>
Group filtered(const Group& g, Keep keep) {
  const ElementList& all = g.elements();
  std::vector<Permutation> chosen;
  StabilizerChain so_far(g.degree(), {}, {});
  for (std::size_t i = 1; i < all.size(); ++i)
    if (keep(all[i]) && !so_far.contains(all[i])) {
      chosen.emplace_back(all[i].begin(), all[i].end());
      so_far.add(chosen.back());
    }
  return {g.degree(), std::move(chosen)};
}

}  // namespace

Group Group::pointwise_stabilizer(std::span<const int> points) const {
  if (is_trivial() || points.empty()) return *this;
  if (is_young()) {
    std::vector<int> point_class(static_cast<std::size_t>(degree()), -1);
    for (const int p : points) point_class[static_cast<std::size_t>(p)] = p;
    return split_young(*this, point_class);
  }
  const StabilizerChain chain(degree(), generators(), points);
  return {degree(), chain.stabilizer_generators(points.size())};
}

Group Group::setwise_stabilizer(std::span<const int> points) const {
  if (is_trivial()) return *this;
  const std::vector<bool> in = mask_of(points, degree());
  const auto keeps = [&](Image p) {
    for (std::size_t i = 0; i < p.size(); ++i)
      if (in[i] != in[p[i]]) return false;
    return true;
  };
  if (std::ranges::all_of(generators(), keeps)) return *this;
  if (is_young()) return split_young(*this, std::vector<int>(in.begin(), in.end()));
  if (is_listable()) return filtered(*this, keeps);
  Group fixed = pointwise_stabilizer(points);
  std::vector<Permutation> kept(fixed.generators().begin(), fixed.generators().end());
  std::ranges::copy_if(generators(), std::back_inserter(kept), keeps);
  return {degree(), std::move(kept)};
}

Group Group::restricted_to(std::span<const int> points) const {
  std::vector<int> place(static_cast<std::size_t>(degree()), -1);
  for (std::size_t i = 0; i < points.size(); ++i) place[static_cast<std::size_t>(points[i])] = static_cast<int>(i);
  std::vector<Permutation> restricted;
  for (const Permutation& g : generators()) {
    Permutation r(points.size());
    for (std::size_t i = 0; i < points.size(); ++i)
      r[i] = static_cast<std::uint8_t>(place[g[static_cast<std::size_t>(points[i])]]);
    restricted.push_back(std::move(r));
  }
  return {static_cast<int>(points.size()), std::move(restricted)};
}

Group Group::embedded(std::span<const int> target, int new_degree) const {
  std::vector<Permutation> moved;
  for (const Permutation& g : generators()) {
    Permutation m = identity_permutation(new_degree);
    for (std::size_t i = 0; i < target.size(); ++i)
      m[static_cast<std::size_t>(target[i])] = static_cast<std::uint8_t>(target[g[i]]);
    moved.push_back(std::move(m));
  }
  return {new_degree, std::move(moved)};
}

Group Group::intersection(const Group& other) const {
  if (is_subgroup_of(other)) return *this;
  if (other.is_subgroup_of(*this)) return other;
  if (other.is_young() && is_young()) return split_young(*this, other.orbit_of());
  if (is_listable() && (!other.is_listable() || order() <= other.order()))
    return filtered(*this, [&](Image p) { return other.contains(p); });
  if (other.is_listable()) return filtered(other, [&](Image p) { return contains(p); });
  std::vector<Permutation> shared;
  std::ranges::copy_if(generators(), std::back_inserter(shared),
                       [&](const Permutation& g) { return other.contains(g); });
  std::ranges::copy_if(other.generators(), std::back_inserter(shared),
                       [&](const Permutation& g) { return contains(g); });
  return {degree(), std::move(shared)};
}

std::optional<Count> Group::grid_orbits(std::span<const std::int64_t> sizes) const {
  Count product = 1;
  if (is_young()) {
    for (const auto& orbit : orbits())
      product *= multisets(sizes[static_cast<std::size_t>(orbit.front())], static_cast<int>(orbit.size()));
    return product;
  }
  if (!is_listable()) return std::nullopt;
  const ElementList& all = elements();
  const std::scoped_lock lock(m_data->mutex);
  if (!m_data->cycle_index) {
    std::map<std::vector<int>, std::int64_t> index;
    std::vector<int> cycles(orbits().size());
    std::vector<bool> seen(static_cast<std::size_t>(degree()));
    for (std::size_t e = 0; e < all.size(); ++e) {
      const Image p = all[e];
      std::ranges::fill(cycles, 0);
      seen.assign(seen.size(), false);
      for (std::size_t i = 0; i < p.size(); ++i) {
        if (seen[i]) continue;
        ++cycles[static_cast<std::size_t>(orbit_of()[i])];
        for (std::size_t j = i; !seen[j]; j = p[j]) seen[j] = true;
      }
      ++index[cycles];
    }
    m_data->cycle_index = std::move(index);
  }
  Count total = 0;
  for (const auto& [cycles, elements_of_type] : *m_data->cycle_index) {
    product = elements_of_type;
    for (std::size_t o = 0; o < cycles.size(); ++o)
      for (int c = 0; c < cycles[o]; ++c) product *= sizes[static_cast<std::size_t>(orbits()[o].front())];
    total += product;
  }
  return total / order();
}

}  // namespace flopscope::symmetry
