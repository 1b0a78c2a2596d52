// SPDX-License-Identifier: MIT
// The Schreier-Sims stabiliser chain: order, membership and stabilisers in time polynomial in the degree.
#include <algorithm>
#include <numeric>
#include <whest/flopscope/symmetry/group_data.hpp>

namespace flopscope::symmetry {

StabilizerChain::StabilizerChain(int degree, std::span<const Permutation> generators, std::span<const int> first)
    : m_degree(degree) {
  std::vector<int> base(first.begin(), first.end());
  for (int i = 0; i < degree; ++i)
    if (std::ranges::find(first, i) == first.end()) base.push_back(i);
  m_levels.resize(base.size());
  for (std::size_t i = 0; i < base.size(); ++i) {
    Level& level = m_levels[i];
    level.base = base[i];
    level.orbit = {base[i]};
    level.transversal.resize(static_cast<std::size_t>(degree));
    level.transversal[static_cast<std::size_t>(base[i])] = identity_permutation(degree);
    level.undo = level.transversal;
  }
  for (const Permutation& g : generators) add(0, g);
}

bool StabilizerChain::contains_from(std::size_t level, Permutation p) const {
  for (std::size_t i = level; i < m_levels.size(); ++i) {
    const int image = p[static_cast<std::size_t>(m_levels[i].base)];
    if (image == m_levels[i].base) continue;
    const Permutation& undo = m_levels[i].undo[static_cast<std::size_t>(image)];
    if (undo.empty()) return false;
    for (std::uint8_t& entry : p) entry = undo[entry];
  }
  return is_identity(p);
}

bool StabilizerChain::contains(Image p) const { return contains_from(0, Permutation(p.begin(), p.end())); }

// `g` fixes the base points before `at`. Every pair of an orbit point and a generator not seen before either reaches a
// new point or yields a Schreier generator of the next level.
void StabilizerChain::add(std::size_t at, const Permutation& g) {
  if (at >= m_levels.size() || contains_from(at, g)) return;
  Level& level = m_levels[at];
  level.generators.push_back(g);
  const std::size_t seen_points = level.orbit.size();
  for (std::size_t i = 0; i < level.orbit.size(); ++i) {
    const std::size_t first = i < seen_points ? level.generators.size() - 1 : 0;
    for (std::size_t k = first; k < level.generators.size(); ++k) {
      Permutation moved = compose(level.generators[k], level.transversal[static_cast<std::size_t>(level.orbit[i])]);
      const int point = moved[static_cast<std::size_t>(level.base)];
      Permutation& known = level.transversal[static_cast<std::size_t>(point)];
      if (known.empty()) {
        level.undo[static_cast<std::size_t>(point)] = inverse(moved);
        known = std::move(moved);
        level.orbit.push_back(point);
      } else {
        add(at + 1, compose(level.undo[static_cast<std::size_t>(point)], moved));
      }
    }
  }
}

std::int64_t StabilizerChain::order() const {
  Count product = 1;
  for (const Level& level : m_levels)
    product = std::min<Count>(k_most_order, product * static_cast<Count>(level.orbit.size()));
  return static_cast<std::int64_t>(product);
}

std::vector<Permutation> StabilizerChain::stabilizer_generators(std::size_t count) const {
  std::vector<Permutation> generators;
  for (std::size_t i = count; i < m_levels.size(); ++i)
    generators.insert(generators.end(), m_levels[i].generators.begin(), m_levels[i].generators.end());
  return generators;
}

std::vector<std::uint8_t> StabilizerChain::sorted_elements() const {
  std::vector<std::uint8_t> out;
  out.reserve(static_cast<std::size_t>(order()) * static_cast<std::size_t>(m_degree));
  Permutation product = identity_permutation(m_degree);
  visit(0, product, out);
  return out;
}

// The image of base point `at` is chosen in ascending order, so the elements come out sorted.
void StabilizerChain::visit(std::size_t at, Permutation& product, std::vector<std::uint8_t>& out) const {
  if (at == m_levels.size()) {
    out.insert(out.end(), product.begin(), product.end());
    return;
  }
  const Level& level = m_levels[at];
  if (level.orbit.size() == 1) return visit(at + 1, product, out);
  std::vector<int> points = level.orbit;
  std::ranges::sort(points, {}, [&](int p) { return product[static_cast<std::size_t>(p)]; });
  for (const int point : points) {
    Permutation next = compose(product, level.transversal[static_cast<std::size_t>(point)]);
    visit(at + 1, next, out);
  }
}

}  // namespace flopscope::symmetry
