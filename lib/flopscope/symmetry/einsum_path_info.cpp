// SPDX-License-Identifier: MIT
// The account of a contraction path.
#include <algorithm>
#include <cstdio>
#include <whest/flopscope/symmetry/einsum_path_info.hpp>
#include <whest/flopscope/symmetry/refusal.hpp>

namespace flopscope::symmetry {
namespace {

// The identity alone is a tag too.
bool is_symmetric(std::span<const EinsumOperand> operands) {
  for (std::size_t i = 0; i < operands.size(); ++i) {
    if (operands[i].tag) return true;
    for (std::size_t j = 0; j < i; ++j)
      if (operands[i].object == operands[j].object) return true;
  }
  return false;
}

bool is_greedy_family(const std::string& name) {
  return name == "greedy" || name == "eager" || name == "opportunistic" || name.starts_with("random-greedy");
}

// From 8 operands on greedy stands in for "auto", and where the model says so for whatever else would search (B.12).
bool is_shown_greedy(const PathRequest& request, const EinsumRules& rules, std::size_t operands) {
  if (operands < 8) return false;
  if (request.kind == PathRequest::Kind::named)
    return request.name == "auto" || (rules.long_paths_shown_greedy && !is_greedy_family(request.name));
  return request.kind == PathRequest::Kind::on && rules.long_paths_shown_greedy;
}

// What is shown as the optimizer: the request for symmetric operands, the search that ran for others.
std::string optimizer_name(const PathRequest& request, const EinsumRules& rules, std::size_t operands, bool symmetric) {
  if (is_shown_greedy(request, rules, operands)) return "greedy";
  if (symmetric) return request.kind == PathRequest::Kind::named ? request.name : "";
  if (operands <= 2) return "trivial";
  if (request.kind == PathRequest::Kind::given) return "";
  if (request.kind == PathRequest::Kind::named && request.name != "auto") {
    if (request.name != "auto-hq") return request.name;
    return operands <= 5 ? "optimal" : operands <= 16 ? "dynamic_programming" : "greedy";
  }
  return operands <= 4 ? "optimal" : operands <= 14 ? "branch" : "greedy";
}

// A list of words contracted along the shown path.
class Shown {
 public:
  Shown(const Expression& expression, const EinsumRules& rules)
      : m_expression(expression), m_rules(rules), m_words(expression.inputs) {}

  PathStep step(std::vector<int> positions, bool last) {
    PathStep shown;
    shown.positions = positions;
    std::ranges::sort(positions, std::greater<>());
    std::vector<Word> taken;
    for (const int position : positions) {
      taken.push_back(m_words[static_cast<std::size_t>(position)]);
      m_words.erase(m_words.begin() + position);
    }
    const Word result = last ? m_expression.output : needed(taken);
    for (const Word& word : taken) shown.subscripts += (&word == taken.data() ? "" : ",") + m_expression.letters(word);
    shown.subscripts += "->" + m_expression.letters(result);
    const Count total = dense_price(taken, result);
    shown.dense_cost = std::max<Count>(1, total);
    shown.cost = std::max<Count>(taken.size() > 1 ? 1 : 0, total);
    m_words.push_back(result);
    m_largest = std::max(m_largest, result.empty() ? 0 : size_of(result));
    return shown;
  }

  Count largest() const { return m_largest; }

 private:
  Word needed(const std::vector<Word>& taken) const {
    const auto in = [](const Word& word, int label) { return std::ranges::find(word, label) != word.end(); };
    Word result;
    for (const Word& word : taken)
      for (const int label : word)
        if (!in(result, label) && (in(m_expression.output, label) ||
                                   std::ranges::any_of(m_words, [&](const Word& other) { return in(other, label); })))
          result.push_back(label);
    return result;
  }

  Count size_of(const Word& word) const {
    Count product = 1;
    for (const int label : word) product *= m_expression.sizes[static_cast<std::size_t>(label)];
    return product;
  }

  // The price of this step alone, without tags.
  Count dense_price(const std::vector<Word>& taken, const Word& result) const {
    Expression alone = m_expression;
    alone.inputs = taken;
    alone.output = result;
    // Labels that do not occur here must not count.
    Word used;
    for (const Word& word : taken) used.insert(used.end(), word.begin(), word.end());
    std::ranges::sort(used);
    used.erase(std::ranges::unique(used).begin(), used.end());
    alone.labels.clear();
    alone.sizes.clear();
    alone.shapes.clear();
    for (const int label : used) {
      alone.labels += m_expression.labels[static_cast<std::size_t>(label)];
      alone.sizes.push_back(m_expression.sizes[static_cast<std::size_t>(label)]);
    }
    const auto renumber = [&](Word& word) {
      for (int& label : word) label = static_cast<int>(std::ranges::lower_bound(used, label) - used.begin());
    };
    for (Word& word : alone.inputs) renumber(word);
    renumber(alone.output);
    std::vector<EinsumOperand> operands;
    for (std::size_t i = 0; i < taken.size(); ++i) operands.push_back({nullptr, static_cast<int>(i)});
    return price_einsum(alone, operands, m_rules).total;
  }

  const Expression& m_expression;
  const EinsumRules& m_rules;
  std::vector<Word> m_words;
  Count m_largest = 0;
};

}  // namespace

void check_request(const PathRequest& request, std::size_t operands) {
  if (request.kind == PathRequest::Kind::named) path_strategy(request.name);
  if (request.kind != PathRequest::Kind::given) return;
  std::size_t left = operands;
  for (const std::vector<int>& step : request.path) {
    std::vector<int> positions = step;
    std::ranges::sort(positions);
    const bool repeated = std::ranges::adjacent_find(positions) != positions.end();
    if (positions.empty() || repeated || positions.front() < 0 || static_cast<std::size_t>(positions.back()) >= left)
      throw_index_error("pop index out of range");
    left = left - positions.size() + 1;
  }
}

Path shown_path(const PathRequest& request, const Expression& expression, const EinsumRules& rules) {
  const std::size_t n = expression.inputs.size();
  if (n <= 2) return find_path(expression, PathStrategy::automatic);
  if (request.kind == PathRequest::Kind::given) return request.path;
  if (is_shown_greedy(request, rules, n)) return find_path(expression, PathStrategy::greedy);
  const bool named = request.kind == PathRequest::Kind::named;
  return find_path(expression, named ? path_strategy(request.name) : PathStrategy::automatic);
}

PathInfo make_path_info(const Expression& expression, std::span<const EinsumOperand> operands, const EinsumPrice& price,
                        const PathRequest& request, const EinsumRules& rules) {
  PathInfo info;
  info.subscripts = expression.text();
  info.path = shown_path(request, expression, rules);
  info.optimizer = optimizer_name(request, rules, operands.size(), is_symmetric(operands));
  info.optimized_cost = std::max<Count>(0, price.total);
  Shown shown(expression, rules);
  Count shown_costs = 0;
  for (std::size_t i = 0; i < info.path.size(); ++i) {
    PathStep step = shown.step(info.path[i], i + 1 == info.path.size());
    if (i < price.steps.size()) {
      step.cost = price.steps[i].cost;
      step.source = price.steps[i].source;
      step.reductions = price.steps[i].reductions;
    } else if (operands.size() <= 2) {
      step.cost = info.optimized_cost;
      step.reductions = price.reductions;
      if (!price.fallback) step.source = StepSource::per_input;
    }
    info.naive_cost += step.dense_cost;
    shown_costs += step.cost;
    info.steps.push_back(std::move(step));
  }
  info.largest_intermediate = shown.largest();
  if (shown_costs > 0) info.speedup = static_cast<double>(info.naive_cost) / static_cast<double>(shown_costs);
  for (std::size_t i = 0; i < expression.labels.size(); ++i)
    info.sizes +=
        (i == 0 ? "" : ", ") + std::string(1, expression.labels[i]) + "=" + std::to_string(expression.sizes[i]);
  return info;
}

std::string PathInfo::table() const {
  const auto number = [](Count n) { return std::to_string(static_cast<long long>(n)); };
  const auto percent = [](double share) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f%%", 100 * share);
    return std::string(text);
  };
  char speed[32];
  std::snprintf(speed, sizeof speed, "%.3fx", speedup);
  std::string text = "contraction           " + subscripts + "\nindex sizes           " + sizes +
                     "\noptimizer             " + (optimizer.empty() ? "given" : optimizer) +
                     "\nnaive cost            " + number(naive_cost) + "\noptimized cost        " +
                     number(optimized_cost) + "\nspeedup               " + speed + "\nlargest intermediate  " +
                     number(largest_intermediate) + " elements\n\n";
  char line[256];
  std::snprintf(line, sizeof line, "%4s  %-10s  %-32s  %14s  %14s  %8s  %s\n", "step", "contract", "subscripts",
                "flops", "dense flops", "savings", "bound");
  text += line;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const PathStep& step = steps[i];
    std::string positions;
    for (const int p : step.positions) positions += (positions.empty() ? "(" : ", ") + std::to_string(p);
    positions += ")";
    const double saved =
        step.dense_cost > 0 ? 1 - static_cast<double>(step.cost) / static_cast<double>(step.dense_cost) : 0;
    std::snprintf(line, sizeof line, "%4zu  %-10s  %-32s  %14s  %14s  %8s  %s\n", i, positions.c_str(),
                  step.subscripts.c_str(), number(step.cost).c_str(), number(step.dense_cost).c_str(),
                  percent(saved).c_str(), step.source ? std::string(name_of(*step.source)).c_str() : "dense");
    text += line;
  }
  return text;
}

}  // namespace flopscope::symmetry
