// SPDX-License-Identifier: MIT
// The einsum price without arrays: every einsum of golden/symmetry, its charge, path, steps and tag, in three versions.
#include <doctest/doctest.h>

#include <cmath>
#include <whest/flopscope/symmetry/einsum_price.hpp>

#include "symmetry_golden.hpp"

namespace {

using namespace flopscope::symmetry;
using whest::test::Json;

EinsumRules rules_of(const std::string& model) {
  if (model == "flopscope-0.5")
    return {.effort_limit = false,
            .empty_is_free = false,
            .complex_and_dtype_factors = false,
            .long_paths_shown_greedy = false};
  EinsumRules rules;
  rules.long_paths_shown_greedy = model == "flopscope-0.12";
  return rules;
}

struct Inputs {
  std::vector<std::vector<std::int64_t>> shapes;
  std::vector<EinsumOperand> operands;
};

Inputs inputs_of(const Json& list, std::size_t arity) {
  Inputs inputs;
  for (std::size_t i = 0; i < arity; ++i) {
    const Json& item = list.at(i);
    if (item.contains("same")) {
      const auto other = item["same"].get<std::size_t>();
      inputs.shapes.push_back(inputs.shapes[other]);
      inputs.operands.push_back(inputs.operands[other]);
      continue;
    }
    std::vector<std::int64_t> shape;
    TagRef tag;
    if (item.contains("view_T") || item.contains("view")) {
      const bool transposed = item.contains("view_T");
      const auto other = item[transposed ? "view_T" : "view"].get<std::size_t>();
      shape = inputs.shapes[other];
      tag = inputs.operands[other].tag;
      if (transposed) {
        std::vector<int> perm;
        for (std::size_t axis = shape.size(); axis-- > 0;) perm.push_back(static_cast<int>(axis));
        tag = transpose(tag, perm);
        std::reverse(shape.begin(), shape.end());
      }
    } else if (!item.contains("scalar")) {
      shape = item.at("shape").get<std::vector<std::int64_t>>();
      tag = item.contains("fill")  ? automatic(shape)
            : item.contains("tag") ? whest::test::tag_of(item["tag"])
                                   : nullptr;
    }
    inputs.shapes.push_back(shape);
    inputs.operands.push_back({tag, static_cast<int>(i)});
  }
  return inputs;
}

double dtype_rate(const std::string& dtype) {
  return dtype == "float64" || dtype == "int64" || dtype == "uint64" || dtype == "complex128" ? 2 : 1;
}

std::int64_t charge_of(const EinsumPrice& price, const std::string& dtype, const EinsumRules& rules) {
  const double cost = std::max(0.0, static_cast<double>(price.total));
  if (!rules.complex_and_dtype_factors) return static_cast<std::int64_t>(cost);
  const bool is_complex = dtype.starts_with("complex");
  return static_cast<std::int64_t>(cost * dtype_rate(dtype) * (is_complex ? complex_factor_of(price) : 1.0));
}

std::vector<std::vector<int>> path_of(const Json& path) { return path.get<std::vector<std::vector<int>>>(); }

bool is_fault(const Json& line, const std::string& model, const char* kind) {
  return line.contains("fault") && line["fault"].contains(model) && line["fault"][model] == kind;
}

void check_path(const Json& info, const Expression& expression, const EinsumPrice& price) {
  if (!info.contains("charged_path") || info["charged_path"].is_null()) return;
  CHECK(price.path == path_of(info["charged_path"]));
  std::vector<std::int64_t> costs;
  for (const StepPrice& step : price.steps) costs.push_back(static_cast<std::int64_t>(step.cost));
  CHECK(costs == info["charged_steps"].get<std::vector<std::int64_t>>());
  if (path_of(info["path"]) != price.path || costs.size() != info["steps"].size()) return;
  for (std::size_t i = 0; i < price.steps.size(); ++i) {
    const StepPrice& step = price.steps[i];
    const Json& expected = info["steps"][i];
    const std::string text =
        expression.letters(step.first) + "," + expression.letters(step.second) + "->" + expression.letters(step.result);
    CHECK(text == expected["subscripts"].get<std::string>());
    CHECK(static_cast<std::int64_t>(step.dense_cost) == expected["dense_cost"].get<std::int64_t>());
    if (!expected["source"].is_null())
      CHECK(std::string(name_of(step.source)) == expected["source"].get<std::string>());
  }
}

}  // namespace

TEST_CASE("golden einsum prices, paths and tags") {
  int checked = 0;
  for (const Json& line : whest::test::golden_lines("symmetry/einsum.jsonl")) {
    if (line["op"] != "einsum") continue;
    CAPTURE(line["id"].get<std::string>());
    CAPTURE(line["subscripts"].get<std::string>());
    const std::size_t arity = line.contains("arity") ? line["arity"].get<std::size_t>() : line["operands"].size();
    const Inputs inputs = inputs_of(line["operands"], arity);
    for (const std::string& model : whest::test::model_names()) {
      CAPTURE(model);
      if (is_fault(line, model, "internal")) continue;
      const Json& charge = line["charge"][model];
      const bool tag_fault = is_fault(line, model, "tag_on_wrong_axes");
      try {
        const Expression expression = parse_einsum(line["subscripts"].get<std::string>(), inputs.shapes);
        const EinsumRules rules = rules_of(model);
        const EinsumPrice price = price_einsum(expression, inputs.operands, rules);
        const Json& result = line["result"][tag_fault ? "flopscope-0.12" : model];
        const bool refused_elsewhere = line.contains("kwargs");
        if (charge.is_object() && !tag_fault) {
          CHECK_MESSAGE(refused_elsewhere, "should have been refused");
          continue;
        }
        std::int64_t expected = charge.is_object() ? charge["charged"].get<std::int64_t>() : charge.get<std::int64_t>();
        if (is_fault(line, model, "refund")) expected = 0;
        if (line.contains("kwargs") && line["kwargs"].contains("out")) continue;  // a second record in 0.12
        CHECK(charge_of(price, result.value("dtype", "float64"), rules) == expected);
        if (line.contains("path_info") && line["path_info"].contains(model))
          check_path(line["path_info"][model], expression, price);
        if (!(line.contains("kwargs") && line["kwargs"].contains("symmetry"))) {
          const TagRef tag = einsum_result_tag(expression, inputs.operands);
          const TagRef wanted = result.contains("tag") ? whest::test::result_tag_of(result["tag"]) : nullptr;
          CHECK_MESSAGE(same_symmetry(tag, wanted), whest::test::text_of(tag), " for ", whest::test::text_of(wanted));
        }
        ++checked;
      } catch (const flopscope::Error& error) {
        CHECK_MESSAGE(charge.is_object(), error.what());
        if (charge.is_object()) CHECK(whest::test::class_of(error) == charge["error"].get<std::string>());
      }
    }
  }
  CHECK(checked >= 2000);
}
