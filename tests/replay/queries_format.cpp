// SPDX-License-Identifier: MIT
#include "queries_format.hpp"

#include <fmt/format.h>

#include <cmath>
#include <optional>
#include <whest/flopscope/core/errors.hpp>
#include <whest/flopscope/queries/query.hpp>

#include "decode.hpp"

namespace flopscope::replay {
namespace {

using queries::AccumulationRecord;
using queries::Weights;

// A golden integer as its digits: a number, or {"int": "..."} where it passes 2^63.
std::string golden_digits(const Json& j) {
  return j.is_object() ? j.at("int").get<std::string>() : std::to_string(j.get<std::int64_t>());
}

struct Question {
  std::string function;
  Decoder decoder;
  std::vector<Value> args;
  std::vector<std::string> names;
  std::vector<NamedValue> named;

  explicit Question(const Json& line) : function(line.at("function").get<std::string>()) {
    args = decoder.positional(line.at("args"));
    for (const auto& [name, value] : line.at("kwargs").items()) names.push_back(name);
    std::size_t i = 0;
    for (const auto& [name, value] : line.at("kwargs").items()) named.push_back({names[i++], decoder.value(value)});
  }
};

void compare_number(const char* what, double got, const Json& want, std::vector<std::string>& out) {
  const double value = want.is_object() ? std::stod(want.at("int").get<std::string>()) : want.get<double>();
  if (std::abs(got - value) > 1e-12 * std::abs(value))
    out.push_back(fmt::format("{} {} instead of {}", what, got, value));
}

void compare_components(const AccumulationRecord& got, const Json& want, std::vector<std::string>& out) {
  if (got.components.size() != want.size()) {
    out.push_back(fmt::format("{} components instead of {}", got.components.size(), want.size()));
    return;
  }
  for (std::size_t i = 0; i < want.size(); ++i) {
    const auto& c = got.components[i];
    const Json& w = want.at(i);
    compare_number("m", c.m, w.at("m"), out);
    compare_number("alpha of a component", c.alpha, w.at("alpha"), out);
    compare_number("dense_count", c.dense_count, w.at("dense_count"), out);
    compare_number("num_output_orbits", c.num_output_orbits, w.at("num_output_orbits"), out);
    compare_number("group_order", static_cast<double>(c.group_order), w.at("group_order"), out);
    if (Json(c.labels) != w.at("labels")) out.push_back("labels of a component");
    if (Json(c.kept) != w.at("va") || Json(c.summed) != w.at("wa")) out.push_back("kept or summed labels");
    if (Json(c.sizes) != w.at("sizes")) out.push_back("sizes of a component");
  }
}

// tier2_reduction_cost answers with a number, the others with a record.
void compare_record(const AccumulationRecord& got, const Json& want, std::vector<std::string>& out) {
  if (want.is_number()) return compare_number("value", got.total, want, out);
  compare_number("total", got.total, want.at("total"), out);
  compare_number("mu", got.mu, want.at("mu"), out);
  compare_number("alpha", got.alpha, want.at("alpha"), out);
  compare_number("m_total", got.m_total, want.at("m_total"), out);
  compare_number("dense_baseline", got.dense_baseline, want.at("dense_baseline"), out);
  compare_number("num_terms", got.num_terms, want.at("num_terms"), out);
  compare_number("savings_ratio", got.savings_ratio(), want.at("savings_ratio"), out);
  if (got.fallback_used != want.at("fallback_used").get<bool>()) out.push_back("fallback_used");
  if (got.fallback_used) return;
  compare_components(got, want.at("per_component"), out);
  if (want.at("path").is_null()) {
    if (!got.path.empty()) out.push_back("a path where none is expected");
    return;
  }
  if (Json(got.path) != want.at("path")) out.push_back("path " + Json(got.path).dump());
  const Json& steps = want.at("per_step");
  if (got.steps.size() != steps.size()) return out.push_back(fmt::format("{} steps", got.steps.size()));
  for (std::size_t i = 0; i < steps.size(); ++i) {
    compare_number("total of a step", got.steps.at(i).total, steps.at(i).at("total"), out);
    compare_number("mu of a step", got.steps.at(i).mu, steps.at(i).at("mu"), out);
    compare_number("alpha of a step", got.steps.at(i).alpha, steps.at(i).at("alpha"), out);
  }
}

void ask(const Json& line, const std::string& model_name, Weights weights, const Json& want,
         std::vector<std::string>& out) {
  const CostModel& model = cost_model(model_name);
  Question q(line);
  if (q.function.find('.') == std::string::npos)
    return compare_record(queries::accumulation(q.function, q.args, q.named, model), want, out);
  const std::string got = queries::digits(queries::cost(q.function, q.args, q.named, model, weights));
  if (got != golden_digits(want))
    out.push_back(
        fmt::format("{}{} instead of {}", weights == Weights::none ? "unweighted " : "", got, golden_digits(want)));
}

// The price of equal operands of which one loses axes: the packages die of an internal error there (README of the
// golden symmetry data, `internal`), ours answers.
bool is_internal_fault(const Json& line, const Json& error) {
  if (line.at("function").get<std::string>().find("einsum") == std::string::npos) return false;
  const std::string text = error.at(1).get<std::string>();
  return text.starts_with("list index") || text.starts_with("list assignment index") ||
         text.starts_with("kept must be non-empty") || text.starts_with("cycle size mismatch");
}

void replay_under(const std::string& model, const Json& line, std::vector<std::string>& out) {
  std::optional<std::string> refused;
  std::vector<std::string> differences;
  const Json& want = line.at("value").at(model);
  try {
    ask(line, model, Weights::of_model, want.is_null() ? Json(0) : want, differences);
    if (line.contains("unweighted") && line.at("unweighted").contains(model) && !want.is_null())
      ask(line, model, Weights::none, line.at("unweighted").at(model), differences);
  } catch (const Error& e) {
    refused = fmt::format("{}: {}", class_name(e.kind()), e.what());
  }
  if (want.is_null() && !refused && is_internal_fault(line, line.at("error").at(model))) return;
  if (want.is_null()) {
    const std::string error = line.at("error").at(model).at(0).get<std::string>();
    if (!refused || !refused->starts_with(error + ":"))
      out.push_back(fmt::format("{}: {} instead of {}", model, refused.value_or("an answer"), error));
    return;
  }
  if (refused) out.push_back(fmt::format("{}: {}", model, *refused));
  for (const std::string& d : differences) out.push_back(fmt::format("{}: {}", model, d));
}

}  // namespace

bool is_query(const Json& line) { return line.contains("function") && line.contains("value"); }

LineResult replay_query(const Json& line, const Settings& settings) {
  LineResult out;
  out.id = line.at("id").get<std::string>();
  out.op = line.at("function").get<std::string>();
  out.group = "queries";
  if (is_left_out(out, settings)) return out;
  replay_under_models(out, settings, line.at("value"),
                      [&](const std::string& model) { replay_under(model, line, out.mismatches); });
  return out;
}

}  // namespace flopscope::replay
