// SPDX-License-Identifier: MIT
// Orbit counting for contractions. alpha of a component is closed form where the output labels are kept, where there is
// one, or where the group is fully symmetric; otherwise it is a sum over patterns of equal indices (typed partitions).
#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <string>
#include <unordered_set>
#include <whest/flopscope/symmetry/accumulation.hpp>
#include <whest/flopscope/symmetry/group_data.hpp>

namespace flopscope::symmetry {
namespace {

constexpr Count k_partition_limit = 100'000;

using Sizes = std::span<const std::int64_t>;
// A partition of the labels, or a labelling of its blocks: the block of every label.
using Pattern = std::string;

Pattern moved(const Pattern& pattern, const Permutation& g) {
  Pattern result(pattern.size(), 0);
  for (std::size_t i = 0; i < pattern.size(); ++i) result[g[i]] = pattern[i];
  return result;
}

// Blocks renumbered in the order of first appearance.
Pattern normalised(const Pattern& pattern) {
  std::array<char, 256> name;
  name.fill(-1);
  char next = 0;
  Pattern result(pattern.size(), 0);
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    char& known = name[static_cast<unsigned char>(pattern[i])];
    if (known < 0) known = next++;
    result[i] = known;
  }
  return result;
}

// Everything reached from `start` by the moves of the generators.
template <class Move>
std::unordered_set<Pattern> orbit(const Pattern& start, std::span<const Permutation> generators, Move move) {
  std::unordered_set<Pattern> seen{start};
  std::vector<Pattern> todo{start};
  while (!todo.empty()) {
    const Pattern at = std::move(todo.back());
    todo.pop_back();
    for (const Permutation& g : generators)
      if (auto [it, fresh] = seen.insert(move(at, g)); fresh) todo.push_back(*it);
  }
  return seen;
}

class PatternSum {
 public:
  PatternSum(const Group& group, Sizes sizes, std::vector<int> kept)
      : m_group(group),
        m_sizes(sizes),
        m_kept(std::move(kept)),
        m_kept_group(group.setwise_stabilizer(m_kept).restricted_to(m_kept)) {}

  Count total() {
    m_pattern.assign(m_sizes.size(), 0);
    extend(0, 0);
    return m_total;
  }

 private:
  // Puts label `at` into each block of its size that exists, or into a new one while values last.
  void extend(std::size_t at, int blocks) {
    if (at == m_sizes.size()) return take();
    int of_this_size = 0;
    for (int b = 0; b < blocks; ++b) {
      if (m_block_size[static_cast<std::size_t>(b)] != m_sizes[at]) continue;
      ++of_this_size;
      m_pattern[at] = static_cast<char>(b);
      extend(at + 1, blocks);
    }
    if (of_this_size >= m_sizes[at]) return;
    m_pattern[at] = static_cast<char>(blocks);
    m_block_size.push_back(m_sizes[at]);
    extend(at + 1, blocks + 1);
    m_block_size.pop_back();
  }

  void take() {
    if (m_seen.contains(m_pattern)) return;
    m_seen.merge(orbit(m_pattern, m_group.generators(),
                       [](const Pattern& p, const Permutation& g) { return normalised(moved(p, g)); }));
    const auto labelled = orbit(m_pattern, m_group.generators(), moved);
    Count block_group = 0;
    std::unordered_set<Pattern> restricted;
    for (const Pattern& p : labelled) {
      block_group += normalised(p) == m_pattern;
      Pattern on_kept;
      for (const int label : m_kept) on_kept += p[static_cast<std::size_t>(label)];
      restricted.insert(std::move(on_kept));
    }
    m_total += labelings() / block_group * reach(restricted);
  }

  // Orbits of the restrictions under the stabiliser of the kept labels.
  Count reach(std::unordered_set<Pattern>& restricted) const {
    Count orbits = 0;
    while (!restricted.empty()) {
      ++orbits;
      for (const Pattern& p : orbit(*restricted.begin(), m_kept_group.generators(), moved)) restricted.erase(p);
    }
    return orbits;
  }

  // Ways to give the blocks distinct values, size by size.
  Count labelings() const {
    std::map<std::int64_t, std::int64_t> used;
    Count ways = 1;
    for (const std::int64_t size : m_block_size) ways *= size - used[size]++;
    return ways;
  }

  const Group& m_group;
  Sizes m_sizes;
  std::vector<int> m_kept;
  Group m_kept_group;
  Pattern m_pattern;
  std::vector<std::int64_t> m_block_size;
  std::unordered_set<Pattern> m_seen;
  Count m_total = 0;
};

Count pattern_count(Sizes sizes) {
  std::map<std::int64_t, int> labels;
  for (const std::int64_t size : sizes) ++labels[size];
  Count count = 1;
  for (const auto& [size, n] : labels) count = std::min<Count>(count * bell_number(n), k_partition_limit * 1'000'000);
  return count;
}

// The output label takes value a in an orbit iff a occurs on the label's own orbit.
Count alpha_of_one_label(const Group& group, Sizes sizes, int label) {
  const int own = group.orbit_of()[static_cast<std::size_t>(label)];
  std::vector<std::int64_t> fewer(sizes.begin(), sizes.end());
  for (const int other : group.orbits()[static_cast<std::size_t>(own)]) --fewer[static_cast<std::size_t>(other)];
  if (fewer[static_cast<std::size_t>(label)] < 0) return 0;
  return sizes[static_cast<std::size_t>(label)] * (*group.grid_orbits(sizes) - *group.grid_orbits(fewer));
}

std::optional<Count> alpha_of(const Group& group, Sizes sizes, const std::vector<bool>& free, Count m) {
  std::vector<int> kept;
  for (std::size_t i = 0; i < free.size(); ++i)
    if (free[i]) kept.push_back(static_cast<int>(i));
  const bool keeps = std::ranges::all_of(group.generators(), [&](const Permutation& g) {
    return std::ranges::all_of(kept, [&](int label) { return free[g[static_cast<std::size_t>(label)]]; });
  });
  if (keeps) return m;
  if (kept.size() == 1) return alpha_of_one_label(group, sizes, kept.front());
  const int v = static_cast<int>(kept.size()), w = static_cast<int>(free.size()) - v;
  if (group.is_full_symmetric()) return multisets(sizes.front(), v) * multisets(sizes.front(), w);
  if (pattern_count(sizes) > k_partition_limit) return std::nullopt;
  return PatternSum(group, sizes, kept).total();
}

ComponentCounts count_component(const Group& whole, std::vector<int> labels, Sizes sizes, const std::vector<bool>& free,
                                const EinsumRules& rules, bool& too_many) {
  ComponentCounts counts;
  const Group group = whole.restricted_to(labels);
  std::vector<std::int64_t> own_sizes;
  std::vector<bool> own_free;
  std::vector<int> kept;
  std::vector<std::int64_t> kept_sizes;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto label = static_cast<std::size_t>(labels[i]);
    own_sizes.push_back(sizes[label]);
    own_free.push_back(free[label]);
    counts.dense *= sizes[label];
    if (!free[label]) continue;
    kept.push_back(static_cast<int>(i));
    kept_sizes.push_back(sizes[label]);
  }
  counts.labels = std::move(labels);
  counts.order = group.order();
  counts.m = *group.grid_orbits(own_sizes);
  if (const auto alpha = alpha_of(group, own_sizes, own_free, counts.m))
    counts.alpha = *alpha;
  else
    too_many = true;
  counts.outputs = *group.setwise_stabilizer(kept).restricted_to(kept).grid_orbits(kept_sizes);
  if (kept.empty() && rules.empty_is_free && counts.dense == 0) counts.outputs = 0;
  return counts;
}

}  // namespace

std::vector<std::vector<int>> independent_parts(const Group& group) {
  // The greedy generators of the sorted elements move one part each; their orbits, joined, are the parts.
  const int n = group.degree();
  std::vector<int> part(static_cast<std::size_t>(n));
  std::iota(part.begin(), part.end(), 0);
  const auto& generators = group.is_young()
                               ? std::vector<Permutation>(group.generators().begin(), group.generators().end())
                               : group.sorted_generators();
  for (const Permutation& g : generators) {
    int first = -1;
    for (int i = 0; i < n; ++i) {
      if (g[static_cast<std::size_t>(i)] == i) continue;
      if (first < 0) first = part[static_cast<std::size_t>(i)];
      const int other = part[static_cast<std::size_t>(i)];
      const int low = std::min(first, other);
      for (int& p : part)
        if (p == first || p == other) p = low;
      first = low;
    }
  }
  std::vector<std::vector<int>> parts;
  for (int i = 0; i < n; ++i) {
    if (part[static_cast<std::size_t>(i)] == i) parts.emplace_back();
    const auto at = std::ranges::find_if(parts, [&](const auto& p) {
      return !p.empty() && part[static_cast<std::size_t>(p.front())] == part[static_cast<std::size_t>(i)];
    });
    (at == parts.end() ? parts.back() : *at).push_back(i);
  }
  return parts;
}

bool passes_effort_limit(const Group& group) {
  if (group.is_trivial()) return false;
  if (!group.is_listable()) return true;
  const ElementList& all = group.elements();
  StabilizerChain selected(group.degree(), {}, {});
  std::int64_t effort = group.order();
  for (std::size_t i = 1; i < all.size() && effort <= k_enumeration_limit; ++i) {
    selected.add(Permutation(all[i].begin(), all[i].end()));
    effort += selected.order();
  }
  return effort > k_enumeration_limit;
}

Accumulation accumulate(const Group& group, std::span<const std::int64_t> sizes, const std::vector<bool>& free,
                        const EinsumRules& rules) {
  Accumulation result;
  if (!group.is_listable() || (rules.effort_limit && passes_effort_limit(group))) {
    result.too_many = true;
    return result;
  }
  for (auto& labels : independent_parts(group)) {
    ComponentCounts counts = count_component(group, std::move(labels), sizes, free, rules, result.too_many);
    result.m *= counts.m;
    result.alpha *= counts.alpha;
    result.outputs *= counts.outputs;
    result.components.push_back(std::move(counts));
  }
  return result;
}

}  // namespace flopscope::symmetry
