// SPDX-License-Identifier: MIT
// The rest of the failing golden runs: what happens once in the life of an estimator, processes that end, estimators
// that cannot be made or chosen, refused input, and the failures again under the rules of whestbench 0.16.
#include <algorithm>

#include "golden_runs.hpp"

using namespace whest::test;

namespace {

const Words k_failing_run = {"--seed", "7", "--n-samples", "2000"};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// A run of a file written here, which cannot become an estimator: one sentence first, exit 2, in both runners.
void check_no_estimator(const std::string& source, const std::string& part) {
  const FreshDirectory directory;
  directory.write("estimator.cpp", source);
  for (const char* runner : k_runners) {
    CAPTURE(std::string(runner));
    const Result result =
        Program(directory, {"run", "--estimator", "estimator.cpp", "--runner", runner, "--json"}).wait();
    CHECK(result.exit_code == 2);
    CHECK_MESSAGE(has(result.err, part), result.err);
    CHECK(result.err.starts_with("whest: error: "));
    const ordered_json error = ordered_json::parse(result.out)["error"];
    CHECK(error["stage"] == "run");
    CHECK(error["code"] == "SCORING_VALIDATION_ERROR");
  }
}

}  // namespace

TEST_CASE("a failure in the second network costs that network only, in both runners") {
  for (const char* runner : k_runners) {
    CAPTURE(std::string(runner));
    const Result result = run_whest(run_words({"second", "RaisesOnce"}, runner, k_failing_run));
    CHECK(result.exit_code == 1);
    check_report(report_of(result), golden_json(std::string("runs/whest10/raises_second_") + runner + ".json"));
  }
  // Each network meets the state that setup left: an object that counts its own calls never gets to the second.
  const Result fresh = run_whest(run_words({"raising", "RaisesSecond"}, "subprocess", k_failing_run));
  CHECK(fresh.exit_code == 0);
  CHECK(report_of(fresh)["results"]["n_failed_mlps"] == 0);
  const Result local = run_whest(run_words({"raising", "RaisesSecond"}, "local", k_failing_run));
  check_report(report_of(local), golden_json("runs/whest10/raises_second_local.json"));
}

TEST_CASE("an exception with details has them in the report, and its hint is shown") {
  for (const char* runner : k_runners) {
    CAPTURE(std::string(runner));
    const Words words = run_words({"raising", "RaisesDetails"}, runner, k_failing_run);
    const Result result = run_whest(words);
    CHECK(result.exit_code == 1);
    const ordered_json ours = report_of(result);
    const ordered_json golden = golden_json(std::string("runs/whest10/details_") + runner + ".json");
    check_report(ours, golden);
    for (std::size_t i = 0; i < 3; ++i) {
      CHECK(ours["results"]["per_mlp"][i]["error"] == golden["results"]["per_mlp"][i]["error"]);
    }
    CHECK(has(run_whest(joined(words, {"--fail-fast"})).err, "hint: made up"));
    const ordered_json none = report_of(run_whest(run_words({"raising", "RaisesNoDetails"}, runner, k_failing_run)));
    for (const ordered_json& network : none["results"]["per_mlp"]) CHECK(network["error"] == "no details");
  }
}

TEST_CASE("a line on standard output in predict spoils nothing, in either runner") {
  // The peers' local runner prints it into the JSON, their subprocess runner reads it as an answer: not copied.
  const ordered_json theirs = golden_json("runs/whest10/prints_subprocess.json");
  for (const char* runner : k_runners) {
    CAPTURE(std::string(runner));
    const Result result = run_whest(run_words({"second", "PrintsOnce"}, runner, k_failing_run));
    CHECK(result.exit_code == 0);
    const ordered_json report = report_of(result);
    CHECK(report["results"]["n_failed_mlps"] == 0);
    CHECK_FALSE(has(result.out, "hello from predict"));
    for (std::size_t i = 0; i < 3; ++i) {
      CHECK(report["results"]["per_mlp"][i]["final_layer_mse"] == theirs["results"]["per_mlp"][i]["final_layer_mse"]);
    }
  }
}

TEST_CASE("a process that ends costs the network that it ended in; in local it is the program's own end") {
  struct Ending {
    const char* class_name;
    std::string golden;
    int local_exit;  // a signal as the peers' program ends; an exit is a failure, whatever its status
    ordered_json signal, exit_status;
  };
  const std::vector<Ending> endings = {{"CrashesOnce", "crash_subprocess", 128 + SIGSEGV, SIGSEGV, nullptr},
                                       {"LeavesOnce", "exits_subprocess", 1, nullptr, 3},
                                       {"ExitsOnce", "sys_exit_subprocess", 1, nullptr, 5}};
  for (const Ending& one : endings) {
    CAPTURE(one.class_name);
    const Result result = run_whest(run_words({"second", one.class_name}, "subprocess", k_failing_run));
    CHECK(result.exit_code == 1);
    const ordered_json ours = report_of(result)["results"]["per_mlp"];
    const ordered_json golden = golden_json(std::string("runs/whest10/") + one.golden + ".json")["results"]["per_mlp"];
    check_network(ours[0], golden[0]);
    CHECK(ours[1]["error_code"] == golden[1]["error_code"]);
    CHECK(ours[1]["error"]["details"]["signal"] == one.signal);
    CHECK(ours[1]["error"]["details"]["exit_status"] == one.exit_status);
    // The peers have no worker left for the third; the rule has.
    CHECK_FALSE(ours[2].contains("error"));
    for (std::size_t i = 0; i < 3; ++i) {
      CHECK(ours[i]["final_layer_mse"] == golden[i]["final_layer_mse"]);
      CHECK(ours[i]["flops_used"] == golden[i]["flops_used"]);
    }
    const Result local = run_whest(run_words({"second", one.class_name}, "local", k_failing_run));
    CHECK(local.exit_code == one.local_exit);
    CHECK(ordered_json::parse(local.out)["error"]["code"] == "WORKER_EOF");
    CHECK(has(local.err, "--runner subprocess costs only the network"));
  }
}

TEST_CASE("a process that ends in setup fails the submission, and its last words can be read") {
  const Words words = run_words({"dying", "SetupExits"}, "subprocess", k_failing_run);
  const Result result = run_whest(words);
  CHECK(result.exit_code == 1);
  const ordered_json error = ordered_json::parse(result.out)["error"];
  CHECK(error["stage"] == "setup");
  CHECK(error["code"] == "SETUP_ERROR");
  CHECK(has(run_whest(joined(words, {"--debug"})).err, "last words of setup"));
  CHECK(run_whest(run_words({"dying", "SetupExits"}, "local", k_failing_run)).exit_code == 1);
}

TEST_CASE("code that does not return is stopped in subprocess; work within the limits is left alone") {
  Words words = run_words({"limits", "Forever"}, "subprocess", {"--seed", "7", "--n-samples", "100"});
  words = joined(words, {"--wall-time-limit", "0.2"});
  const Result result = run_whest(words);
  CHECK(result.exit_code == 1);
  const ordered_json report = report_of(result);
  for (const ordered_json& network : report["results"]["per_mlp"]) {
    CHECK(network["error_code"] == "PREDICT_TIMEOUT");
    CHECK(network["time_exhausted"] == false);
  }
  for (const char* runner : k_runners) {
    const Words priced = joined(k_failing_run, {"--lambda-flops-per-second", "2e10"});
    const Result slow = run_whest(run_words({"limits", "Residual"}, runner, priced));
    CHECK(slow.exit_code == 0);
    check_report(report_of(slow), golden_json(std::string("runs/whest10/residual_priced_") + runner + ".json"));
  }
}

TEST_CASE("one of two classes must be chosen; the chosen one is run") {
  const std::string plugin = std::string(WHEST_BINARY_DIR) + "/tests/runner/estimators/two_classes.so";
  for (const char* runner : k_runners) {
    CAPTURE(std::string(runner));
    const Result chosen = run_whest(run_words({"two_classes", "Two"}, runner, k_failing_run));
    CHECK(chosen.exit_code == 0);
    const ordered_json report = report_of(chosen);
    CHECK(report["run_config"]["estimator_class"] == "Two");
    check_report(report, golden_json(std::string("runs/whest10/two_classes_chosen_") + runner + ".json"));
    for (const auto& [more, part] : std::vector<std::pair<Words, std::string>>{
             {{}, "Ambiguous estimator classes in"}, {{"--class", "Three"}, "Estimator class 'Three' was not found"}}) {
      const Result refused = run_whest(joined({"run", "--estimator", plugin, "--runner", runner, "--json"}, more));
      CHECK(refused.exit_code == 2);
      CHECK(has(ordered_json::parse(refused.out)["error"]["message"], part));
    }
  }
}

TEST_CASE("what is no estimator: not there, not C++, no class, a class without predict") {
  check_no_estimator("int main( {\n", "does not compile");
  check_no_estimator("#include <no_such_header_here.hpp>\n", "no_such_header_here.hpp");
  check_no_estimator("int answer() { return 42; }\n", "No estimator classes found in");
  check_no_estimator(
      "#include <whest/estimator.hpp>\nclass Mine : public whest::Estimator {};\nWHEST_ESTIMATOR(Mine)\n", "predict");
  for (const char* runner : k_runners) {
    const Result missing = run_whest({"run", "--estimator", "nowhere.cpp", "--runner", runner, "--json"});
    CHECK(missing.exit_code == 2);
    CHECK(has(missing.err, "nowhere.cpp"));
  }
}

TEST_CASE("input that the peers refuse, by their own command lines, is refused here with exit 2") {
  int refused = 0;
  for (const char* folder : {"whest10", "whest16"}) {
    const ordered_json index = golden_json(std::string("runs/") + folder + "/index.json");
    for (const ordered_json& run : index.is_array() ? index : index["runs"]) {
      const auto name = run["name"].get<std::string>(), command = run["command"].get<std::string>();
      // 0.10 has no option for lambda; ours has, and 0 is a value of it.
      if (!name.starts_with("input_") || name == "input_lambda") continue;
      Words words;
      std::istringstream stream(command.substr(std::string("whest").size()));
      for (std::string word; stream >> word;) words.push_back(word == "starterkit/estimator.py" ? "zeros" : word);
      // Their programs let the last of two equal options win; the first, small ones, are not what is refused.
      for (const char* option : {"--n-mlps", "--n-samples"}) {
        const auto first = std::find(words.begin(), words.end(), option);
        if (std::count(words.begin(), words.end(), option) == 2) words.erase(first, first + 2);
      }
      CAPTURE(command);
      const Result result = run_whest(words);
      CHECK(result.exit_code == 2);
      CHECK(result.err.starts_with("whest: error: "));
      CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
      const bool as_json = std::find(words.begin(), words.end(), "--json") != words.end();
      if (as_json) {
        const ordered_json error = ordered_json::parse(result.out)["error"];
        CHECK(error["stage"] == "run");
        CHECK(error["code"] == "SCORING_VALIDATION_ERROR");
      } else {
        CHECK(result.out.empty());
      }
      ++refused;
    }
  }
  CHECK(refused >= 15);
}

TEST_CASE("whest validate on the peers' failing estimators: their stage and, where it says what happened, their code") {
  struct Check {
    std::string golden;
    Estimator estimator;
    const char* code;
  };
  const std::vector<Check> checks = {{"list", {"returning", "Scalar"}, "ESTIMATOR_BAD_SHAPE"},
                                     {"nan", {"returning", "OneNan"}, "ESTIMATOR_NON_FINITE"},
                                     {"transposed", {"returning", "Transposed"}, "ESTIMATOR_BAD_SHAPE"},
                                     {"raises", {"raising", "Raises"}, "PREDICT_ERROR"},
                                     {"setup_raises", {"raising", "SetupRaises"}, "SETUP_ERROR"}};
  for (const Check& one : checks) {
    CAPTURE(one.golden);
    const ordered_json golden = golden_json(std::string("runs/whest10/command_validate_") + one.golden + ".json");
    for (const char* runner : k_runners) {
      const Result result = run_whest(joined({"validate", "--json", "--runner", runner}, one.estimator.words()));
      CHECK(result.exit_code == 1);
      const ordered_json error = ordered_json::parse(result.out)["error"];
      CHECK(error["stage"] == golden["error"]["stage"]);
      CHECK(error["code"] == one.code);
      CHECK(error["message"] == golden["error"]["message"]);
      CHECK(error.contains("details") == golden["error"].contains("details"));
      if (!error.contains("details")) continue;
      for (const char* key : {"expected_shape", "got_shape"}) {
        CHECK(error["details"][key] == golden["error"]["details"][key]);
      }
    }
  }
}

TEST_CASE("the failures of whestbench 0.16, under the round's rules and prices") {
  struct Case {
    std::string golden;
    Estimator estimator;
    Words options;
    int exit_code;
    bool same_flops = true;
  };
  const std::vector<Case> cases = {
      {"raises", {"raising", "Raises"}, {}, 1},
      {"memory", {"raising", "BadAlloc"}, {}, 1},  // the peers exit 0, their exception has no message: not copied
      {"nested_context", {"raising", "NestedContext"}, {}, 1},
      {"says_context", {"raising", "SaysContext"}, {}, 1},
      {"transposed", {"returning", "Transposed"}, {}, 1},
      {"nan", {"returning", "OneNan"}, {}, 1, false},  // made by other operations than the peers'
      {"list", {"returning", "Scalar"}, {}, 1},
      {"none", {"returning", "Nothing"}, {}, 1},
      {"float64", {"returning", "Float64"}, {}, 0, false},  // the peers bill their own cast here and below: not copied
      {"integer", {"returning", "Integer"}, {}, 0, false},
      {"budget", {"limits", "Budget"}, {"--flop-budget", "1000000"}, 0, false},  // their local: the whole budget
      {"wall_between", {"limits", "WallBetween"}, {"--wall-time-limit", "0.2"}, 0, false},  // their local: none
      {"wall_end", {"limits", "WallEnd"}, {"--wall-time-limit", "0.2"}, 0, false},
      {"residual", {"limits", "Residual"}, {"--residual-wall-time-limit", "0.1"}, 0, false},
      {"combined",
       {"limits", "Residual"},
       {"--flop-budget", "68000000000", "--lambda-flops-per-second", "1e12", "--no-residual-wall-time-limit"},
       0,
       false},
  };
  const Words round = {"--config", "phase2", "--width", "256", "--depth", "8"};
  for (const Case& one : cases) {
    for (const char* runner : k_runners) {
      CAPTURE(one.golden);
      CAPTURE(std::string(runner));
      // Where a case is not about time, a busy machine must not make it so.
      Words options = joined(joined(round, k_failing_run), one.options);
      if (one.options.empty()) options.emplace_back("--no-residual-wall-time-limit");
      const Result result = run_whest(run_words(one.estimator, runner, options));
      CHECK_MESSAGE(result.exit_code == one.exit_code, result.err);
      ordered_json ours = report_of(result);
      ordered_json golden = golden_json(std::string("runs/whest16/") + one.golden + "_" + runner + ".json");
      if (!one.same_flops) {
        for (std::size_t i = 0; i < 3; ++i) {
          ours["results"]["per_mlp"][i]["flops_used"] = golden["results"]["per_mlp"][i]["flops_used"];
        }
      }
      check_report(ours, golden);
    }
  }
}
