// SPDX-License-Identifier: MIT
// Permutation groups: construction, elements, membership and orbits. Stabilisers are in group_algebra.cpp.
#include <algorithm>
#include <numeric>
#include <whest/flopscope/symmetry/group.hpp>
#include <whest/flopscope/symmetry/group_data.hpp>

namespace flopscope::symmetry {
namespace {

std::vector<int> find_orbits(int degree, std::span<const Permutation> generators) {
  std::vector<int> root(static_cast<std::size_t>(degree));
  std::iota(root.begin(), root.end(), 0);
  const auto find = [&](int i) {
    while (root[static_cast<std::size_t>(i)] != i) i = root[static_cast<std::size_t>(i)];
    return i;
  };
  for (const Permutation& g : generators)
    for (int i = 0; i < degree; ++i) {
      const int a = find(i), b = find(g[static_cast<std::size_t>(i)]);
      root[static_cast<std::size_t>(std::max(a, b))] = std::min(a, b);
    }
  for (int i = 0; i < degree; ++i) root[static_cast<std::size_t>(i)] = find(i);
  return root;
}

std::int64_t saturating_factorial(std::size_t n, std::int64_t start) {
  Count product = start;
  for (std::size_t i = 2; i <= n; ++i) product = std::min<Count>(k_most_order, product * static_cast<Count>(i));
  return static_cast<std::int64_t>(product);
}

std::shared_ptr<Group::Data> make_data(int degree, std::vector<Permutation> generators) {
  auto data = std::make_shared<Group::Data>();
  data->degree = degree;
  std::erase_if(generators, [](const Permutation& g) { return is_identity(g); });
  data->generators = std::move(generators);
  const std::vector<int> root = find_orbits(degree, data->generators);
  data->orbit_of.assign(static_cast<std::size_t>(degree), 0);
  for (int i = 0; i < degree; ++i) {
    const auto at = static_cast<std::size_t>(i);
    if (root[at] == i) {
      data->orbit_of[at] = static_cast<int>(data->orbits.size());
      data->orbits.push_back({i});
    } else {
      data->orbit_of[at] = data->orbit_of[static_cast<std::size_t>(root[at])];
      data->orbits[static_cast<std::size_t>(data->orbit_of[at])].push_back(i);
    }
  }
  data->young = std::ranges::all_of(data->generators, [](const Permutation& g) { return is_transposition(g); });
  std::int64_t young_order = 1;
  for (const auto& orbit : data->orbits) young_order = saturating_factorial(orbit.size(), young_order);
  if (data->young) {
    data->order = young_order;
  } else {
    data->chain.emplace(degree, data->generators, std::span<const int>{});
    data->order = data->chain->order();
    data->young = data->order == young_order && young_order < k_most_order;
  }
  return data;
}

}  // namespace

Group::Group(int degree, std::vector<Permutation> generators) : m_data(make_data(degree, std::move(generators))) {}

Group Group::trivial(int degree) { return {degree, {}}; }

Group Group::symmetric(int degree) {
  std::vector<int> points(static_cast<std::size_t>(degree));
  std::iota(points.begin(), points.end(), 0);
  return young(degree, std::span(&points, 1));
}

Group Group::young(int degree, std::span<const std::vector<int>> blocks) {
  std::vector<Permutation> generators;
  for (const auto& block : blocks)
    for (std::size_t i = 0; i + 1 < block.size(); ++i) {
      Permutation g = identity_permutation(degree);
      std::swap(g[static_cast<std::size_t>(block[i])], g[static_cast<std::size_t>(block[i + 1])]);
      generators.push_back(std::move(g));
    }
  return {degree, std::move(generators)};
}

int Group::degree() const { return m_data->degree; }
std::span<const Permutation> Group::generators() const { return m_data->generators; }
std::int64_t Group::order() const { return m_data->order; }
const std::vector<std::vector<int>>& Group::orbits() const { return m_data->orbits; }
const std::vector<int>& Group::orbit_of() const { return m_data->orbit_of; }
bool Group::is_young() const { return m_data->young; }
bool Group::is_full_symmetric() const { return m_data->young && m_data->orbits.size() <= 1; }

bool Group::is_abelian() const {
  const auto& gens = m_data->generators;
  for (std::size_t i = 0; i < gens.size(); ++i)
    for (std::size_t j = i + 1; j < gens.size(); ++j)
      if (compose(gens[i], gens[j]) != compose(gens[j], gens[i])) return false;
  return true;
}

const StabilizerChain& Group::Data::chain_of() {
  const std::scoped_lock lock(mutex);
  if (!chain) chain.emplace(degree, generators, std::span<const int>{});
  return *chain;
}

const ElementList& Group::elements() const {
  const StabilizerChain& chain = m_data->chain_of();
  const std::scoped_lock lock(m_data->mutex);
  if (!m_data->elements) m_data->elements.emplace(m_data->degree, chain.sorted_elements());
  return *m_data->elements;
}

const std::vector<Permutation>& Group::sorted_generators() const {
  if (!is_listable()) return m_data->generators;
  const ElementList& all = elements();
  const std::scoped_lock lock(m_data->mutex);
  if (!m_data->sorted_generators) {
    std::vector<Permutation> chosen;
    StabilizerChain so_far(m_data->degree, {}, {});
    for (std::size_t i = 1; i < all.size() && so_far.order() < m_data->order; ++i)
      if (!so_far.contains(all[i])) {
        chosen.emplace_back(all[i].begin(), all[i].end());
        so_far.add(chosen.back());
      }
    m_data->sorted_generators = std::move(chosen);
  }
  return *m_data->sorted_generators;
}

bool Group::contains(Image p) const {
  if (p.size() != static_cast<std::size_t>(m_data->degree)) return false;
  if (m_data->young) {
    for (std::size_t i = 0; i < p.size(); ++i)
      if (m_data->orbit_of[i] != m_data->orbit_of[p[i]]) return false;
    return true;
  }
  return m_data->chain_of().contains(p);
}

bool Group::is_subgroup_of(const Group& other) const {
  return degree() == other.degree() &&
         std::ranges::all_of(generators(), [&](const Permutation& g) { return other.contains(g); });
}

bool operator==(const Group& a, const Group& b) {
  if (a.m_data == b.m_data) return true;
  return a.order() == b.order() && a.is_subgroup_of(b) && b.is_subgroup_of(a);
}

}  // namespace flopscope::symmetry
