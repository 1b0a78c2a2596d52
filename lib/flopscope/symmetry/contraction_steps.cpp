// SPDX-License-Identifier: MIT
// One pairwise step of a path costs the least of three bounds: from its two inputs' symmetry, from the joint symmetry
// of all that has been merged, or from the symmetry of its result alone.
#include <algorithm>
#include <numeric>
#include <optional>
#include <whest/flopscope/symmetry/contraction_steps.hpp>
#include <whest/flopscope/symmetry/flat_price.hpp>
#include <whest/flopscope/symmetry/refusal.hpp>

namespace flopscope::symmetry {
namespace {

bool contains(const Word& word, int label) { return std::ranges::find(word, label) != word.end(); }

bool repeats_label(Word word) {
  std::ranges::sort(word);
  return std::ranges::adjacent_find(word) != word.end();
}

struct Tensor {
  Word word;
  std::vector<int> originals;  // operands contracted into it, ascending
};

// The symmetry of a subset of the original operands contracted to the labels it shares with the rest.
struct SubsetSymmetry {
  Compact problem;             // its labels, and which of them are kept
  std::optional<Group> group;  // on those labels

  std::vector<int> places_of(const Word& word) const {
    std::vector<int> places;
    for (const int label : word)
      places.push_back(static_cast<int>(std::ranges::lower_bound(problem.labels, label) - problem.labels.begin()));
    return places;
  }
};

class StepPricer {
 public:
  StepPricer(const Expression& expression, std::span<const LabelledOperand> originals, const EinsumRules& rules)
      : m_expression(expression), m_originals(originals), m_rules(rules) {
    for (std::size_t i = 0; i < originals.size(); ++i) m_tensors.push_back({originals[i].word, {static_cast<int>(i)}});
  }

  StepPrice step(const std::vector<int>& positions, bool last) {
    std::vector<Tensor> taken = take(positions);
    StepPrice price;
    price.first = taken.front().word;
    if (taken.size() > 1) price.second = taken.back().word;
    price.result = last ? m_expression.output : result_word(taken);

    LabelFacts labels{m_expression.sizes, std::vector<bool>(m_expression.sizes.size(), false)};
    for (const int label : price.result) labels.free[static_cast<std::size_t>(label)] = true;
    price.dense_cost = dense_cost(taken, labels);

    std::vector<LabelledOperand> operands;
    for (const Tensor& tensor : taken) operands.push_back(operand_of(tensor, false));
    if (operands.size() == 2) price.reductions = reduce_isolated(operands, labels, m_rules, price.fallback);
    for (std::size_t i = 0; i < operands.size(); ++i) {
      const bool reduced = std::ranges::any_of(price.reductions,
                                               [&](const PreReduction& r) { return r.operand == static_cast<int>(i); });
      if (!reduced) operands[i] = operand_of(taken[i], true);
    }
    forget_identity_of_unequal(operands);
    choose(price, operands, labels, merged(taken));
    // A sum over nothing would be less than nothing where that is not free: on a path it does not lower the price.
    for (const PreReduction& reduction : price.reductions) price.cost += std::max<Count>(reduction.cost, 0);
    m_tensors.push_back({price.result, merged(taken)});
    return price;
  }

 private:
  // Removes the tensors at these positions, the highest first.
  std::vector<Tensor> take(std::vector<int> positions) {
    std::ranges::sort(positions, std::greater<>());
    std::vector<Tensor> taken;
    for (const int position : positions) {
      if (position < 0 || position >= static_cast<int>(m_tensors.size())) throw_index_error("pop index out of range");
      taken.push_back(std::move(m_tensors[static_cast<std::size_t>(position)]));
      m_tensors.erase(m_tensors.begin() + position);
    }
    return taken;
  }

  static std::vector<int> merged(const std::vector<Tensor>& taken) {
    std::vector<int> all;
    for (const Tensor& tensor : taken) all.insert(all.end(), tensor.originals.begin(), tensor.originals.end());
    std::ranges::sort(all);
    return all;
  }

  // Labels still needed, in the order of first appearance.
  Word result_word(const std::vector<Tensor>& taken) const {
    Word result;
    for (const Tensor& tensor : taken)
      for (const int label : tensor.word) {
        const bool needed = contains(m_expression.output, label) ||
                            std::ranges::any_of(m_tensors, [&](const Tensor& t) { return contains(t.word, label); });
        if (needed && !contains(result, label)) result.push_back(label);
      }
    return result;
  }

  SubsetSymmetry symmetry_of(const std::vector<int>& subset) const {
    LabelFacts labels{m_expression.sizes, m_expression.output_mask()};
    std::vector<LabelledOperand> operands;
    for (std::size_t i = 0; i < m_originals.size(); ++i) {
      if (std::ranges::binary_search(subset, static_cast<int>(i))) {
        operands.push_back(m_originals[i]);
      } else {
        for (const int label : m_originals[i].word) labels.free[static_cast<std::size_t>(label)] = true;
      }
    }
    SubsetSymmetry symmetry{compact(operands, labels), std::nullopt};
    symmetry.group = subset_group(symmetry.problem.operands, symmetry.problem.sizes, symmetry.problem.free);
    return symmetry;
  }

  // An original operand has its declared tag; an intermediate the symmetry of what it covers, or none (for reductions).
  // Beside another operand a tag speaks of labels: one that stands for two axes leaves none of it.
  LabelledOperand operand_of(const Tensor& tensor, bool with_symmetry) const {
    const LabelledOperand& original = m_originals[static_cast<std::size_t>(tensor.originals.front())];
    if (tensor.originals.size() == 1 && tensor.word == original.word) {
      if (!with_symmetry || !repeats_label(original.word)) return original;
      return {original.word, Group::trivial(static_cast<int>(original.word.size())), original.object};
    }
    const int own_object = -1'000'000 - tensor.originals.front();
    LabelledOperand operand{tensor.word, Group::trivial(static_cast<int>(tensor.word.size())), own_object};
    if (!with_symmetry) return operand;
    const SubsetSymmetry symmetry = symmetry_of(tensor.originals);
    if (symmetry.group && !symmetry.group->is_trivial())
      operand.group = symmetry.group->restricted_to(symmetry.places_of(tensor.word));
    return operand;
  }

  Count dense_cost(const std::vector<Tensor>& taken, const LabelFacts& labels) const {
    std::vector<LabelledOperand> operands;
    for (std::size_t i = 0; i < taken.size(); ++i)
      operands.push_back({taken[i].word, Group::trivial(static_cast<int>(taken[i].word.size())), static_cast<int>(i)});
    bool fallback = false;
    Count cost = 0;
    if (operands.size() == 2)
      for (const PreReduction& reduction : reduce_isolated(operands, labels, m_rules, fallback)) cost += reduction.cost;
    return std::max<Count>(1, cost + flat_price(operands, labels, m_rules).total);
  }

  void choose(StepPrice& price, const std::vector<LabelledOperand>& operands, const LabelFacts& labels,
              const std::vector<int>& subset) const {
    const FlatPrice per_input = flat_price(operands, labels, m_rules);
    price.cost = per_input.total;
    price.mu = per_input.mu;
    price.alpha = per_input.counts.alpha;
    price.mu_known = !per_input.fallback;
    price.fallback = price.fallback || per_input.fallback;
    const SubsetSymmetry symmetry = symmetry_of(subset);
    if (!symmetry.group || symmetry.group->is_trivial()) return;
    const Word step_labels = used_labels(operands);
    if (const auto cost = joint_cost(symmetry, step_labels, labels, price.reductions); cost && *cost < price.cost) {
      price.cost = *cost;
      price.source = StepSource::joint_burnside;
    }
    if (const auto orbits = output_orbits(symmetry, price.result)) {
      Count summed = 1;
      for (const int label : step_labels)
        if (!labels.free[static_cast<std::size_t>(label)])
          summed *= m_expression.sizes[static_cast<std::size_t>(label)];
      const Count cost = *orbits * (m_rules.multiply_add_is_one ? summed : 2 * summed - 1);
      if (cost > 0 && cost < price.cost) {
        price.cost = cost;
        price.mu = summed * *orbits - *orbits;
        price.alpha = summed * *orbits;
        price.mu_known = true;
        price.source = StepSource::output_burnside;
      }
    }
  }

  // 2 M - O under the joint group, if it speaks of exactly the labels of this step.
  std::optional<Count> joint_cost(const SubsetSymmetry& symmetry, const Word& step_labels, const LabelFacts& labels,
                                  const std::vector<PreReduction>& reductions) const {
    Word left = symmetry.problem.labels;
    for (const PreReduction& reduction : reductions)
      std::erase_if(left, [&](int label) { return contains(reduction.removed, label); });
    if (left != step_labels) return std::nullopt;
    const std::vector<int> places = symmetry.places_of(left);
    const Group joint = symmetry.group->setwise_stabilizer(places).restricted_to(places);
    if (joint.is_trivial() || !joint.is_listable()) return std::nullopt;
    std::vector<std::int64_t> sizes, kept_sizes;
    std::vector<int> kept;
    for (std::size_t i = 0; i < left.size(); ++i) {
      sizes.push_back(m_expression.sizes[static_cast<std::size_t>(left[i])]);
      if (!labels.free[static_cast<std::size_t>(left[i])]) continue;
      kept.push_back(static_cast<int>(i));
      kept_sizes.push_back(sizes.back());
    }
    const Count m = *joint.grid_orbits(sizes);
    if (m == 0 && m_rules.empty_is_free) return 0;
    if (m_rules.multiply_add_is_one) return m;
    return 2 * m - *joint.restricted_to(kept).grid_orbits(kept_sizes);
  }

  // Orbits of the result under its own symmetry, where that is less than its elements.
  std::optional<Count> output_orbits(const SubsetSymmetry& symmetry, const Word& result) const {
    const Group on_result = symmetry.group->restricted_to(symmetry.places_of(result));
    if (on_result.is_trivial() || !on_result.is_listable()) return std::nullopt;
    std::vector<std::int64_t> sizes;
    for (const int label : result) sizes.push_back(m_expression.sizes[static_cast<std::size_t>(label)]);
    const Count orbits = *on_result.grid_orbits(sizes);
    if (orbits <= 0 || orbits >= dense_product(result, m_expression.sizes)) return std::nullopt;
    return orbits;
  }

  const Expression& m_expression;
  std::span<const LabelledOperand> m_originals;
  const EinsumRules& m_rules;
  std::vector<Tensor> m_tensors;
};

}  // namespace

std::string_view name_of(StepSource source) {
  switch (source) {
    case StepSource::per_input:
      return "per-input";
    case StepSource::joint_burnside:
      return "joint-burnside";
    case StepSource::output_burnside:
      return "output-burnside";
    case StepSource::dense:
      return "dense";
  }
  return "";
}

std::vector<StepPrice> price_steps(const Expression& expression, std::span<const LabelledOperand> originals,
                                   const Path& path, const EinsumRules& rules) {
  StepPricer pricer(expression, originals, rules);
  std::vector<StepPrice> steps;
  for (const auto& positions : path) {
    if (positions.empty() || positions.size() > 2) refuse_value("a step of a path contracts one or two operands");
    steps.push_back(pricer.step(positions, &positions == &path.back()));
  }
  return steps;
}

}  // namespace flopscope::symmetry
