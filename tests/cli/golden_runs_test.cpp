// SPDX-License-Identifier: MIT
// The golden runs of whestbench 0.10, repeated by the program with estimators of our own: the same networks fail for
// the same reason, with the flags, codes and exit statuses of the rules; errors and scores to the bit where the
// predictions are the same.
#include "golden_runs.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace whest::test;

namespace {

struct Case {
  std::string golden;  // the run whose report it is compared with
  Estimator estimator;
  Words options;
  int exit_code;
};

}  // namespace

TEST_CASE("failing golden runs: the same failures, by the rules, in both runners") {
  const std::vector<Case> cases = {
      {"raises_subprocess", {"raising", "Raises"}, {}, 1},
      {"empty_message_subprocess", {"raising", "EmptyMessage"}, {}, 1},  // the peers exit 0: not copied
      {"memory_subprocess", {"raising", "BadAlloc"}, {}, 1},             // the same accident
      {"nested_context_subprocess", {"raising", "NestedContext"}, {}, 1},
      {"says_context_subprocess", {"raising", "SaysContext"}, {}, 1},
      {"shape_subprocess", {"returning", "Shape"}, {}, 1},
      {"transposed_subprocess", {"returning", "Transposed"}, {}, 1},
      {"flat_subprocess", {"returning", "Flat"}, {}, 1},
      {"none_subprocess", {"returning", "Nothing"}, {}, 1},
      {"list_subprocess", {"returning", "Scalar"}, {}, 1},
      {"nan_subprocess", {"returning", "OneNan"}, {}, 1},
      {"inf_subprocess", {"returning", "OneInfinity"}, {}, 1},
      {"overflow_subprocess", {"returning", "Overflow"}, {}, 1},
      {"float64_subprocess", {"returning", "Float64"}, {}, 0},
      {"integer_subprocess", {"returning", "Integer"}, {}, 0},
      {"budget_caught_subprocess", {"limits", "BudgetCaught"}, {"--flop-budget", "1000000"}, 0},
      {"teardown_subprocess", {"raising", "TeardownRaises"}, {}, 0},
      {"budget_subprocess", {"limits", "Budget"}, {"--flop-budget", "1000000"}, 0},
      {"budget_first_op_subprocess", {"limits", "BudgetFirstOp"}, {"--flop-budget", "1000000"}, 0},
      {"wall_between_subprocess", {"limits", "WallBetween"}, {"--wall-time-limit", "0.2"}, 0},
      {"wall_end_subprocess", {"limits", "WallEnd"}, {"--wall-time-limit", "0.2"}, 0},
      {"residual_subprocess", {"limits", "Residual"}, {"--residual-wall-time-limit", "0.1"}, 0},
      {"combined_subprocess", {"limits", "Residual"}, {"--lambda-flops-per-second", "1e12"}, 0},
  };
  for (const Case& one : cases) {
    for (const char* runner : k_runners) {
      CAPTURE(one.golden);
      CAPTURE(runner);
      const Words options = joined(one.options, {"--seed", "7", "--n-samples", "2000"});
      const Result result = run_whest(run_words(one.estimator, runner, options));
      CHECK_MESSAGE(result.exit_code == one.exit_code, result.err);
      check_report(report_of(result), golden_json(std::string("runs/whest10/") + one.golden + ".json"));
    }
  }
}

TEST_CASE("namespaces of an estimator have the peers' names, FLOPs and calls") {
  const ordered_json golden =
      golden_json("runs/whest10/namespaces_subprocess.json")["results"]["breakdowns"]["estimator"];
  for (const char* runner : k_runners) {
    const Result result =
        run_whest(run_words({"returning", "Namespaces"}, runner, {"--seed", "7", "--n-samples", "20000"}));
    const ordered_json ours = report_of(result)["results"]["breakdowns"]["estimator"];
    CHECK(ours["by_namespace"].size() == golden["by_namespace"].size());
    for (const auto& [name, space] : golden["by_namespace"].items()) {
      CAPTURE(std::string(name));
      REQUIRE(ours["by_namespace"].contains(name));
      CHECK(ours["by_namespace"][name]["flops_used"] == space["flops_used"]);
      CHECK(ours["by_namespace"][name]["calls"] == space["calls"]);
    }
  }
}

TEST_CASE("an estimator that cannot be chosen is a usage error, in both runners alike") {
  const std::string plugin = std::string(WHEST_BINARY_DIR) + "/tests/runner/estimators/raising.so";
  for (const char* runner : k_runners) {
    const Words words = {"run", "--estimator", plugin, "--runner", runner, "--n-mlps", "1", "--n-samples", "100"};
    const Result ambiguous = run_whest(words);
    CHECK(ambiguous.exit_code == 2);
    CHECK(ambiguous.err.find("--class") != std::string::npos);
    CHECK(std::count(ambiguous.err.begin(), ambiguous.err.end(), '\n') == 1);
    const Result unknown = run_whest(joined(words, {"--class", "Raisse"}));
    CHECK(unknown.exit_code == 2);
    CHECK(unknown.err.find("Raisse") != std::string::npos);
    CHECK(unknown.err.find("Did you mean 'Raises'?") != std::string::npos);
    CHECK(std::count(unknown.err.begin(), unknown.err.end(), '\n') == 1);
  }
}

TEST_CASE("a setup that fails fails the submission") {
  struct Setup {
    Estimator estimator;
    Words options;
    const char* code;
  };
  const std::vector<Setup> cases = {{{"raising", "SetupRaises"}, {}, "SETUP_ERROR"},
                                    {{"limits", "SetupSlow"}, {"--setup-timeout", "0.1"}, "SETUP_TIMEOUT"}};
  for (const Setup& one : cases) {
    for (const char* runner : k_runners) {
      CAPTURE(one.code);
      CAPTURE(runner);
      const Result result = run_whest(run_words(one.estimator, runner, joined(one.options, {"--n-samples", "100"})));
      CHECK(result.exit_code == 1);
      const auto object = ordered_json::parse(result.out);
      CHECK(object["ok"] == false);
      CHECK(object["error"]["stage"] == "setup");
      CHECK(object["error"]["code"] == one.code);
    }
  }
}

TEST_CASE("a process that dies costs its own network only") {
  const Result eight =
      run_whest({"run", "--estimator", std::string(WHEST_BINARY_DIR) + "/tests/runner/estimators/dying.so", "--class",
                 "Crash", "--runner", "subprocess", "--n-mlps", "8", "--seed", "7", "--n-samples", "200", "--json"});
  CHECK(eight.exit_code == 1);
  const ordered_json report = report_of(eight);
  int died = 0, scored = 0;
  for (const auto& network : report["results"]["per_mlp"]) {
    if (!network.contains("error")) {
      ++scored;
      continue;
    }
    ++died;
    CHECK(network["error_code"] == "WORKER_EOF");
    for (const char* key : {"signal", "exit_status", "out_of_memory"}) CHECK(network["error"]["details"].contains(key));
  }
  CHECK(died > 0);
  CHECK(scored > 0);
}

TEST_CASE("fail-fast stops at the first failure and shows it; debug shows the detail") {
  const Words more = {"--seed", "7", "--n-samples", "200", "--fail-fast"};
  for (const char* runner : k_runners) {
    const Result raised = run_whest(run_words({"raising", "Raises"}, runner, more));
    CHECK(raised.exit_code == 1);
    ordered_json error = ordered_json::parse(raised.out)["error"];
    CHECK(error["stage"] == "predict");
    CHECK(error["code"] == "PREDICT_ERROR");
    CHECK(error["message"] == "deliberate failure in predict");
    CHECK_FALSE(error.contains("traceback"));
    const Result debug = run_whest(run_words({"raising", "Raises"}, runner, joined(more, {"--debug"})));
    CHECK(ordered_json::parse(debug.out)["error"].contains("traceback"));
    const Result shape = run_whest(run_words({"returning", "Transposed"}, runner, more));
    error = ordered_json::parse(shape.out)["error"];
    CHECK(error["code"] == "ESTIMATOR_BAD_SHAPE");
    CHECK(error["details"]["got_shape"] == ordered_json::array({256, 8}));
    const Result budget =
        run_whest(run_words({"limits", "Budget"}, runner, joined(more, {"--flop-budget", "1000000"})));
    CHECK(budget.exit_code == 1);
    CHECK(ordered_json::parse(budget.out)["error"]["code"] == "SCORING_RUNTIME_ERROR");
  }
}

TEST_CASE("fail-fast names the network, the code and the hint, for people as for machines") {
  for (const char* runner : k_runners) {
    const Words words = run_words({"returning", "Transposed"}, runner, {"--seed", "7", "--n-samples", "200"});
    const auto error = ordered_json::parse(run_whest(joined(words, {"--fail-fast"})).out)["error"];
    CHECK(error["details"]["mlp_index"] == 0);
    const auto name = error["details"]["mlp_name"].get<std::string>(),
               hint = error["details"]["hint"].get<std::string>();
    for (const char* format : {"plain", "rich"}) {
      Words for_people = joined(words, {"--fail-fast", "--format", format});
      std::erase(for_people, "--json");
      const Result stopped = run_whest(for_people);
      CHECK(stopped.exit_code == 1);
      CHECK(stopped.out.empty());
      CHECK(stopped.err.find("network #0 (" + name + "): ") != std::string::npos);
      CHECK(stopped.err.find("[ESTIMATOR_BAD_SHAPE]") != std::string::npos);
      CHECK(stopped.err.find("hint: " + hint) != std::string::npos);
    }
    // Without --fail-fast the panel of errors has the same advice, once for all networks.
    Words whole = joined(words, {"--format", "plain"});
    std::erase(whole, "--json");
    const std::string shown = run_whest(whole).out;
    const std::size_t at = shown.find("Hint: " + hint.substr(0, 40));
    REQUIRE(at != std::string::npos);
    CHECK(shown.find("Hint: ", at + 1) == std::string::npos);
  }
}

TEST_CASE("clean golden runs: FLOPs exactly, errors to the bit or to the float's tolerance") {
  struct Clean {
    const char* golden;
    Estimator estimator;
    double relative_tolerance;  // of every error; 0: to the bit
  };
  const std::vector<Clean> cases = {{"zeros", {"zeros", ""}, 0.0},
                                    {"random", {"random", ""}, 0.0},
                                    {"mean", {"mean_propagation", ""}, 1e-4},
                                    {"covariance", {"covariance_propagation", ""}, 1e-4}};
  for (const Clean& one : cases) {
    for (const char* seed : {"0", "7"}) {
      for (const char* runner : k_runners) {
        const std::string name = std::string(one.golden) + "_seed" + seed + "_" + runner;
        CAPTURE(std::string(name));
        const Result result = run_whest(run_words(one.estimator, runner, {"--seed", seed, "--n-samples", "20000"}));
        CHECK_MESSAGE(result.exit_code == 0, result.err);
        const ordered_json ours = report_of(result), golden = golden_json("runs/whest10/" + name + ".json");
        if (one.relative_tolerance == 0.0) {
          check_report(ours, golden);
          continue;
        }
        const auto close = [&](const ordered_json& a, const ordered_json& b) {
          CHECK(std::fabs(a.get<double>() - b.get<double>()) <= one.relative_tolerance * b.get<double>());
        };
        const ordered_json &a = ours["results"], &b = golden["results"];
        close(a["final_layer_mse"], b["final_layer_mse"]);
        close(a["all_layers_mse"], b["all_layers_mse"]);
        for (std::size_t i = 0; i < 3; ++i) {
          close(a["per_mlp"][i]["final_layer_mse"], b["per_mlp"][i]["final_layer_mse"]);
          CHECK(a["per_mlp"][i]["flops_used"] == b["per_mlp"][i]["flops_used"]);
        }
        // The split by operation: the same names, prices and calls.
        const ordered_json& mine =
            a["breakdowns"]["estimator"]["by_namespace"]["estimator.estimator-client"]["operations"];
        for (const auto& [operation, theirs] :
             b["breakdowns"]["estimator"]["by_namespace"]["estimator.estimator-client"]["operations"].items()) {
          CAPTURE(operation);
          REQUIRE(mine.contains(operation));
          CHECK(mine[operation]["flop_cost"] == theirs["flop_cost"]);
        }
      }
    }
  }
}

TEST_CASE("the sampling is billed as the peers' is") {
  const Result result = run_whest(run_words({"zeros", ""}, "local", {"--seed", "7", "--n-samples", "20000"}));
  const ordered_json ours = report_of(result)["results"]["breakdowns"]["sampling"];
  const ordered_json theirs = golden_json("runs/whest10/zeros_seed7_local.json")["results"]["breakdowns"]["sampling"];
  CHECK(ours["flops_used"] == theirs["flops_used"]);
  CHECK(ours["flop_budget"] == theirs["flop_budget"]);
  for (const auto& [operation, golden] :
       theirs["by_namespace"]["sampling.sample_layer_statistics"]["operations"].items()) {
    CAPTURE(operation);
    const ordered_json& mine = ours["by_namespace"]["sampling.sample_layer_statistics"]["operations"][operation];
    CHECK(mine["flop_cost"] == golden["flop_cost"]);
    CHECK(mine["calls"] == golden["calls"]);
  }
}
