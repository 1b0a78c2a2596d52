// SPDX-License-Identifier: MIT
// The greedy path search: equal label sets first, then the pair whose product frees most, then outer products by size.
#include <algorithm>
#include <bit>
#include <map>
#include <queue>
#include <set>
#include <whest/flopscope/symmetry/einsum_path_search.hpp>

namespace flopscope::symmetry {
namespace {

class Greedy {
 public:
  explicit Greedy(const PathProblem& problem) : m_problem(problem), m_output(problem.output) {
    // A label that every tensor has cannot disappear before the last step.
    LabelMask common = ~LabelMask{0};
    for (const LabelMask labels : problem.inputs) common &= labels;
    m_output |= common;
    m_next = static_cast<int>(problem.inputs.size());
  }

  NumberedPath run() {
    merge_equal_inputs();
    for (const auto& [labels, number] : m_remaining)
      for_each_label(labels & ~m_output, [&](int label) { m_holders[label].insert(labels); });
    for (const auto& [label, holders] : m_holders) update_count(label);
    push_first_candidates();
    while (!m_queue.empty()) {
      const Candidate best = m_queue.top();
      m_queue.pop();
      if (m_remaining.contains(best.first) && m_remaining.contains(best.second)) contract(best);
    }
    outer_products();
    return std::move(m_path);
  }

 private:
  struct Candidate {
    Count cost;
    int later, earlier;  // tensor numbers
    LabelMask first, second, result;
    bool operator<(const Candidate& other) const {  // a heap keeps the greatest on top
      return std::tie(cost, later, earlier) > std::tie(other.cost, other.later, other.earlier);
    }
  };

  template <class F>
  static void for_each_label(LabelMask labels, F f) {
    for (; labels != 0; labels &= labels - 1) f(std::countr_zero(labels));
  }

  void merge_equal_inputs() {
    for (std::size_t i = 0; i < m_problem.inputs.size(); ++i) {
      const int number = static_cast<int>(i);
      const auto [at, fresh] = m_remaining.try_emplace(m_problem.inputs[i], number);
      if (fresh) continue;
      m_path.emplace_back(at->second, number);
      at->second = m_next++;
    }
  }

  // Which labels are held by at least two, and by at least three tensors.
  void update_count(int label) {
    const auto holders = m_holders[label].size();
    const LabelMask bit = LabelMask{1} << label;
    m_by_two = holders >= 2 ? m_by_two | bit : m_by_two & ~bit;
    m_by_three = holders >= 3 ? m_by_three | bit : m_by_three & ~bit;
  }

  Candidate candidate(LabelMask a, LabelMask b) const {
    const LabelMask either = a | b, both = a & b, one = either & ~both;
    const LabelMask result = (either & m_output) | (both & m_by_three) | (one & m_by_two);
    const Count cost = m_problem.size_of(result) - m_problem.size_of(a) - m_problem.size_of(b);
    int number_a = m_remaining.at(a), number_b = m_remaining.at(b);
    if (number_a > number_b) {
      std::swap(a, b);
      std::swap(number_a, number_b);
    }
    return {cost, number_b, number_a, a, b, result};
  }

  void push_best(LabelMask a, const std::vector<LabelMask>& partners) {
    Candidate best = candidate(a, partners.front());
    for (const LabelMask b : partners)
      if (const Candidate other = candidate(a, b); best < other) best = other;
    m_queue.push(best);
  }

  void push_first_candidates() {
    for (const auto& [label, holders] : m_holders) {
      std::vector<LabelMask> list(holders.begin(), holders.end());
      std::ranges::sort(list, {}, [&](LabelMask labels) { return m_remaining.at(labels); });
      for (std::size_t i = 0; i + 1 < list.size(); ++i)
        push_best(list[i], {list.begin() + static_cast<std::ptrdiff_t>(i) + 1, list.end()});
    }
  }

  void contract(const Candidate& pair) {
    m_path.emplace_back(m_remaining.at(pair.first), m_remaining.at(pair.second));
    for (const LabelMask labels : {pair.first, pair.second}) {
      m_remaining.erase(labels);
      for_each_label(labels & ~m_output, [&](int label) { m_holders[label].erase(labels); });
    }
    if (const auto known = m_remaining.find(pair.result); known != m_remaining.end())
      m_path.emplace_back(known->second, m_next++);
    else
      for_each_label(pair.result & ~m_output, [&](int label) { m_holders[label].insert(pair.result); });
    m_remaining[pair.result] = m_next++;
    for_each_label(pair.first | (pair.second & ~m_output), [&](int label) { update_count(label); });
    std::set<LabelMask> partners;
    for_each_label(pair.result, [&](int label) { partners.insert(m_holders[label].begin(), m_holders[label].end()); });
    partners.erase(pair.result);
    if (!partners.empty()) push_best(pair.result, {partners.begin(), partners.end()});
  }

  void outer_products() {
    std::set<std::tuple<Count, int, LabelMask>> left;
    for (const auto& [labels, number] : m_remaining) left.emplace(m_problem.size_of(labels & m_output), number, labels);
    while (left.size() > 1) {
      const auto [size_a, a, labels_a] = *left.begin();
      left.erase(left.begin());
      const auto [size_b, b, labels_b] = *left.begin();
      left.erase(left.begin());
      m_path.emplace_back(std::min(a, b), std::max(a, b));
      const LabelMask labels = (labels_a | labels_b) & m_output;
      left.emplace(m_problem.size_of(labels), m_next++, labels);
    }
  }

  const PathProblem& m_problem;
  LabelMask m_output;
  int m_next = 0;
  NumberedPath m_path;
  std::map<LabelMask, int> m_remaining;
  std::map<int, std::set<LabelMask>> m_holders;
  LabelMask m_by_two = 0, m_by_three = 0;
  std::priority_queue<Candidate> m_queue;
};

}  // namespace

NumberedPath greedy_path(const PathProblem& problem) { return Greedy(problem).run(); }

}  // namespace flopscope::symmetry
