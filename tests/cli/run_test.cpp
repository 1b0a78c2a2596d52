// SPDX-License-Identifier: MIT
// whest run as a whole: reports, files, ranges, resuming, several jobs, interruption, what goes to which stream.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <whest/report/json_reader.hpp>
#include <whest/report/verify.hpp>

#include "program.hpp"

using nlohmann::ordered_json;
using whest::test::FreshDirectory;
using whest::test::Program;
using whest::test::Result;
using whest::test::run_whest;
using whest::test::Words;

namespace {

Words small_run(const Words& more) {
  Words words = {"run", "--estimator", "zeros", "--width", "16", "--depth", "3", "--n-mlps", "4", "--n-samples", "500"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

ordered_json checked(const std::string& text) {
  const auto report = whest::report::from_json(text, "the report");
  REQUIRE_MESSAGE(report.has_value(), (report ? "" : report.error().message) << text);
  for (const std::string& finding : whest::report::verify(*report)) FAIL_CHECK(finding);
  return ordered_json::parse(text);
}

// A report without what a clock decides, and without what differs between two command lines.
ordered_json timeless(ordered_json json) {
  if (json.is_object()) {
    for (const char* key :
         {"run_meta", "command", "settings", "limits", "runner", "jobs", "range", "isa", "wall_time_s",
          "flopscope_backend_time_s", "flopscope_overhead_time_s", "residual_wall_time_s", "residual_cpu_time_s",
          "effective_compute", "mean_effective_compute", "mean_compute_utilization", "seed"}) {
      json.erase(key);
    }
  }
  if (json.is_structured()) {
    for (auto& value : json) value = timeless(value);
  }
  return json;
}

}  // namespace

TEST_CASE("nothing but the result on stdout; a run without a seed records one that repeats it") {
  const Result first = run_whest(small_run({"--json"}));
  CHECK(first.exit_code == 0);
  const ordered_json report = checked(first.out);
  CHECK(report["mode"] == "agent");
  CHECK(report["run_config"]["seed"].is_null());
  const std::uint64_t seed = report["run_config"]["resolved_seed"];
  const ordered_json again = checked(run_whest(small_run({"--json", "--seed", std::to_string(seed)})).out);
  CHECK(again["run_config"]["seed"] == seed);
  CHECK(timeless(again).dump() == timeless(report).dump());
}

TEST_CASE("both runners, and several jobs, agree in every figure but times") {
  const ordered_json local =
      timeless(checked(run_whest(small_run({"--json", "--seed", "3", "--runner", "local"})).out));
  const ordered_json isolated =
      timeless(checked(run_whest(small_run({"--json", "--seed", "3", "--runner", "subprocess"})).out));
  const ordered_json jobs =
      timeless(checked(run_whest(small_run({"--json", "--seed", "3", "--runner", "subprocess", "--jobs", "3"})).out));
  CHECK(local.dump() == isolated.dump());
  CHECK(jobs.dump() == isolated.dump());
}

TEST_CASE("every setting says where it came from") {
  const FreshDirectory directory;
  const Result result =
      Program(directory, small_run({"--json", "--seed", "3"}), {{"WHEST_FLOP_BUDGET", "12345"}}).wait();
  const ordered_json config = checked(result.out)["run_config"];
  CHECK(config["flop_budget"] == 12345);
  CHECK(config["settings"]["flop-budget"]["origin"] == "environment");
  CHECK(config["settings"]["width"]["origin"] == "command line");
  CHECK(config["settings"]["setup-timeout"]["origin"] == "default");
  CHECK(config["command"][1] == "run");
  CHECK(config["limits"]["memory_limit_bytes"]["enforced"].is_null());
  CHECK(config["estimator_sha256"].get<std::string>().size() == 64);
}

TEST_CASE("--output is the JSON report, whatever is shown") {
  const FreshDirectory directory;
  const Result result = Program(directory, small_run({"--seed", "3", "--output", "report.json", "--format", "plain",
                                                      "--detail", "full", "--profile", "--show-diagnostic-plots"}))
                            .wait();
  CHECK(result.exit_code == 0);
  CHECK(result.out.find("Final Score") != std::string::npos);
  CHECK(result.out.find("Diagnostic Plots") != std::string::npos);
  CHECK(result.out.find('\x1b') == std::string::npos);
  CHECK(result.err.find('\r') == std::string::npos);  // no progress bar: stderr is no terminal
  CHECK(checked(whest::test::slurp(directory.path() / "report.json"))["mode"] == "agent");
}

TEST_CASE("parts of a suite, and a run that goes on from one, give the suite's scores") {
  const FreshDirectory directory;
  const ordered_json whole = checked(Program(directory, small_run({"--json", "--seed", "5"})).wait().out);
  const Result part =
      Program(directory, small_run({"--json", "--seed", "5", "--range", "1-2", "--output", "part.json"})).wait();
  CHECK(part.exit_code == 0);
  const ordered_json part_report = checked(part.out);
  REQUIRE(part_report["results"]["per_mlp"].size() == 2);
  CHECK(part_report["results"]["per_mlp"][0]["mlp_index"] == 1);
  CHECK(part_report["results"]["per_mlp"][0]["mlp_name"] == whole["results"]["per_mlp"][1]["mlp_name"]);
  const Result resumed = Program(directory, small_run({"--json", "--resume", "part.json"})).wait();
  CHECK_MESSAGE(resumed.exit_code == 0, resumed.err);
  CHECK(timeless(checked(resumed.out))["results"].dump() == timeless(whole)["results"].dump());
  const Result other = Program(directory, small_run({"--json", "--resume", "part.json", "--flop-budget", "77"})).wait();
  CHECK(other.exit_code == 2);
  CHECK(other.err.find("was made with flop_budget = 68000000000, this run has 77") != std::string::npos);
}

TEST_CASE("validate: a valid estimator, a wrong one, one that is none") {
  const Result valid = run_whest({"validate", "--estimator", "zeros", "--json"});
  CHECK_MESSAGE(valid.exit_code == 0, valid.err);
  CHECK(ordered_json::parse(valid.out)["output_shape"] == ordered_json::array({2, 4}));
  const std::string returning = std::string(WHEST_BINARY_DIR) + "/tests/runner/estimators/returning.so";
  const Result wrong = run_whest({"validate", "--estimator", returning, "--class", "Transposed", "--json"});
  CHECK(wrong.exit_code == 1);
  CHECK(ordered_json::parse(wrong.out)["error"]["stage"] == "validate");
  CHECK(ordered_json::parse(wrong.out)["error"]["code"] == "ESTIMATOR_BAD_SHAPE");
  const FreshDirectory directory;
  directory.write("broken.cpp", "int main( {\n");
  const Result broken = Program(directory, {"validate", "--estimator", "broken.cpp", "--json"}).wait();
  CHECK(broken.exit_code == 2);
  directory.write("text.so", "not a shared object\n");
  CHECK(Program(directory, {"validate", "--estimator", "text.so"}).wait().exit_code == 2);
}

TEST_CASE("the starter that init writes builds, validates and is scored") {
  const FreshDirectory directory;
  REQUIRE(Program(directory, {"init", "."}).wait().exit_code == 0);
  const Result valid = Program(directory, {"validate", "--estimator", "estimator.cpp", "--json"}).wait();
  CHECK_MESSAGE(valid.exit_code == 0, valid.err);
  CHECK(ordered_json::parse(valid.out)["class_name"] == "MyEstimator");
  const Result run = Program(directory, {"run", "--estimator", "estimator.cpp", "--n-mlps", "2", "--n-samples", "1000",
                                         "--seed", "0", "--json"})
                         .wait();
  CHECK_MESSAGE(run.exit_code == 0, run.err);
  CHECK(checked(run.out)["results"]["final_layer_mse"].get<double>() < 0.05);
}

TEST_CASE("a run compiles its estimator once, also one that must be compiled in every run") {
  const FreshDirectory directory;
  REQUIRE(Program(directory, {"init", "."}).wait().exit_code == 0);
  const std::string source = whest::test::slurp(directory.path() / "estimator.cpp");
  directory.write("estimator.cpp", "#if __has_include(\"more.hpp\")\n#include \"more.hpp\"\n#endif\n" + source);
  const std::string compiler = directory.write("compiler", "#!/bin/sh\necho once >> compiled\nexec g++ \"$@\"\n");
  std::filesystem::permissions(compiler, std::filesystem::perms::owner_all);
  for (const std::string seen : {"once\n", "once\nonce\n"}) {
    const Result run =
        Program(directory,
                {"run", "--estimator", "estimator.cpp", "--runner", "subprocess", "--jobs", "2", "--width", "16",
                 "--depth", "2", "--n-mlps", "4", "--n-samples", "100", "--seed", "0", "--json"},
                {{"WHEST_CXX", compiler}})
            .wait();
    CHECK_MESSAGE(run.exit_code == 0, run.err);
    CHECK(whest::test::slurp(directory.path() / "compiled") == seen);
  }
}

TEST_CASE("networks that no memory holds are refused, not begun") {
  const Result run = run_whest({"run", "--estimator", "zeros", "--width", "32768", "--depth", "256", "--n-mlps", "100",
                                "--n-samples", "1", "--seed", "1"});
  CHECK(run.exit_code == 2);
  CHECK(run.err.find("100 network(s) of width 32768 and depth 256 take 102400.0 GiB of weights") != std::string::npos);
}
