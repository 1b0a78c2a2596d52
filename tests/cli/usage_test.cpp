// SPDX-License-Identifier: MIT
// Bad input of every kind: one sentence on stderr, nothing on stdout (or the error object with --json), exit 2.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "program.hpp"

using whest::test::FreshDirectory;
using whest::test::Program;
using whest::test::Result;
using whest::test::run_whest;
using whest::test::Words;

namespace {

// The one sentence of a refused command line.
std::string refusal(const Words& words, const std::map<std::string, std::string>& environment = {}) {
  const Result result = run_whest(words, environment);
  CHECK(result.exit_code == 2);
  CHECK(result.out.empty());
  CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
  const std::string prefix = "whest: error: ";
  REQUIRE(result.err.starts_with(prefix));
  return result.err.substr(prefix.size(), result.err.size() - prefix.size() - 1);
}

// With `--estimator zeros` before the words.
std::string refused_run(Words words) {
  words.insert(words.begin(), {"run", "--estimator", "zeros"});
  return refusal(words);
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("unknown commands and options, with what was meant") {
  CHECK(has(refusal({"rnu"}), "unknown command 'rnu'"));
  CHECK(has(refusal({"rnu"}), "Did you mean 'run'?"));
  CHECK_FALSE(has(refusal({"bananas"}), "Did you mean"));
  CHECK(has(refusal({}), "no command given"));
  CHECK(refused_run({"--n-mlp", "3"}) == "unknown option '--n-mlp' of 'whest run'. Did you mean '--n-mlps'?");
  CHECK(has(refused_run({"--n-mlp=3"}), "unknown option '--n-mlp'"));
  CHECK(has(refused_run({"more"}), "unexpected argument 'more'"));
  CHECK(has(refusal({"version", "--bogus"}), "unknown option '--bogus'"));
}

TEST_CASE("a folder for scratch files that is none") {
  for (const char* runner : {"local", "subprocess"}) {
    CHECK(
        has(refusal({"run", "--estimator", "zeros", "--runner", runner, "--width", "4", "--depth", "1", "--seed", "1"},
                    {{"TMPDIR", "/nonexistent"}}),
            "cannot make a scratch folder in '/nonexistent': No such file or directory; TMPDIR names"));
  }
}

TEST_CASE("numbers that are none, or out of bounds") {
  CHECK(refused_run({"--n-mlps", "0"}) == "--n-mlps must be positive, got 0.");
  CHECK(refused_run({"--n-mlps", "three"}) == "--n-mlps must be an integer, got 'three'.");
  CHECK(refused_run({"--n-mlps", "3x"}) == "--n-mlps must be an integer, got '3x'.");
  CHECK(refused_run({"--n-mlps", "2.5"}) == "--n-mlps must be an integer, got '2.5'.");
  CHECK(refused_run({"--seed", "-1"}) == "--seed must not be negative, got -1.");
  CHECK(refused_run({"--seed", "1e999"}) == "--seed must be an integer, got '1e999'.");
  CHECK(refused_run({"--flop-budget", "0"}) == "--flop-budget must be positive, got 0.");
  CHECK(refused_run({"--wall-time-limit", "0"}) == "--wall-time-limit must be positive, got 0.");
  CHECK(refused_run({"--wall-time-limit", "nan"}) == "--wall-time-limit must be a finite number, got nan.");
  CHECK(refused_run({"--wall-time-limit", "inf"}) == "--wall-time-limit must be a finite number, got inf.");
  CHECK(refused_run({"--wall-time-limit=-5"}) == "--wall-time-limit must be positive, got -5.");
  CHECK(refused_run({"--residual-wall-time-limit", "-0.4"}) ==
        "--residual-wall-time-limit must be positive, got -0.4.");
  CHECK(refused_run({"--lambda-flops-per-second", "-1"}) == "--lambda-flops-per-second must not be negative, got -1.");
  CHECK(refused_run({"--lambda-flops-per-second", "1e308"}) ==
        "--lambda-flops-per-second must be at most 1e+18 FLOPs per second, got 1e+308.");
  CHECK(refused_run({"--setup-timeout", "0"}) == "--setup-timeout must be positive, got 0.");
  CHECK(refused_run({"--n-samples", "0"}) == "--n-samples must be positive, got 0.");
  CHECK(refused_run({"--max-threads", "0"}) == "--max-threads must be positive, got 0.");
  CHECK(has(refused_run({"--memory-limit", "lots"}), "--memory-limit must be a positive size"));
  CHECK(refused_run({"--lambda-flops-per-second", "-inf"}) ==
        "--lambda-flops-per-second must be a finite number, got -inf.");
}

TEST_CASE("choices and contradictions") {
  CHECK(has(refused_run({"--runner", "subproces"}), "Did you mean 'subprocess'?"));
  CHECK(has(refused_run({"--sampler", "sobol"}), "--sampler must be one of philox, numpy"));
  CHECK(has(refused_run({"--format", "jsno"}), "Did you mean 'json'?"));
  CHECK(has(refused_run({"--detail", "more"}), "--detail must be raw or full"));
  CHECK(has(refused_run({"--no-residual-wall-time-limit", "--residual-wall-time-limit", "1"}), "contradict"));
  CHECK(has(refused_run({"--jobs", "2"}), "--jobs above 1 needs --runner subprocess"));
  CHECK(refused_run({"--range", "1.5"}) == "--range must be A-B, the first and the last network of 0-9, got '1.5'.");
  CHECK(has(refused_run({"--range", "3-1"}), "--range must not run backwards"));
  CHECK(has(refused_run({"--range", "0-10"}), "--range must be at most 9"));
  CHECK(has(refused_run({"--dataset", "x"}), "datasets are not built yet"));
  CHECK(has(refused_run({"--split", "x"}), "datasets are not built yet"));
}

TEST_CASE("files that are not there, or not what they should be") {
  CHECK(has(refusal({"run"}), "--estimator is required"));
  CHECK(has(refusal({"run", "--estimator", "nowhere.cpp"}), "nowhere.cpp"));
  CHECK(has(refusal({"run", "--estimator", "no_such_bundled"}), "no_such_bundled"));
  CHECK(has(refused_run({"--config", "nowhere.json"}), "nowhere.json"));
  CHECK(has(refused_run({"--config", "warmpu"}), "Did you mean 'warmup'?"));
  CHECK(refused_run({"--config", "/"}) == "--config: cannot read '/': it is a directory.");
  CHECK(refused_run({"--resume", "/"}) == "--resume: cannot read '/': it is a directory.");
  CHECK(refused_run({"--config", "/dev/zero"}) == "--config: cannot read '/dev/zero': it is a device.");
  CHECK(refused_run({"--resume", "/dev/zero"}) == "--resume: cannot read '/dev/zero': it is a device.");
  CHECK(has(refused_run({"--output", "/proc/report.json"}), "--output: cannot write '/proc/report.json'"));
  CHECK(has(refused_run({"--output", "no/such/dir/report.json"}), "there is no directory"));
  CHECK(has(refused_run({"--resume", "nowhere.json"}), "nowhere.json"));
}

TEST_CASE("a config with an unknown key, a wrong type, a value out of bounds") {
  const FreshDirectory directory;
  const std::string good = whest::test::slurp(std::string(WHEST_SOURCE_DIR) + "/configs/warmup.json");
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    directory.write("round.json", text.replace(at, from.size(), to));
    const Result result = Program(directory, {"run", "--estimator", "zeros", "--config", "round.json"}).wait();
    CHECK(result.exit_code == 2);
    return result.err;
  };
  CHECK(has(with("\"depth\"", "\"depht\": 8, \"depth\""),
            "unknown key 'depht' in config file 'round.json'. Did you mean 'depth'?"));
  CHECK(has(with("\"width\": 256", "\"width\": \"256\""), "'width' in config file 'round.json' must be an integer"));
  CHECK(has(with("\"width\": 256", "\"width\": -256"), "must be positive, got -256"));
  CHECK(has(with("\"width\": 256,", ""), "has no key 'width'"));
  CHECK(has(with("\"lambda_flops_per_second\": 1e11", "\"lambda_flops_per_second\": 1e300"),
            "'lambda_flops_per_second' in config file 'round.json' must be at most 1e+18 FLOPs per second"));
  CHECK(has(with("{", "{{"), "is not valid JSON"));
  CHECK(has(with("\"width\": 256", "\"width\": 1e999"), "has a number that is too large"));
  CHECK(has(with("\"width\": 256", "\"width\": 256, \"width\": 64"), "has the key 'width' twice"));
}

TEST_CASE("an estimator that is no regular file is not waited for, one that is cut off is not loaded") {
  const FreshDirectory directory;
  const auto refused = [&](const char* file, const char* runner) {
    const Result result = Program(directory, {"run", "--estimator", file, "--runner", runner, "--width", "4", "--depth",
                                              "1", "--n-mlps", "1", "--n-samples", "10", "--seed", "1"})
                              .wait();
    CHECK(result.exit_code == 2);
    CHECK(result.out.empty());
    return result.err;
  };
  const std::string plugin =
      whest::test::slurp(std::string(WHEST_BINARY_DIR) + "/tests/runner/estimators/returning.so");
  directory.write("cut.so", plugin.substr(0, 5000));
  REQUIRE(::mkfifo((directory.path() / "pipe.so").c_str(), 0600) == 0);
  REQUIRE(::mkfifo((directory.path() / "pipe.cpp").c_str(), 0600) == 0);
  std::filesystem::create_directory(directory.path() / "folder.so");
  for (const char* runner : {"local", "subprocess"}) {
    CHECK(has(refused("cut.so", runner), "cut off, it has 5000 bytes where its headers say at least"));
    CHECK(has(refused("pipe.so", runner), "'pipe.so' is no estimator: it is a pipe; a C++ source"));
    CHECK(has(refused("pipe.cpp", runner), "'pipe.cpp' is no estimator: it is a pipe; a C++ source"));
    CHECK(has(refused("folder.so", runner), "'folder.so' is no estimator: it is a directory; a C++ source"));
    CHECK(has(refused("/dev/zero", runner), "'/dev/zero' is no estimator: it is a device; a C++ source"));
  }
}

TEST_CASE("--list is of everything") {
  CHECK(refusal({"flops", "--list", "x"}) == "--list takes no query, got 'x'.");
  CHECK(refusal({"flops", "--list", "--unweighted"}) == "--list and --unweighted contradict each other.");
  CHECK(refusal({"flops", "--list", "--axis", "1"}) == "--list and --axis contradict each other.");
}

TEST_CASE("values that are missing, empty, given twice or given to a switch") {
  CHECK(refused_run({"--seed"}) == "--seed needs a value: --seed N.");
  CHECK(refused_run({"--seed", "--fail-fast"}) == "--seed needs a value: --seed N.");
  CHECK(refused_run({"--seed="}) == "--seed needs a value, got an empty one: --seed N.");
  CHECK(refused_run({"--seed=", "7"}) == "--seed needs a value, got an empty one: --seed N.");
  CHECK(refused_run({"--seed", ""}) == "--seed needs a value, got an empty one: --seed N.");
  CHECK(refused_run({"--seed", "1", "--seed=2"}) == "--seed is given twice, as '1' and as '2': give it once.");
  CHECK(refused_run({"--debug=yes"}) == "--debug takes no value, got 'yes'.");
  CHECK(refusal({"version", "version"}) == "unexpected argument 'version' of 'whest version'.");
  CHECK(refusal({"init", "a", "b"}) == "unexpected argument 'b' of 'whest init'.");
  CHECK(refusal({"init", ""}) == "an argument of 'whest init' is empty.");
}

TEST_CASE("a cost model that this build does not have") {
  const std::string sentence = refused_run({"--cost-model", "flopscope-0.99"});
  CHECK(has(sentence, "unknown cost model 'flopscope-0.99': use one of"));
  CHECK(has(sentence, "flopscope-0.5"));
  CHECK(sentence == refusal({"flops", "svd", "3", "3", "--cost-model", "flopscope-0.99"}));
  CHECK(sentence == refusal({"doctor", "--cost-model", "flopscope-0.99"}));
  CHECK(sentence == refusal({"validate", "--estimator", "zeros", "--cost-model", "flopscope-0.99"}));
}

TEST_CASE("the environment is an input too, and named in the error") {
  CHECK(has(refusal({"inspect", "--seed", "0"}, {{"WHEST_N_MLPS", "none"}}), "(from WHEST_N_MLPS)"));
}

TEST_CASE("with --json the error object is on stdout, the sentence on stderr") {
  for (const Words& words : {Words{"run", "--estimator", "zeros", "--n-mlps", "0", "--json"},
                             Words{"run", "--estimator", "zeros", "--n-mlps", "0", "--format", "json"},
                             Words{"run", "--estimator", "zeros", "--bogus", "--format=json"}}) {
    const Result result = run_whest(words);
    CHECK(result.exit_code == 2);
    const auto object = nlohmann::json::parse(result.out);
    CHECK(object["ok"] == false);
    CHECK(object["error"]["stage"] == "run");
    CHECK(object["error"]["code"] == "SCORING_VALIDATION_ERROR");
    CHECK(result.err == "whest: error: " + object["error"]["message"].get<std::string>() + "\n");
    CHECK(object.contains("whest_version"));
  }
}
