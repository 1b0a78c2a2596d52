// SPDX-License-Identifier: MIT
// Repeats golden runs of the peers with estimators of our own and compares the reports by the rules.
#pragma once

#include <doctest/doctest.h>

#include <golden.hpp>
#include <whest/report/json_reader.hpp>
#include <whest/report/verify.hpp>

#include "program.hpp"

namespace whest::test {

using nlohmann::ordered_json;

// An estimator of tests/runner/estimators by file and class, or a bundled one by name.
struct Estimator {
  std::string file;
  std::string class_name;

  Words words() const {
    if (class_name.empty()) return {"--estimator", file};
    return {"--estimator", std::string(WHEST_BINARY_DIR) + "/tests/runner/estimators/" + file + ".so", "--class",
            class_name};
  }
};

inline Words joined(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

// `whest run ... --json` with the options of the golden runs.
inline Words run_words(const Estimator& estimator, const std::string& runner, const Words& options) {
  Words words = {"run", "--n-mlps", "3", "--sampler", "numpy", "--runner", runner, "--json"};
  return joined(joined(words, estimator.words()), options);
}

inline ordered_json report_of(const Result& result) {
  REQUIRE_MESSAGE(!result.out.empty(), result.err);
  const auto report = whest::report::from_json(result.out, "the report");
  REQUIRE_MESSAGE(report.has_value(), (report ? "" : report.error().message) << result.out);
  for (const std::string& finding : whest::report::verify(*report)) FAIL_CHECK(finding);
  return ordered_json::parse(result.out);
}

// The code that the rules give where the peers' depends on the runner or names a Python class.
inline std::string rule_code(const ordered_json& network) {
  const ordered_json& error = network["error"];
  if (error.is_object() && error["details"].contains("expected_shape")) {
    const bool right_shape = error["details"]["expected_shape"] == error["details"]["got_shape"];
    return right_shape ? "ESTIMATOR_NON_FINITE" : "ESTIMATOR_BAD_SHAPE";
  }
  return network["error_code"];
}

inline void check_network(const ordered_json& ours, const ordered_json& golden) {
  CAPTURE(golden["mlp_index"].get<int>());
  for (const char* flag :
       {"budget_exhausted", "time_exhausted", "residual_wall_time_exhausted", "combined_budget_exhausted"}) {
    CAPTURE(std::string(flag));
    CHECK(ours[flag] == golden[flag]);
  }
  CHECK(ours["flops_used"] == golden["flops_used"]);
  CHECK(ours["final_layer_mse"] == golden["final_layer_mse"]);
  CHECK(ours["all_layers_mse"] == golden["all_layers_mse"]);
  CHECK(ours["per_layer_mse"] == golden["per_layer_mse"]);
  CHECK(ours.contains("error") == golden.contains("error"));
  if (!golden.contains("error")) return;
  CHECK(ours["error_code"] == rule_code(golden));
  CHECK(ours["error"].is_object() == golden["error"].is_object());
  if (golden["error"].is_object()) {
    for (const auto& [key, value] : golden["error"]["details"].items()) CHECK(ours["error"]["details"].contains(key));
  }
}

// Every network, and the aggregates that no clock can move.
inline void check_report(const ordered_json& ours, const ordered_json& golden) {
  const ordered_json& a = ours["results"];
  const ordered_json& b = golden["results"];
  REQUIRE(a["per_mlp"].size() == b["per_mlp"].size());
  for (std::size_t i = 0; i < a["per_mlp"].size(); ++i) check_network(a["per_mlp"][i], b["per_mlp"][i]);
  for (const char* field :
       {"final_layer_mse", "all_layers_mse", "per_layer_mse", "n_failed_mlps", "failure_breakdown"}) {
    CAPTURE(std::string(field));
    CHECK(a[field] == b[field]);
  }
}

inline constexpr const char* k_runners[] = {"local", "subprocess"};

}  // namespace whest::test
