// SPDX-License-Identifier: MIT
// The path searches: exhaustive, branch and bound, greedy. Label sets are bit masks.
#include <algorithm>
#include <map>
#include <optional>
#include <queue>
#include <tuple>
#include <whest/flopscope/symmetry/cpython_set.hpp>
#include <whest/flopscope/symmetry/einsum_path.hpp>
#include <whest/flopscope/symmetry/einsum_path_search.hpp>
#include <whest/flopscope/symmetry/refusal.hpp>

namespace flopscope::symmetry {

PathStrategy path_strategy(std::string_view name) {
  static const std::map<std::string_view, PathStrategy> names{{"auto", PathStrategy::automatic},
                                                              {"auto-hq", PathStrategy::auto_hq},
                                                              {"optimal", PathStrategy::optimal},
                                                              {"branch-all", PathStrategy::branch_all},
                                                              {"branch-2", PathStrategy::branch_2},
                                                              {"branch-1", PathStrategy::branch_1},
                                                              {"greedy", PathStrategy::greedy},
                                                              {"eager", PathStrategy::greedy},
                                                              {"opportunistic", PathStrategy::greedy},
                                                              {"random-greedy", PathStrategy::greedy},
                                                              {"random-greedy-128", PathStrategy::greedy},
                                                              {"dp", PathStrategy::dynamic},
                                                              {"dynamic-programming", PathStrategy::dynamic}};
  const auto at = names.find(name);
  if (at == names.end()) {
    std::string known;
    for (const auto& [key, strategy] : names) known += (known.empty() ? "'" : ", '") + std::string(key) + "'";
    throw Error(ErrorKind::key_error,
                "Path optimizer '" + std::string(name) + "' not found, valid options are {" + known + "}.");
  }
  return at->second;
}

PathProblem::PathProblem(const Expression& expression) : sizes(expression.sizes) {
  for (const Word& word : expression.inputs) inputs.push_back(mask_of(word));
  output = mask_of(expression.output);
}

LabelMask PathProblem::mask_of(const Word& word) {
  LabelMask mask = 0;
  for (const int label : word) mask |= LabelMask{1} << label;
  return mask;
}

Count PathProblem::size_of(LabelMask labels) const {
  Count product = 1;
  for (std::size_t label = 0; label < sizes.size(); ++label)
    if ((labels >> label & 1) != 0) product *= sizes[label];
  return product;
}

namespace {

struct Pair {
  LabelMask result = 0;
  Count flops = 0;
};

// Pair results are remembered by the two label sets for a whole search, whatever remained when they were first asked.
class PairCache {
 public:
  explicit PairCache(const PathProblem& problem) : m_problem(problem) {}

  const Pair& contract(const std::vector<LabelMask>& tensors, const std::vector<int>& remaining, int i, int j) {
    const LabelMask a = tensors[static_cast<std::size_t>(i)], b = tensors[static_cast<std::size_t>(j)];
    const auto [at, fresh] = m_pairs.try_emplace({a, b});
    if (!fresh) return at->second;
    LabelMask keep = m_problem.output;
    for (const int other : remaining)
      if (other != i && other != j) keep |= tensors[static_cast<std::size_t>(other)];
    at->second.result = (a | b) & keep;
    at->second.flops = m_problem.size_of(a | b) * ((a & b & ~keep) != 0 ? 2 : 1);
    return at->second;
  }

 private:
  const PathProblem& m_problem;
  std::map<std::pair<LabelMask, LabelMask>, Pair> m_pairs;
};

class Exhaustive {
 public:
  explicit Exhaustive(const PathProblem& problem) : m_cache(problem), m_tensors(problem.inputs) {}

  NumberedPath run() {
    descend(CpythonIntSet::range(static_cast<int>(m_tensors.size())), 0);
    return m_best_path;
  }

 private:
  void descend(const CpythonIntSet& set, Count flops) {
    const std::vector<int> remaining = set.values();
    if (remaining.size() == 1) {
      m_best = flops;
      m_best_path = m_path;
      return;
    }
    for (std::size_t p = 0; p < remaining.size(); ++p)
      for (std::size_t q = p + 1; q < remaining.size(); ++q) {
        const auto [i, j] = std::minmax({remaining[p], remaining[q]});
        const Pair pair = m_cache.contract(m_tensors, remaining, i, j);
        if (m_best && flops + pair.flops >= *m_best) continue;
        m_path.emplace_back(i, j);
        m_tensors.push_back(pair.result);
        descend(set.replaced(i, j, static_cast<int>(m_tensors.size()) - 1), flops + pair.flops);
        m_tensors.pop_back();
        m_path.pop_back();
      }
  }

  PairCache m_cache;
  std::vector<LabelMask> m_tensors;
  NumberedPath m_path, m_best_path;
  std::optional<Count> m_best;
};

class BranchBound {
 public:
  BranchBound(const PathProblem& problem, int branches)
      : m_problem(problem), m_cache(problem), m_branches(branches), m_tensors(problem.inputs) {}

  NumberedPath run() {
    descend(CpythonIntSet::range(static_cast<int>(m_tensors.size())), 0, 0);
    return m_best_path;
  }

 private:
  // In the order of descent.
  struct Candidate {
    Count cost, pair_flops, flops, largest;
    std::pair<int, int> pair;
    LabelMask result;
    auto key() const { return std::tie(cost, pair_flops, flops, largest, pair); }
  };

  std::optional<Candidate> rate(const std::vector<int>& remaining, int i, int j, Count flops, Count largest) {
    const Pair pair = m_cache.contract(m_tensors, remaining, i, j);
    const Count size = m_problem.size_of(pair.result);
    const Count new_flops = flops + pair.flops, new_largest = std::max(largest, size);
    if (m_best && std::pair(new_flops, new_largest) >= *m_best) return std::nullopt;
    constexpr int k_sieve = 4;
    const auto [least, first] = m_least.try_emplace(m_tensors.size(), new_flops);
    if (new_flops < least->second)
      least->second = new_flops;
    else if (new_flops > k_sieve * least->second)
      return std::nullopt;
    const Count freed = m_problem.size_of(m_tensors[static_cast<std::size_t>(i)]) +
                        m_problem.size_of(m_tensors[static_cast<std::size_t>(j)]);
    return Candidate{size - freed, pair.flops, new_flops, new_largest, {i, j}, pair.result};
  }

  std::vector<Candidate> rate_all(const std::vector<int>& remaining, Count flops, Count largest, bool sharing) {
    std::vector<Candidate> candidates;
    for (std::size_t p = 0; p < remaining.size(); ++p)
      for (std::size_t q = p + 1; q < remaining.size(); ++q) {
        const auto [i, j] = std::minmax({remaining[p], remaining[q]});
        const bool share = (m_tensors[static_cast<std::size_t>(i)] & m_tensors[static_cast<std::size_t>(j)]) != 0;
        if (sharing && !share) continue;
        if (auto candidate = rate(remaining, i, j, flops, largest)) candidates.push_back(*candidate);
      }
    std::ranges::sort(candidates, {}, [](const Candidate& c) { return c.key(); });
    return candidates;
  }

  void descend(const CpythonIntSet& set, Count flops, Count largest) {
    const std::vector<int> remaining = set.values();
    if (remaining.size() == 1) {
      m_best = {flops, largest};
      m_best_path = m_path;
      return;
    }
    std::vector<Candidate> candidates = rate_all(remaining, flops, largest, true);
    if (candidates.empty()) candidates = rate_all(remaining, flops, largest, false);
    const std::size_t count =
        m_branches == 0 ? candidates.size() : std::min(candidates.size(), static_cast<std::size_t>(m_branches));
    for (std::size_t c = 0; c < count; ++c) {
      const Candidate candidate = candidates[c];
      m_path.push_back(candidate.pair);
      m_tensors.push_back(candidate.result);
      descend(set.replaced(candidate.pair.first, candidate.pair.second, static_cast<int>(m_tensors.size()) - 1),
              candidate.flops, candidate.largest);
      m_tensors.pop_back();
      m_path.pop_back();
    }
  }

  const PathProblem& m_problem;
  PairCache m_cache;
  int m_branches;  // 0: all
  std::vector<LabelMask> m_tensors;
  NumberedPath m_path, m_best_path;
  std::optional<std::pair<Count, Count>> m_best;  // flops, largest tensor
  std::map<std::size_t, Count> m_least;           // flops, by the number of tensors made
};

// Numbers of tensors to positions in the shrinking list.
Path positions_of(const NumberedPath& numbered, std::size_t inputs) {
  std::vector<int> list;
  for (std::size_t i = 0; i < inputs; ++i) list.push_back(static_cast<int>(i));
  Path path;
  int next = static_cast<int>(inputs);
  for (const auto& [a, b] : numbered) {
    std::vector<int> step;
    for (const int number : {a, b}) step.push_back(static_cast<int>(std::ranges::find(list, number) - list.begin()));
    std::ranges::sort(step);
    list.erase(list.begin() + step[1]);
    list.erase(list.begin() + step[0]);
    list.push_back(next++);
    path.push_back(std::move(step));
  }
  return path;
}

NumberedPath search(const PathProblem& problem, PathStrategy strategy) {
  const std::size_t n = problem.inputs.size();
  switch (strategy) {
    case PathStrategy::automatic:
      if (n <= 4) return Exhaustive(problem).run();
      if (n <= 6) return BranchBound(problem, 0).run();
      if (n <= 8) return BranchBound(problem, 2).run();
      if (n <= 14) return BranchBound(problem, 1).run();
      return greedy_path(problem);
    case PathStrategy::auto_hq:
      return n <= 5 ? Exhaustive(problem).run() : greedy_path(problem);
    case PathStrategy::optimal:
      return Exhaustive(problem).run();
    case PathStrategy::branch_all:
      return BranchBound(problem, 0).run();
    case PathStrategy::branch_2:
      return BranchBound(problem, 2).run();
    case PathStrategy::branch_1:
      return BranchBound(problem, 1).run();
    case PathStrategy::greedy:
      return greedy_path(problem);
    case PathStrategy::dynamic:
      break;
  }
  return {};
}

bool is_dynamic(PathStrategy strategy, std::size_t inputs) {
  return strategy == PathStrategy::dynamic || (strategy == PathStrategy::auto_hq && inputs >= 6 && inputs <= 16);
}

}  // namespace

Path find_path(const Expression& expression, PathStrategy strategy) {
  const PathProblem problem(expression);
  if (problem.inputs.size() == 1) return {{0}};
  if (problem.inputs.size() == 2) return {{0, 1}};
  if (is_dynamic(strategy, problem.inputs.size())) return dynamic_path(problem);
  return positions_of(search(problem, strategy), problem.inputs.size());
}

}  // namespace flopscope::symmetry
