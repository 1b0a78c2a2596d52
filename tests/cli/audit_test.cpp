// SPDX-License-Identifier: MIT
// whest run --audit-cost-model: the second price is what a run under that model charges; the run itself is untouched.
#include <doctest/doctest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <whest/report/json_reader.hpp>
#include <whest/report/verify.hpp>

#include "program.hpp"

using nlohmann::ordered_json;
using whest::test::Result;
using whest::test::run_whest;
using whest::test::Words;

namespace {

ordered_json run(const std::string& estimator, const Words& more) {
  Words words = {"run",
                 "--estimator",
                 estimator,
                 "--width",
                 "256",
                 "--depth",
                 "8",
                 "--n-mlps",
                 "2",
                 "--n-samples",
                 "200",
                 "--seed",
                 "5",
                 "--flop-budget",
                 "100000000000",
                 "--lambda-flops-per-second",
                 "0",
                 "--json"};  // no time may show
  words.insert(words.end(), more.begin(), more.end());
  const Result result = run_whest(words);
  REQUIRE_MESSAGE(result.exit_code == 0, result.err);
  const auto report = whest::report::from_json(result.out, "the report");
  REQUIRE_MESSAGE(report.has_value(), result.out);
  for (const std::string& finding : whest::report::verify(*report)) FAIL_CHECK(finding);
  return ordered_json::parse(result.out);
}

// Calls and FLOPs by namespace and operation.
std::map<std::string, std::pair<std::int64_t, std::int64_t>> operations(const ordered_json& breakdown) {
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> all;
  for (const auto& [name, space] : breakdown["by_namespace"].items()) {
    for (const auto& [operation, figures] : space["operations"].items())
      all[name + "/" + operation] = {figures["calls"], figures["flop_cost"]};
  }
  return all;
}

}  // namespace

TEST_CASE("the audit of a run is the run under the other model, in both runners") {
  for (const std::string estimator : {"mean_propagation", "covariance_propagation"}) {
    const ordered_json plain = run(estimator, {"--cost-model", "flopscope-0.5"});
    CHECK_FALSE(plain["results"]["breakdowns"].contains("estimator_audit"));
    for (const std::string model : {"flopscope-0.9", "flopscope-0.12"}) {
      const ordered_json own = run(estimator, {"--cost-model", model});
      for (const std::string runner : {"local", "subprocess"}) {
        CAPTURE(estimator);
        CAPTURE(model);
        CAPTURE(runner);
        const ordered_json audited =
            run(estimator, {"--cost-model", "flopscope-0.5", "--audit-cost-model", model, "--runner", runner});
        CHECK(audited["run_config"]["audit_cost_model"] == model);
        const ordered_json& audit = audited["results"]["breakdowns"]["estimator_audit"];
        const ordered_json& expected = own["results"]["breakdowns"]["estimator"];
        CHECK(audit["cost_model"] == model);
        CHECK(audit["flops_used"] == expected["flops_used"]);
        CHECK(operations(audit) == operations(expected));
        CHECK(audit["refused"].empty());
        for (std::size_t i = 0; i < 2; ++i) {
          const ordered_json& network = audited["results"]["per_mlp"][i];
          CHECK(network["breakdowns"]["estimator_audit"]["flops_used"] ==
                own["results"]["per_mlp"][i]["breakdowns"]["estimator"]["flops_used"]);
          CHECK(network["flops_used"] == plain["results"]["per_mlp"][i]["flops_used"]);
          CHECK(network["final_layer_mse"] == plain["results"]["per_mlp"][i]["final_layer_mse"]);
        }
      }
    }
  }
}

TEST_CASE("the console shows both prices; an unknown list is a usage error") {
  const Words words = {"run",      "--estimator", "mean_propagation", "--width", "16",     "--depth", "2",
                       "--n-mlps", "1",           "--n-samples",      "100",     "--seed", "1"};
  Words audited = words, unknown = words;
  audited.insert(audited.end(), {"--format", "plain", "--audit-cost-model", "flopscope-0.9"});
  const Result shown = run_whest(audited);
  CHECK(shown.exit_code == 0);
  CHECK(shown.out.find("Estimator under flopscope-0.9") != std::string::npos);
  CHECK(shown.out.find("flops under flopscope-0.9") != std::string::npos);
  unknown.insert(unknown.end(), {"--audit-cost-model", "flopscope-0.91"});
  const Result refused = run_whest(unknown);
  CHECK(refused.exit_code == 2);
  CHECK(refused.err.find("--audit-cost-model") != std::string::npos);
}
