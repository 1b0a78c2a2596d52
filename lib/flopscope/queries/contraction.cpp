// SPDX-License-Identifier: MIT
// What contractions and sums under symmetry cost, by the functions that price them when they run.
#include <algorithm>
#include <cmath>
#include <optional>
#include <whest/flopscope/ops/detail/contraction_plan.hpp>
#include <whest/flopscope/queries/query.hpp>
#include <whest/flopscope/queries/symmetric.hpp>
#include <whest/flopscope/symmetry/einsum_price.hpp>
#include <whest/flopscope/symmetry/label_group.hpp>

namespace flopscope::queries {
namespace {

using symmetry::EinsumOperand;
using symmetry::EinsumRules;

std::string_view subscripts_of(const Value& v) {
  if (!v.is(ValueKind::string)) throw_type_error("subscripts are text");
  return v.as_string();
}

// A query takes any character as a label: those that einsum refuses are replaced by letters that are not in use.
std::string with_letters(std::string_view subscripts) {
  std::string text(subscripts);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool known = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || std::string_view(".,-> ").contains(c);
    if (known) continue;
    for (char letter = 'Z'; letter >= 'A'; --letter)
      if (text.find(letter) == std::string::npos) {
        std::replace(text.begin(), text.end(), c, letter);
        break;
      }
  }
  return text;
}

// Groups of operand positions that are one object: all get the number of the first.
void merge_objects(const Value& pattern, std::vector<EinsumOperand>& operands) {
  if (pattern.is_absent()) return;
  if (!pattern.is_sequence()) throw_type_error("identity_pattern is a tuple of tuples");
  for (const Value& group : pattern.as_items()) {
    int first = -1;
    for (const double position : to_sizes(group)) {
      const auto at = static_cast<std::size_t>(position);
      if (position < 0 || at >= operands.size()) continue;
      if (first < 0) first = operands[at].object;
      operands[at].object = first;
    }
  }
}

double ratio(double total, int terms, double baseline) {
  return terms * baseline == 0 ? 1.0 : total / (terms * baseline);
}

// Counts of all labels of an expression at once, whatever path is taken; nullopt: too many permutations to list.
std::optional<symmetry::Accumulation> joint_counts(const symmetry::Expression& expression,
                                                   std::span<const EinsumOperand> operands, const EinsumRules& rules) {
  std::vector<symmetry::LabelledOperand> labelled;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    const symmetry::Word& word = expression.inputs[i];
    const int axes = static_cast<int>(word.size());
    const TagRef& tag = operands[i].tag;
    labelled.push_back({word, tag ? tag->full_group(axes) : symmetry::Group::trivial(axes), operands[i].object});
  }
  const auto group = symmetry::label_group(labelled, expression.sizes);
  if (!group) return std::nullopt;
  return symmetry::accumulate(*group, expression.sizes, expression.output_mask(), rules);
}

std::vector<AccumulationRecord::Component> components_of(const symmetry::Expression& expression,
                                                         const symmetry::Accumulation& counts) {
  std::vector<AccumulationRecord::Component> all;
  const std::vector<bool> free = expression.output_mask();
  for (const symmetry::ComponentCounts& c : counts.components) {
    AccumulationRecord::Component out;
    for (const int label : c.labels) {
      const auto at = static_cast<std::size_t>(label);
      const std::string letter(1, expression.labels[at]);
      out.labels.push_back(letter);
      (free[at] ? out.kept : out.summed).push_back(letter);
      out.sizes.push_back(expression.sizes[at]);
    }
    out.m = static_cast<double>(c.m);
    out.alpha = static_cast<double>(c.alpha);
    out.dense_count = static_cast<double>(c.dense);
    out.num_output_orbits = static_cast<double>(c.outputs);
    out.group_order = c.order;
    all.push_back(std::move(out));
  }
  return all;
}

}  // namespace

double einsum_cost(const Arguments& a, std::string_view& operation) {
  operation = "einsum";
  const std::string subscripts = with_letters(subscripts_of(a.at(0)));
  if (!a.at(1).is_sequence()) throw_type_error("shapes is a list of shapes");
  std::vector<std::vector<std::int64_t>> shapes;
  std::vector<EinsumOperand> operands;
  for (const Value& v : a.at(1).as_items()) {
    shapes.push_back(to_array_shape(to_sizes(v)));
    operands.push_back({.tag = nullptr, .object = static_cast<int>(operands.size())});
  }
  const symmetry::Expression expression = symmetry::parse_einsum(subscripts, shapes);
  if (a.has(2)) {
    if (!a.at(2).is_sequence()) throw_type_error("operand_symmetries is a list of groups");
    const auto groups = a.at(2).as_items();
    if (groups.size() < operands.size()) throw_index_error("operand_symmetries has fewer groups than operands");
    for (std::size_t i = 0; i < operands.size(); ++i)
      if (groups[i].is(ValueKind::group)) {
        operands[i].tag = groups[i].as_group();
        symmetry::require_fits(*operands[i].tag, shapes[i]);
      }
  }
  merge_objects(a.at(3), operands);
  return static_cast<double>(price_einsum(expression, operands, contract::einsum_rules(a.model())).total);
}

double AccumulationRecord::savings_ratio() const { return ratio(total, num_terms, dense_baseline); }

namespace {

void add_counts(AccumulationRecord& record, const symmetry::Expression& expression,
                const symmetry::Accumulation& counts) {
  record.alpha = static_cast<double>(counts.alpha);
  record.m_total = static_cast<double>(counts.m);
  record.components = components_of(expression, counts);
}

AccumulationRecord einsum_record(const symmetry::Expression& expression, std::span<const EinsumOperand> operands,
                                 const CostModel& model) {
  const EinsumRules rules = contract::einsum_rules(model);
  const symmetry::EinsumPrice price = price_einsum(expression, operands, rules);
  AccumulationRecord record;
  record.total = static_cast<double>(price.total);
  record.mu = static_cast<double>(price.mu);
  record.num_terms = static_cast<int>(operands.size());
  record.fallback_used = price.fallback;
  record.dense_baseline = 1;
  for (const std::int64_t size : expression.sizes) record.dense_baseline *= static_cast<double>(size);
  if (operands.size() < 3) {
    add_counts(record, expression, price.counts);
    // The components are those of all labels, also where some were summed before the product.
    const auto all = price.reductions.empty() ? std::nullopt : joint_counts(expression, operands, rules);
    if (all) record.components = components_of(expression, *all);
    return record;
  }
  if (const auto counts = joint_counts(expression, operands, rules)) add_counts(record, expression, *counts);
  record.path = price.path;
  record.alpha = 0;
  for (const symmetry::StepPrice& step : price.steps) {
    record.steps.push_back(
        {static_cast<double>(step.cost), static_cast<double>(step.mu), static_cast<double>(step.alpha)});
    record.alpha += static_cast<double>(step.alpha);
  }
  return record;
}

AccumulationRecord einsum_accumulation(const Arguments& a) {  // subscripts, *operands, partition_budget=None
  const std::string_view subscripts = subscripts_of(a.at(0));
  std::vector<std::vector<std::int64_t>> shapes;
  std::vector<EinsumOperand> operands;
  std::vector<ArrayRef> arrays;
  for (const Value& v : a.at(1).as_items()) {
    const ArrayRef array = arrays.emplace_back(to_array(v));
    int object = static_cast<int>(operands.size());
    for (int i = 0; i < static_cast<int>(operands.size()); ++i)
      if (arrays[static_cast<std::size_t>(i)] == array) object = operands[static_cast<std::size_t>(i)].object;
    shapes.emplace_back(array->dims().begin(), array->dims().end());
    operands.push_back({.tag = array->tag(), .object = object});
  }
  return einsum_record(symmetry::parse_einsum(subscripts, shapes), operands, a.model());
}

AccumulationRecord reduction_accumulation(const Arguments& a) {  // a, axis=None, *, op_factor=1, extra_ops=0, ...
  const ArrayRef array = to_array(a.at(0));
  const std::vector<int> axes = reduced_axes(a.at(1), array->ndim);
  const double factor = a.number_or(2, 1), extra = a.number_or(3, 0);
  symmetry::Expression expression;
  symmetry::Word word;
  for (int d = 0; d < array->ndim; ++d) {
    expression.labels += static_cast<char>(d < 26 ? 'a' + d : 'A' + d - 26);
    expression.sizes.push_back(array->shape[d]);
    word.push_back(d);
    if (!std::binary_search(axes.begin(), axes.end(), d)) expression.output.push_back(d);
  }
  expression.inputs.push_back(word);
  const EinsumOperand operand{.tag = array->tag(), .object = 0};
  AccumulationRecord record = einsum_record(expression, {&operand, 1}, a.model());
  if (axes.empty()) {  // nothing is summed
    record.components.clear();
    record.total = record.alpha = 0;
    record.m_total = 1;
  }
  record.total = factor * record.total + extra;
  return record;
}

// A work that is not a sum is done once per distinct result: on the reduced elements, or at the cost given.
AccumulationRecord tier2_reduction(const Arguments& a) {  // a, axis=None, *, dense_per_output_cost=None
  const ArrayRef array = to_array(a.at(0));
  const Value& axis = a.at(1);
  const auto checked = axis.is_sequence() ? axis.as_items() : std::span(&axis, 1);
  for (const Value& v : checked)
    if (v.is(ValueKind::integer) && (v.i >= array->ndim || v.i < -array->ndim))
      throw_index_error("tuple index out of range");
  const std::vector<int> axes = reduced_axes(a.at(1), array->ndim);
  Dims kept;
  double reduced = 1;
  for (int d = 0; d < array->ndim; ++d) {
    if (std::binary_search(axes.begin(), axes.end(), d))
      reduced *= static_cast<double>(array->shape[d]);
    else
      kept.push_back(array->shape[d]);
  }
  double results = 1;
  for (const std::int64_t size : kept) results *= static_cast<double>(size);
  if (array->tag())
    results =
        symmetry::reduction_counts(array->tag(), array->dims(), axes, contract::einsum_rules(a.model())).orbits_out;
  AccumulationRecord record;
  record.total = results * a.number_or(2, reduced);
  return record;
}

}  // namespace

AccumulationRecord accumulation(std::string_view function, std::span<const Value> positional,
                                std::span<const NamedValue> named, const CostModel& model) {
  struct Function {
    std::string_view name, signature;
    AccumulationRecord (*run)(const Arguments&);
  };
  static constexpr Function k_functions[] = {
      {"einsum_accumulation_cost", "subscripts, *operands, partition_budget=None", einsum_accumulation},
      {"reduction_accumulation_cost", "a, axis=None, *, op_factor=1, extra_ops=0, partition_budget=None",
       reduction_accumulation},
      {"tier2_reduction_cost", "a, axis=None, *, dense_per_output_cost=None", tier2_reduction},
  };
  for (const Function& f : k_functions)
    if (f.name == function) {
      const BoundArguments arguments = bind(signature_of(f.name, f.signature), positional, named);
      return f.run(Arguments(arguments.values, model));
    }
  throw Error(ErrorKind::attribute_error, "there is no cost query '" + std::string(function) + "'");
}

}  // namespace flopscope::queries
