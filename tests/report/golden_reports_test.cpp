// SPDX-License-Identifier: MIT
// Every golden report: read, found consistent, written again under the same names, types, values and order; and a
// planted error in any figure is found.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <golden.hpp>
#include <whest/report/json_reader.hpp>
#include <whest/report/json_writer.hpp>
#include <whest/report/verify.hpp>

using namespace whest;
using nlohmann::ordered_json;

namespace {

// Names of all golden reports: files of the folder that hold results, not an error object or another command's output.
std::vector<std::string> golden_reports() {
  std::vector<std::string> names;
  for (const char* folder : {"runs/whest10", "runs/whest16"}) {
    for (const auto& entry : std::filesystem::directory_iterator(std::string(WHEST_TEST_DATA) + "/" + folder)) {
      std::string name = std::string(folder) + "/" + entry.path().filename().string();
      if (name.ends_with(".gz")) name.resize(name.size() - 3);
      if (!name.ends_with(".json") || test::golden_text(name).find("\"run_meta\"") == std::string::npos) continue;
      names.push_back(name);
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

const char* kind(const ordered_json& value) {
  if (value.is_number_integer()) return "integer";
  if (value.is_number_float()) return "float";
  return value.type_name();
}

// Every field of `theirs` is in `ours`, of the same type; null and a value may stand for each other.
void walk(const ordered_json& theirs, const ordered_json& ours, const std::string& path) {
  CAPTURE(path);
  if (theirs.is_null() || ours.is_null()) return;
  CHECK(std::string(kind(theirs)) == kind(ours));
  if (theirs.is_array()) {
    REQUIRE(theirs.size() == ours.size());
    for (std::size_t i = 0; i < theirs.size(); ++i) walk(theirs[i], ours[i], path + "[]");
  } else if (theirs.is_object()) {
    std::vector<std::string> order;
    for (const auto& [key, value] : theirs.items()) {
      if (key == "whestbench_version") continue;
      const bool found = ours.contains(key);
      CHECK_MESSAGE(found, path << "." << key);
      if (found) walk(value, ours.at(key), path + "." + key);
    }
  }
}

// The bare NaN of one golden report, as the reader takes it.
ordered_json parsed(const std::string& name) {
  std::string text = test::golden_text(name);
  for (std::size_t at = text.find(": NaN"); at != std::string::npos; at = text.find(": NaN"))
    text.replace(at, 5, ": null");
  return ordered_json::parse(text);
}

report::RunReport load(const std::string& name) {
  auto report = report::from_json(test::golden_text(name), name);
  REQUIRE_MESSAGE(report.has_value(), (report ? "" : report.error().message));
  return *report;
}

std::string first_or_none(const std::vector<std::string>& list) { return list.empty() ? "none" : list.front(); }

}  // namespace

TEST_CASE("there are golden reports of both versions") { CHECK(golden_reports().size() > 100); }

TEST_CASE("every golden report loads and is consistent") {
  for (const std::string& name : golden_reports()) {
    CAPTURE(std::string(name));
    CHECK(first_or_none(report::verify(load(name))) == "none");
  }
}

TEST_CASE("every golden report is written again as it was") {
  for (const std::string& name : golden_reports()) {
    CAPTURE(std::string(name));
    ordered_json golden = parsed(name);
    // 0.10's smoke test writes the configuration in another order, and a limit of null is not written by 0.10.
    const ordered_json again = ordered_json::parse(report::to_json(load(name)));
    const ordered_json& config = again["run_config"];
    CHECK(nlohmann::json(config) == nlohmann::json(golden["run_config"]));
    golden["run_config"] = config;
    CHECK(again.dump() == golden.dump());
  }
}

TEST_CASE("our reports have every field of theirs, of the same type") {
  for (const std::string& name : golden_reports()) {
    CAPTURE(std::string(name));
    report::RunReport report = load(name);
    report.is_ours = true;
    report.config.details.emplace();
    walk(parsed(name), ordered_json::parse(report::to_json(report)), "");
  }
}

TEST_CASE("verify finds a planted error in every figure") {
  const report::RunReport clean = load("runs/whest10/mean_seed7_n10_local.json");
  REQUIRE(report::verify(clean).empty());
  const auto finds = [&](const char* what, auto change) {
    report::RunReport report = clean;
    change(report);
    CAPTURE(what);
    CHECK_FALSE(report::verify(report).empty());
  };
  const auto next = [](double x) { return std::nextafter(x, 1e300); };
  finds("score",
        [&](auto& r) { r.aggregates.adjusted_final_layer_score = next(r.aggregates.adjusted_final_layer_score); });
  finds("mse", [&](auto& r) { r.aggregates.final_layer_mse = next(r.aggregates.final_layer_mse); });
  finds("all layers", [&](auto& r) { r.aggregates.all_layers_mse = next(r.aggregates.all_layers_mse); });
  finds("layer", [&](auto& r) { r.aggregates.per_layer_mse[3] = next(r.aggregates.per_layer_mse[3]); });
  finds("best", [&](auto& r) { r.aggregates.best_mlp_adjusted_final_layer_score = 0.0; });
  finds("worst", [&](auto& r) { r.aggregates.worst_mlp_adjusted_final_layer_score = 1.0; });
  finds("multiplier", [&](auto& r) { r.aggregates.mean_score_multiplier = 0.1; });
  finds("utilization", [&](auto& r) { r.aggregates.mean_compute_utilization = std::nan(""); });
  finds("compute", [&](auto& r) { r.aggregates.mean_effective_compute += 1.0; });
  finds("failed", [&](auto& r) { r.aggregates.n_failed_mlps = 1; });
  finds("counts", [&](auto& r) { r.aggregates.failures.error = 1; });
  finds("a network's score", [&](auto& r) { r.networks[4].adjusted_final_layer_score *= 2.0; });
  finds("a network's compute", [&](auto& r) { r.networks[4].effective_compute += 1.0; });
  finds("a network's wall", [&](auto& r) { r.networks[4].wall_s += 1e-6; });
  finds("a network's FLOPs", [&](auto& r) { r.networks[4].flops_used += 1; });
  finds("a network's last layer", [&](auto& r) { r.networks[4].errors.per_layer_mse.back() = 0.0; });
  finds("a breakdown's residual", [&](auto& r) { r.networks[4].breakdown->residual_s = std::nan(""); });
  finds("an operation's FLOPs",
        [&](auto& r) { r.networks[4].breakdown->by_namespace[0].operations[0].flop_cost += 1; });
  finds("an operation's calls", [&](auto& r) { r.networks[4].breakdown->by_namespace[0].operations[0].calls += 1; });
  finds("a namespace's time", [&](auto& r) { r.networks[4].breakdown->by_namespace[0].backend_s += 1e-6; });
  finds("a lost network", [&](auto& r) { r.networks.pop_back(); });
  finds("a lost breakdown", [&](auto& r) { r.networks[4].breakdown.reset(); });
  finds("the merged FLOPs", [&](auto& r) { r.estimator->flops_used += 1; });
  finds("the merged namespace", [&](auto& r) { r.estimator->by_namespace[0].name = "estimator.other"; });
  finds("the sampling's time", [&](auto& r) { r.sampling->wall_s += 1e-6; });
}

TEST_CASE("what is no report is one sentence") {
  const auto fault = [](const char* text) { return report::from_json(text, "x.json").error().message; };
  CHECK(fault("{") == "x.json is not valid JSON (at byte 2).");
  CHECK(fault("{}") == "x.json is not a report: there is no field 'results'.");
  CHECK(fault("[]") == "x.json is not a report: the parent of 'results' must be an object.");
  CHECK(fault(R"({"results": {}, "schema_version": 1})") ==
        "x.json is not a report: 'schema_version' must be a string.");
  CHECK(fault(R"({"results": {}, "schema_version": "9"})") ==
        "x.json is not a report: 'schema_version' is '9', and only 1.x can be read.");
  CHECK(report::load_report("/nonexistent.json").error().kind == base::ErrorKind::usage);
}
