// SPDX-License-Identifier: MIT
// The price of a whole contraction: one or two operands directly, more along the path.
#include <algorithm>
#include <numeric>
#include <whest/flopscope/symmetry/contraction_steps.hpp>
#include <whest/flopscope/symmetry/einsum_price.hpp>
#include <whest/flopscope/symmetry/flat_price.hpp>

namespace flopscope::symmetry {
namespace {

Group group_on_positions(const TagRef& tag, std::size_t ndim) {
  return tag ? tag->full_group(static_cast<int>(ndim)) : Group::trivial(static_cast<int>(ndim));
}

EinsumPrice price_directly(const Expression& expression, std::vector<LabelledOperand> operands,
                           const EinsumRules& rules) {
  // A 0 beside a 1 is priced as one; a path of more operands prices the label's own size.
  const std::vector<std::int64_t> sizes = expression.greatest_sizes();
  const LabelFacts labels{sizes, expression.output_mask()};
  EinsumPrice price;
  bool fallback = false;
  if (operands.size() == 2) {
    price.reductions = reduce_isolated(operands, labels, rules, fallback, expression.shapes);
    forget_identity_of_unequal(operands);
  }
  const FlatPrice flat = flat_price(operands, labels, rules);
  price.fallback = flat.fallback || fallback;
  price.counts = flat.counts;
  price.total = flat.total;
  for (const PreReduction& reduction : price.reductions) price.total += reduction.cost;
  price.mu = flat.mu;
  price.mu_known = !price.fallback;
  return price;
}

}  // namespace

std::vector<LabelledOperand> labelled_operands(const Expression& expression, std::span<const EinsumOperand> operands) {
  std::vector<LabelledOperand> result;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    const Word& word = expression.inputs[i];
    result.push_back({word, group_on_positions(operands[i].tag, word.size()), operands[i].object});
  }
  return result;
}

void forget_identity_of_unequal(std::span<LabelledOperand> operands) {
  if (operands.size() != 2 || operands[0].object != operands[1].object) return;
  const bool one_lost_more = operands[0].word.size() != operands[1].word.size();
  if (one_lost_more || operands[0].word.empty()) operands[1].object = -1 - operands[0].object;
}

EinsumPrice price_einsum(const Expression& expression, std::span<const EinsumOperand> operands,
                         const EinsumRules& rules) {
  std::vector<LabelledOperand> labelled = labelled_operands(expression, operands);
  if (labelled.size() <= 2) return price_directly(expression, std::move(labelled), rules);
  EinsumPrice price;
  const auto whole = label_group(labelled, expression.sizes);
  if (!whole || !whole->is_listable() || (rules.effort_limit && passes_effort_limit(*whole))) {
    Word all(expression.sizes.size());
    std::iota(all.begin(), all.end(), 0);
    price.total = static_cast<Count>(labelled.size()) * dense_product(all, expression.sizes);
    price.fallback = true;
    price.mu_known = false;
    return price;
  }
  price.path = find_path(expression, PathStrategy::automatic);
  price.steps = price_steps(expression, labelled, price.path, rules);
  for (const StepPrice& step : price.steps) {
    price.total += step.cost;
    price.mu += step.mu;
    price.mu_known = price.mu_known && step.mu_known;
  }
  price.mu_known = price.mu_known && price.mu > 0;  // of a path that multiplies nothing the packages know no count
  return price;
}

double complex_factor_of(const EinsumPrice& price) {
  if (price.total <= 0) return 1;
  if (price.fallback || !price.mu_known || price.total < price.mu) return 6;
  const double total = static_cast<double>(price.total), mu = static_cast<double>(price.mu);
  return (6 * mu + 2 * (total - mu)) / total;
}

TagRef einsum_result_tag(const Expression& expression, std::span<const EinsumOperand> operands) {
  if (expression.output.empty()) return nullptr;
  if (operands.size() == 1) return tag_of_one_operand(expression, operands.front().tag);
  bool symmetric = false;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    symmetric = symmetric || (operands[i].tag && !operands[i].tag->group().is_trivial());
    for (std::size_t j = 0; j < i; ++j) symmetric = symmetric || operands[i].object == operands[j].object;
  }
  if (!symmetric) return nullptr;
  const std::vector<LabelledOperand> labelled = labelled_operands(expression, operands);
  const auto group = subset_group(labelled, expression.sizes, expression.output_mask());
  if (!group) return nullptr;
  std::vector<int> axes(expression.output.size());
  std::iota(axes.begin(), axes.end(), 0);
  return Tag::from_group(group->restricted_to(expression.output), axes);
}

TagRef tag_of_one_operand(const Expression& expression, const TagRef& tag) {
  if (!tag) return nullptr;
  const Word& word = expression.inputs.front();
  // Where each axis goes, -1 for summed ones; none if an output label stands on several axes (a diagonal).
  std::vector<int> target;
  for (const int label : word) {
    const auto at = std::ranges::find(expression.output, label);
    if (at != expression.output.end() && std::ranges::count(word, label) != 1) return nullptr;
    target.push_back(at == expression.output.end() ? -1 : static_cast<int>(at - expression.output.begin()));
  }
  if (std::ranges::find(target, -1) == target.end()) return relabelled(tag, target);
  std::vector<int> kept, axes;
  for (int point = 0; point < tag->degree(); ++point) {
    const int to = target[static_cast<std::size_t>(tag->axes()[static_cast<std::size_t>(point)])];
    if (to < 0) continue;
    kept.push_back(point);
    axes.push_back(to);
  }
  return Tag::from_group(tag->group().setwise_stabilizer(kept).restricted_to(kept), axes);
}

}  // namespace flopscope::symmetry
