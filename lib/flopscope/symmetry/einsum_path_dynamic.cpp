// SPDX-License-Identifier: MIT
// Dynamic programming over connected sets of tensors ("dp", "auto-hq" from six operands; Pfeifer, Haegeman, Verstraete,
// Phys. Rev. E 90, 033315), in opt_einsum's order, so that among equal paths the same one is shown. Such paths are only
// shown by einsum_path, never charged.
#include <algorithm>
#include <bit>
#include <limits>
#include <unordered_map>
#include <whest/flopscope/symmetry/einsum_path_search.hpp>

namespace flopscope::symmetry {
namespace {

using TensorMask = std::uint64_t;

// A contraction tree: a tensor, or what its children make (one child: labels of that tensor alone are summed).
struct Tree {
  int tensor = -1;
  std::vector<int> children;  // in Forest
};
using Forest = std::vector<Tree>;

// The best way so far to make one set of tensors.
struct Made {
  TensorMask tensors = 0;
  LabelMask labels = 0;
  Count cost = 0;
  int tree = 0;
};

// Sets of one size in the order in which they were first made; a better way takes the old place.
class Level {
 public:
  const std::vector<Made>& all() const { return m_all; }
  bool improves(TensorMask tensors, Count cost) const {
    const auto at = m_places.find(tensors);
    return at == m_places.end() || cost < m_all[at->second].cost;
  }
  void put(const Made& made) {
    const auto [at, fresh] = m_places.try_emplace(made.tensors, m_all.size());
    if (fresh)
      m_all.push_back(made);
    else
      m_all[at->second] = made;
  }

 private:
  std::vector<Made> m_all;
  std::unordered_map<TensorMask, std::size_t> m_places;
};

class Dynamic {
 public:
  explicit Dynamic(const PathProblem& problem) : m_problem(problem) {}

  Path run() {
    sum_lone_labels();
    std::vector<std::pair<Count, int>> parts;  // size of the result, tree
    for (const int tree : m_done) parts.emplace_back(1, tree);
    for (const TensorMask group : connected_groups()) parts.push_back(solve(group));
    std::ranges::stable_sort(parts, {}, &std::pair<Count, int>::first);
    if (parts.empty()) return {};
    int root = parts.front().second;
    for (std::size_t i = 1; i < parts.size(); ++i) root = pair_of(root, parts[i].second);
    return sequence_of(root);
  }

 private:
  int add(Tree tree) {
    m_forest.push_back(std::move(tree));
    return static_cast<int>(m_forest.size()) - 1;
  }
  int pair_of(int a, int b) { return add({.tensor = -1, .children = {a, b}}); }

  // Labels of one tensor alone go first; a tensor that has no others is done.
  void sum_lone_labels() {
    LabelMask once = 0, more = m_problem.output;
    for (const LabelMask labels : m_problem.inputs) {
      more |= once & labels;
      once |= labels;
    }
    for (std::size_t j = 0; j < m_problem.inputs.size(); ++j) {
      const LabelMask labels = m_problem.inputs[j], kept = labels & more;
      const int leaf = add({.tensor = static_cast<int>(j), .children = {}});
      const int tree = kept == labels ? leaf : add({.tensor = -1, .children = {leaf}});
      if (kept == 0 && labels != 0) {
        m_done.push_back(tree);
      } else {
        m_tensors.push_back(kept);
        m_trees.push_back(tree);
      }
    }
  }

  std::vector<TensorMask> connected_groups() const {
    LabelMask all = 0;
    for (const LabelMask labels : m_tensors) all |= labels;
    const LabelMask summed = all & ~m_problem.output;
    std::vector<TensorMask> groups;
    TensorMask unused = m_tensors.size() == 64 ? ~TensorMask{0} : (TensorMask{1} << m_tensors.size()) - 1;
    while (unused != 0) {
      TensorMask group = unused & (~unused + 1), open = group;
      unused &= ~group;
      while (open != 0) {
        const LabelMask shared = m_tensors[static_cast<std::size_t>(std::countr_zero(open))] & summed;
        open &= open - 1;
        for (std::size_t k = 0; k < m_tensors.size(); ++k)
          if ((unused >> k & 1) != 0 && (m_tensors[k] & shared) != 0) {
            unused &= ~(TensorMask{1} << k);
            group |= TensorMask{1} << k;
            open |= TensorMask{1} << k;
          }
      }
      groups.push_back(group);
    }
    return groups;
  }

  LabelMask labels_of(TensorMask tensors) const {
    LabelMask labels = 0;
    for (; tensors != 0; tensors &= tensors - 1)
      labels |= m_tensors[static_cast<std::size_t>(std::countr_zero(tensors))];
    return labels;
  }

  // Raises the limit on the cost step by step until the whole group can be made within it.
  std::pair<Count, int> solve(TensorMask group) {
    const auto n = static_cast<std::size_t>(std::popcount(group));
    std::vector<Level> levels(n + 1);
    for (TensorMask rest = group; rest != 0; rest &= rest - 1) {
      const auto j = static_cast<std::size_t>(std::countr_zero(rest));
      levels[1].put({.tensors = TensorMask{1} << j, .labels = m_tensors[j], .cost = 0, .tree = m_trees[j]});
    }
    const LabelMask labels = labels_of(group);
    std::int64_t least = labels == 0 ? 2 : std::numeric_limits<std::int64_t>::max();
    for (LabelMask rest = labels; rest != 0; rest &= rest - 1)
      least = std::min(least, m_problem.sizes[static_cast<std::size_t>(std::countr_zero(rest))]);
    const Count step = std::max<std::int64_t>(least, 2);
    for (Count limit = std::max<Count>(m_problem.size_of(labels & m_problem.output), 1); levels[n].all().empty();
         limit *= step)
      for (std::size_t size = 2; size <= n; ++size)
        for (std::size_t part = 1; part <= size / 2; ++part) combine(levels, part, size - part, group, limit);
    const Made& whole = levels[n].all().front();
    return {m_problem.size_of(whole.labels), whole.tree};
  }

  void combine(std::vector<Level>& levels, std::size_t left, std::size_t right, TensorMask group, Count limit) {
    Level& made = levels[left + right];
    for (const Made& a : levels[left].all())
      for (const Made& b : levels[right].all()) {
        if ((a.tensors & b.tensors) != 0 || (left == right && a.tensors >= b.tensors)) continue;
        const LabelMask common = a.labels & b.labels & ~m_problem.output, both = a.labels | b.labels;
        if (common == 0) continue;  // an outer product
        const TensorMask tensors = a.tensors | b.tensors;
        const Count cost = a.cost + b.cost + m_problem.size_of(both);
        if (cost > limit || !made.improves(tensors, cost)) continue;
        const LabelMask gone = common & ~labels_of(group & ~tensors);
        made.put({.tensors = tensors, .labels = both & ~gone, .cost = cost, .tree = pair_of(a.tree, b.tree)});
      }
  }

  // The tree from its root down, as positions in the list of what is left at each step.
  Path sequence_of(int root) const {
    Path path;
    if (m_forest[static_cast<std::size_t>(root)].children.empty()) return path;
    std::vector<int> open{root}, tensors;
    while (!open.empty()) {
      const Tree& tree = m_forest[static_cast<std::size_t>(open.back())];
      open.pop_back();
      std::vector<int> step, own, inner;
      for (const int child : tree.children) {
        const Tree& c = m_forest[static_cast<std::size_t>(child)];
        c.children.empty() ? own.push_back(c.tensor) : inner.push_back(child);
      }
      std::ranges::sort(own);
      for (const int tensor : own) {
        const auto at = std::ranges::lower_bound(tensors, tensor);
        step.push_back(static_cast<int>(at - tensors.begin()));
        tensors.insert(at, tensor);
      }
      for (const int child : inner) {
        step.push_back(static_cast<int>(tensors.size() + open.size()));
        open.push_back(child);
      }
      path.insert(path.begin(), std::move(step));
    }
    return path;
  }

  const PathProblem& m_problem;
  Forest m_forest;
  std::vector<LabelMask> m_tensors;  // without lone labels
  std::vector<int> m_trees, m_done;
};

}  // namespace

Path dynamic_path(const PathProblem& problem) { return Dynamic(problem).run(); }

}  // namespace flopscope::symmetry
