// SPDX-License-Identifier: MIT
// The flat price: (operands - 1) * M + alpha - O, and the reductions of isolated labels before it.
#include <algorithm>
#include <whest/flopscope/symmetry/flat_price.hpp>

namespace flopscope::symmetry {

Count dense_product(const Word& labels, std::span<const std::int64_t> sizes) {
  Count product = 1;
  for (const int label : labels) product *= sizes[static_cast<std::size_t>(label)];
  return product;
}

Word used_labels(std::span<const LabelledOperand> operands) {
  Word all;
  for (const LabelledOperand& operand : operands) all.insert(all.end(), operand.word.begin(), operand.word.end());
  std::ranges::sort(all);
  const auto rest = std::ranges::unique(all);
  all.erase(rest.begin(), rest.end());
  return all;
}

Compact compact(std::span<const LabelledOperand> operands, const LabelFacts& labels) {
  Compact result;
  result.labels = used_labels(operands);
  for (const int label : result.labels) {
    result.sizes.push_back(labels.sizes[static_cast<std::size_t>(label)]);
    result.free.push_back(labels.free[static_cast<std::size_t>(label)]);
  }
  result.operands.assign(operands.begin(), operands.end());
  for (LabelledOperand& operand : result.operands)
    for (int& label : operand.word)
      label = static_cast<int>(std::ranges::lower_bound(result.labels, label) - result.labels.begin());
  return result;
}

namespace {

// A product costs its multiplications; a sum alone costs its input, a rearrangement nothing.
Count fused_total(const FlatPrice& price, std::size_t operands) {
  if (operands > 1) return price.mu;
  return price.counts.alpha == price.counts.outputs ? 0 : price.counts.alpha;
}

}  // namespace

FlatPrice flat_price(std::span<const LabelledOperand> operands, const LabelFacts& labels, const EinsumRules& rules) {
  const Compact problem = compact(operands, labels);
  const Count extra_factors = static_cast<Count>(operands.size()) - 1;
  FlatPrice price;
  const auto group = label_group(problem.operands, problem.sizes);
  if (group) price.counts = accumulate(*group, problem.sizes, problem.free, rules);
  if (!group || price.counts.too_many) {
    price.fallback = true;
    price.total = static_cast<Count>(operands.size()) * dense_product(problem.labels, labels.sizes);
    return price;
  }
  const Accumulation& counts = price.counts;
  price.mu = extra_factors * counts.m;
  price.total = price.mu + counts.alpha - counts.outputs;
  if (rules.multiply_add_is_one) price.total = fused_total(price, operands.size());
  if (rules.empty_is_free && counts.alpha == 0) price.total = 0;
  return price;
}

std::vector<PreReduction> reduce_isolated(std::span<LabelledOperand> operands, const LabelFacts& labels,
                                          const EinsumRules& rules, bool& fallback,
                                          std::span<const std::vector<std::int64_t>> shapes) {
  std::vector<Word> words;
  for (const LabelledOperand& operand : operands) words.push_back(operand.word);
  std::vector<PreReduction> done;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    LabelledOperand& operand = operands[i];
    const auto isolated = [&](int label) {
      if (labels.free[static_cast<std::size_t>(label)]) return false;
      for (std::size_t other = 0; other < words.size(); ++other)
        if (other != i && std::ranges::find(words[other], label) != words[other].end()) return false;
      return true;
    };
    if (std::ranges::none_of(operand.word, isolated)) continue;
    PreReduction reduction;
    reduction.operand = static_cast<int>(i);
    // Priced as a sum over axes of the array: an axis counts for itself, also where its label occurs twice.
    LabelledOperand axes{{}, operand.group, 0};
    std::vector<std::int64_t> axis_sizes;
    std::vector<bool> axis_kept;
    std::vector<int> kept;
    for (std::size_t a = 0; a < operand.word.size(); ++a) {
      const bool goes = isolated(operand.word[a]);
      axes.word.push_back(static_cast<int>(a));
      axis_sizes.push_back(shapes.empty() ? labels.sizes[static_cast<std::size_t>(operand.word[a])] : shapes[i][a]);
      axis_kept.push_back(!goes);
      (goes ? reduction.removed : reduction.left).push_back(operand.word[a]);
      if (!goes) kept.push_back(static_cast<int>(a));
    }
    std::ranges::sort(reduction.removed);
    const auto rest = std::ranges::unique(reduction.removed);
    reduction.removed.erase(rest.begin(), rest.end());
    const FlatPrice price = flat_price(std::span(&axes, 1), {axis_sizes, axis_kept}, rules);
    fallback = fallback || price.fallback;
    reduction.cost = price.total;
    operand.group = operand.group.setwise_stabilizer(kept).restricted_to(kept);
    operand.word = reduction.left;
    done.push_back(std::move(reduction));
  }
  return done;
}

}  // namespace flopscope::symmetry
