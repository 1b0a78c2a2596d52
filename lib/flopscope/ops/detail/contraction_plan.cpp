// SPDX-License-Identifier: MIT
// Plans of contractions, and their cache.
#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <unordered_map>
#include <whest/flopscope/ops/detail/contraction_plan.hpp>

namespace flopscope::contract {
namespace {

using symmetry::EinsumRules;

std::vector<std::vector<std::int64_t>> shapes_of(std::span<const ArrayRef> operands) {
  std::vector<std::vector<std::int64_t>> shapes;
  for (const ArrayRef& operand : operands) shapes.emplace_back(operand->dims().begin(), operand->dims().end());
  return shapes;
}

template <class T>
void append(std::string& key, T number) {
  // NOLINTNEXTLINE(bugprone-sizeof-expression): pointers too
  key.append(reinterpret_cast<const char*>(&number), sizeof number);
}

// The question in one string; reused, so that a lookup allocates nothing.
const std::string& question(const CostModel& model, std::string_view subscripts, std::span<const ArrayRef> operands,
                            std::span<const int> objects) {
  thread_local std::string key;
  key.clear();
  append(key, &model);
  key += subscripts;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    key += '\n';
    append(key, static_cast<std::int8_t>(objects[i]));
    for (const std::int64_t size : operands[i]->dims()) append(key, size);
    if (const TagRef& tag = operands[i]->tag()) key += tag->key();
  }
  return key;
}

// Sizes of 1 stretch between operands, not along a diagonal of one.
void require_square_diagonals(const symmetry::Expression& expression, std::span<const ArrayRef> operands) {
  for (std::size_t i = 0; i < operands.size(); ++i) {
    const symmetry::Word& word = expression.inputs[i];
    for (std::size_t d = 0; d < word.size(); ++d) {
      const auto first = static_cast<std::size_t>(std::ranges::find(word, word[d]) - word.begin());
      const std::int64_t size = operands[i]->dims()[first], other = operands[i]->dims()[d];
      if (size != other)
        throw_value_error(fmt::format("dimensions in operand {} for collapsing index '{}' don't match ({} != {})", i,
                                      expression.letters({word[d]}), size, other));
    }
  }
}

Plan make_plan(const CostModel& model, std::string_view subscripts, std::span<const ArrayRef> operands,
               std::span<const int> objects) {
  Plan plan;
  plan.expression = symmetry::parse_einsum(subscripts, shapes_of(operands));
  require_square_diagonals(plan.expression, operands);
  std::vector<symmetry::EinsumOperand> facts;
  for (std::size_t i = 0; i < operands.size(); ++i) facts.push_back({operands[i]->tag(), objects[i]});
  plan.price = price_einsum(plan.expression, facts, einsum_rules(model));
  plan.tag = einsum_result_tag(plan.expression, facts);
  plan.cost = std::max(0.0, static_cast<double>(plan.price.total));
  plan.complex_factor = complex_factor_of(plan.price);
  plan.path = plan.price.path.empty() ? find_path(plan.expression, symmetry::PathStrategy::automatic) : plan.price.path;
  return plan;
}

}  // namespace

const EinsumRules& einsum_rules(const CostModel& model) {
  thread_local const CostModel* last = nullptr;
  thread_local EinsumRules rules;
  if (last != &model) {
    rules.effort_limit = !model.rule("einsum.unlimited_effort");
    rules.empty_is_free = model.rule("einsum.empty_is_free");
    rules.complex_and_dtype_factors = model.has_complex_factors();
    rules.long_paths_shown_greedy = model.rule("einsum.long_paths_shown_greedy");
    rules.multiply_add_is_one = model.rule("einsum.multiply_add_is_one");
    last = &model;
  }
  return rules;
}

std::shared_ptr<const Plan> plan_for(const CostModel& model, std::string_view subscripts,
                                     std::span<const ArrayRef> operands, std::span<const int> objects) {
  constexpr std::size_t k_most_plans = 4096;
  thread_local std::unordered_map<std::string, std::shared_ptr<const Plan>> plans;
  const std::string& key = question(model, subscripts, operands, objects);
  if (const auto at = plans.find(key); at != plans.end()) return at->second;
  auto plan = std::make_shared<const Plan>(make_plan(model, subscripts, operands, objects));
  if (plans.size() >= k_most_plans) plans.clear();
  plans.emplace(question(model, subscripts, operands, objects), plan);
  return plan;
}

std::vector<int> identities(std::span<const Value> values) {
  const auto same = [](const Value& a, const Value& b) {
    if (a.is_array() && b.is_array()) return &a.as_array() == &b.as_array();
    return a.is_sequence() && b.is_sequence() && a.as_items().data() == b.as_items().data() &&
           a.as_items().size() == b.as_items().size();
  };
  std::vector<int> numbers;
  for (std::size_t i = 0; i < values.size(); ++i) {
    numbers.push_back(static_cast<int>(i));
    for (std::size_t j = 0; j < i; ++j)
      if (same(values[i], values[j])) {
        numbers[i] = numbers[j];
        break;
      }
  }
  return numbers;
}

}  // namespace flopscope::contract
