// SPDX-License-Identifier: MIT
// The small commands: version, help, init, inspect, doctor.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "program.hpp"

using nlohmann::json;
using whest::test::FreshDirectory;
using whest::test::Program;
using whest::test::Result;
using whest::test::run_whest;

TEST_CASE("version, for people and machines") {
  const Result plain = run_whest({"version"});
  CHECK(plain.exit_code == 0);
  CHECK(plain.out.starts_with("whest "));
  CHECK(plain.err.empty());
  const json object = json::parse(run_whest({"version", "--json"}).out);
  CHECK(object["ok"] == true);
  CHECK(object["command"] == "version");
  CHECK(plain.out == "whest " + object["version"].get<std::string>() + "\n");
}

TEST_CASE("help lists every command and every option, and exits 0") {
  const Result all = run_whest({"--help"});
  CHECK(all.exit_code == 0);
  for (const char* command :
       {"run", "validate", "doctor", "init", "smoke-test", "version", "inspect", "flops", "bench"}) {
    CHECK(all.out.find(command) != std::string::npos);
  }
  const Result run = run_whest({"run", "--help"});
  CHECK(run.exit_code == 0);
  for (const char* option : {"--estimator",
                             "--class",
                             "--runner",
                             "--n-mlps",
                             "--flop-budget",
                             "--wall-time-limit",
                             "--setup-timeout",
                             "--residual-wall-time-limit",
                             "--no-residual-wall-time-limit",
                             "--lambda-flops-per-second",
                             "--detail",
                             "--seed",
                             "--profile",
                             "--show-diagnostic-plots",
                             "--dataset",
                             "--split",
                             "--n-samples",
                             "--debug",
                             "--fail-fast",
                             "--max-threads",
                             "--config",
                             "--width",
                             "--depth",
                             "--output",
                             "--jobs",
                             "--range",
                             "--resume",
                             "--cost-model",
                             "--sampler",
                             "--format",
                             "--json"}) {
    CHECK_MESSAGE(run.out.find(option) != std::string::npos, option);
  }
}

TEST_CASE("inspect shows what a seed makes, the same in every format") {
  const Result result =
      run_whest({"inspect", "--seed", "7", "--n-mlps", "2", "--width", "8", "--depth", "3", "--format", "json"});
  CHECK(result.exit_code == 0);
  const json object = json::parse(result.out);
  REQUIRE(object["networks"].size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    const json& network = object["networks"][i];
    CHECK(network["mlp_index"] == i);
    CHECK(network["mlp_name"].is_string());
    CHECK(network["mlp_seed"].is_number_unsigned());
    REQUIRE(network["layers"].size() == 3);
    CHECK(network["layers"][0]["sha256"].get<std::string>().size() == 64);
    CHECK(network["layers"][0]["std"].get<double>() > 0.0);
  }
  const Result plain = run_whest({"inspect", "--seed", "7", "--n-mlps", "2", "--width", "8", "--depth", "3"});
  CHECK(plain.out.find(object["networks"][1]["layers"][2]["sha256"].get<std::string>()) != std::string::npos);
  CHECK(run_whest({"inspect"}).exit_code == 2);
}

TEST_CASE("init writes a starter once and leaves what is there alone") {
  const FreshDirectory directory;
  const Result first = Program(directory, {"init", "mine", "--json"}).wait();
  CHECK(first.exit_code == 0);
  CHECK(json::parse(first.out)["created"] == json::array({"mine/estimator.cpp", "mine/README.md"}));
  directory.write("mine/estimator.cpp", "// my own\n");
  const Result again = Program(directory, {"init", "mine", "--json"}).wait();
  CHECK(again.exit_code == 0);
  CHECK(json::parse(again.out)["created"].empty());
  CHECK(whest::test::slurp(directory.path() / "mine/estimator.cpp") == "// my own\n");
  const Result file = Program(directory, {"init", "mine/estimator.cpp"}).wait();
  CHECK(file.exit_code == 2);
  CHECK(file.err == "whest: error: cannot make the folder 'mine/estimator.cpp': it is a file.\n");
  const Result odd = Program(directory, {"init", "my own's"}).wait();
  CHECK(odd.out.find("whest validate --estimator 'my own'\\''s/estimator.cpp'; whest run") != std::string::npos);
}

TEST_CASE("doctor names every check and its exit status follows the worst") {
  const Result result = run_whest({"doctor", "--json"});
  const json object = json::parse(result.out);
  bool any_fail = false;
  for (const json& check : object["checks"]) {
    any_fail |= check["status"] == "fail";
  }
  CHECK(object["checks"].size() >= 6);
  CHECK(result.exit_code == (any_fail ? 1 : 0));
  // A lambda of almost nothing is below any machine's speed: a warning, and with --strict a failure.
  const Result strict = run_whest({"doctor", "--strict", "--lambda-flops-per-second", "1"});
  CHECK(strict.exit_code == 1);
  CHECK(strict.out.find("[warn] lambda") != std::string::npos);
}

TEST_CASE("flops: the four figures of the Budget Planning document, and the same queries under the default model") {
  const auto flops = [](std::vector<std::string> query, const char* model) {
    query.insert(query.begin(), "flops");
    query.insert(query.end(), {"--cost-model", model});
    const Result result = run_whest(query);
    CHECK_MESSAGE(result.exit_code == 0, result.err);
    return result.out;
  };
  const std::vector<std::string> einsum = {"einsum", "ij,jk->ik", "256,256", "256,256"},
                                 svd = {"svd", "256", "256", "--k", "10"}, exp = {"pointwise", "exp", "256x256"},
                                 sum = {"reduction", "sum", "256x256"};
  CHECK(flops(einsum, "fma1") == "16777216\n");
  CHECK(flops(svd, "fma1") == "655360\n");
  CHECK(flops(exp, "fma1") == "65536\n");
  CHECK(flops(sum, "fma1") == "65536\n");
  CHECK(flops(einsum, "flopscope-0.5") == "33488896\n");
  CHECK(flops(svd, "flopscope-0.5") == "2621440\n");
  CHECK(flops(exp, "flopscope-0.5") == "1048576\n");
  CHECK(flops(sum, "flopscope-0.5") == "65535\n");
}

TEST_CASE("flops: arguments, weights, JSON, the list") {
  CHECK(run_whest({"flops", "reduction", "sum", "4x5", "--axis", "1"}).out == "16\n");
  CHECK(run_whest({"flops", "reduction", "sum", "4x5", "--axis", "-1"}).out == "16\n");
  CHECK(run_whest({"flops", "pointwise", "exp", "8"}).out == "128\n");
  CHECK(run_whest({"flops", "pointwise", "exp", "8", "--unweighted"}).out == "8\n");
  CHECK(run_whest({"flops", "multi_dot", "3x4", "4x5", "5x6"}).exit_code == 0);
  const json object = json::parse(run_whest({"flops", "einsum", "i,i->", "8", "8", "--json"}).out);
  CHECK(object["flops"] == 15);
  CHECK(object["cost_model"] == "flopscope-0.5");
  CHECK(run_whest({"flops", "svdd", "3", "3"}).err.find("Did you mean 'svd'?") != std::string::npos);
  CHECK(run_whest({"flops", "reduction", "sum", "4x5", "--axis", "0,1"}).out == "19\n");
  CHECK(run_whest({"flops", "qr", "3", "3", "--mode", "r", "--cost-model", "flopscope-0.9"}).exit_code == 0);
  CHECK(run_whest({"flops", "svd", "3"}).exit_code == 2);
  CHECK(run_whest({"flops", "einsum", "ij,jk", "2x3", "4x5"}).exit_code == 2);
  CHECK(run_whest({"flops", "svd", "3", "3", "--cost-model", "flopscope-0.6"}).exit_code == 2);
  const json list = json::parse(run_whest({"flops", "--list", "--json"}).out);
  CHECK(list["operations"].size() > 100);
}

TEST_CASE("flops: what a query cannot mean is refused, in a sentence that names the argument") {
  struct Refused {
    std::vector<std::string> query;
    const char* sentence;
  };
  const std::vector<Refused> cases = {
      {{"svd", "nan", "3"}, "m of svd must be an integer, got 'nan'."},
      {{"svd", "inf", "3"}, "m of svd must be an integer, got 'inf'."},
      {{"svd", "-3", "3"}, "m of svd must not be negative, got -3."},
      {{"svd", "1.5", "3"}, "m of svd must be an integer, got '1.5'."},
      {{"svd", "1e200", "3"}, "m of svd must be at most 9007199254740992, got 1e200."},
      {{"svd", "3", "3", "--k", "-1"}, "k of svd must not be negative, got -1."},
      {{"svd", "3", "3", "--k", "4"}, "k of svd must be at most 3, got 4."},
      {{"svd", "3", "3", "--axis", "0"}, "there is no argument 'axis': svd under flopscope-0.5 takes m, n, k."},
      {{"svd", "3", "3", "foo=1"}, "there is no argument 'foo': svd under flopscope-0.5 takes m, n, k."},
      {{"svd", "3", "3", "3", "3"}, "'3' is one argument too many: svd under flopscope-0.5 takes m, n, k."},
      {{"svd", "3"}, "n is missing: svd under flopscope-0.5 takes m, n, k."},
      {{"qr", "3", "3", "--mode", "r"}, "there is no argument 'mode': qr under flopscope-0.5 takes m, n."},
      {{"qr", "3", "3", "--mode", "x", "--cost-model", "flopscope-0.9"},
       "mode of qr must be one of reduced, complete, r, raw, got 'x'."},
      {{"inv", "3", "--symmetric", "maybe"}, "symmetric of inv must be one of true, false, got 'maybe'."},
      {{"reduction", "sum", "4x5", "--axis", "2"}, "axis of reduction must be at most 1, got 2."},
      {{"reduction", "sum", "4x5", "--axis", "-3"}, "axis of reduction must be at least -2, got -3."},
      {{"reduction", "sum", "4x5", "--axis", "1.5"}, "axis of reduction must be an integer, got '1.5'."},
      {{"pointwise", "expp", "3"},
       "op_name of pointwise must be an operation of 'whest flops --list', got 'expp'. Did you mean 'exp'?"},
      {{"pointwise", "exp", "3x-4"}, "a size in the shape of pointwise '3x-4' must not be negative, got -4."},
      {{"pointwise", "exp", "nan"}, "shape of pointwise must be whole sizes joined by x, such as 256x256, got 'nan'."},
      {{"norm", "3x4", "--ord", "foo"},
       "ord of norm must be one of 1, -1, 2, -2, inf, -inf, fro, nuc, none, got 'foo'. Did you mean 'fro'?"},
      {{"norm", "3", "--ord", "nan"}, "ord of norm must be a finite number, inf, -inf or none, got 'nan'."},
      {{"matrix_norm", "3"}, "shape of matrix_norm must have two sizes or more."},
      {{"multi_dot", "3x4", "5x6"}, "multi_dot: '3x4' and '5x6' do not fit together."},
      {{"einsum", "ij,jk->ik"}, "shapes are missing: einsum under flopscope-0.5 takes subscripts, shapes."},
      {{"svdd", "3", "3"},
       "unknown query 'svdd' under flopscope-0.5; 'whest flops --list' names them. Did you mean 'svd'?"}};
  for (const Refused& one : cases) {
    std::vector<std::string> words = one.query;
    words.insert(words.begin(), "flops");
    const Result result = run_whest(words);
    CHECK(result.exit_code == 2);
    CHECK(result.out.empty());
    CHECK(result.err == "whest: error: " + std::string(one.sentence) + "\n");
  }
}

TEST_CASE("flops: every query answers with a whole number or refuses in words of its own") {
  const json list = json::parse(run_whest({"flops", "--list", "--json"}).out);
  REQUIRE(list["queries"].size() > 30);
  for (const json& query : list["queries"]) {
    for (const std::vector<std::string>& arguments :
         std::vector<std::vector<std::string>>{{}, {"nan"}, {"-2", "-2"}, {"4", "4"}, {"exp", "inf"}, {"4x4", "4x4"}}) {
      std::vector<std::string> words = {"flops", query.get<std::string>()};
      words.insert(words.end(), arguments.begin(), arguments.end());
      const Result result = run_whest(words);
      CAPTURE(words[1]);
      CAPTURE(result.out + result.err);
      if (result.exit_code == 0) {
        CHECK(result.out.find_first_not_of("0123456789\n") == std::string::npos);
        continue;
      }
      CHECK(result.exit_code == 2);
      for (const char* python : {"()", "keyword", "positional", "tuple", "None"}) {
        CHECK(result.err.find(python) == std::string::npos);
      }
    }
  }
}
