// SPDX-License-Identifier: MIT
// whest bench: one signature on every instruction set, number of threads and build; figures that follow from each
// other; refusals. And the options of whest run that say how the truth is made.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <whest/ground_truth/isa.hpp>

#include "program.hpp"

using nlohmann::json;
using whest::test::FreshDirectory;
using whest::test::Result;
using whest::test::run_whest;

namespace {

// Of weights, normals, ground truth, FLOP counts and outcomes. Kept here so that every build, Debug and Release, and
// every machine is held to one value.
constexpr const char* k_signature = "27d476cc87dac20bc44a1ec98a0fd7435dca02bbca15c582bcfb7a77725388bc";

std::string error_of(const std::vector<std::string>& words,
                     const std::map<std::string, std::string>& environment = {}) {
  const Result result = run_whest(words, environment);
  CHECK(result.exit_code == 2);
  CHECK((result.out.empty() || json::parse(result.out)["ok"] == false));
  return result.err;
}

std::string scores_of(const std::string& report) {
  json scores = json::array();
  const json parsed = json::parse(report);
  for (const json& network : parsed["results"]["per_mlp"]) scores.push_back(network["final_layer_mse"]);
  return scores.dump();
}

}  // namespace

TEST_CASE("the signature is one value on every instruction set and number of threads") {
  using namespace whest::ground_truth;
  int compared = 0;
  for (const Isa isa : k_all_isas) {
    if (!isa_available(isa)) continue;
    for (const char* threads : {"1", "3"}) {
      CAPTURE(isa_name(isa));
      CAPTURE(threads);
      const Result result = run_whest({"bench", "--signature-only", "--max-threads", threads},
                                      {{"WHEST_ISA", std::string(isa_name(isa))}});
      CHECK(result.exit_code == 0);
      CHECK(result.out == std::string(k_signature) + "\n");
      ++compared;
    }
  }
  CHECK(compared >= 2);
}

TEST_CASE("an instruction set that is not known, or not here, is refused") {
  CHECK(error_of({"bench", "--signature-only"}, {{"WHEST_ISA", "avx1024"}}) ==
        "whest: error: WHEST_ISA: unknown instruction set 'avx1024': expected scalar, avx2, avx512 or amx.\n");
  using namespace whest::ground_truth;
  for (const Isa isa : k_all_isas) {
    if (isa_available(isa)) continue;
    CHECK(error_of({"bench", "--signature-only"}, {{"WHEST_ISA", std::string(isa_name(isa))}}) ==
          "whest: error: WHEST_ISA=" + std::string(isa_name(isa)) +
              ": this machine does not have that instruction set.\n");
  }
}

TEST_CASE("bench measures what it is asked to, as JSON and for people") {
  const std::vector<std::string> words = {"bench",      "--shapes", "32x2,16x3",     "--seconds", "0.01",
                                          "--samplers", "all",      "--max-threads", "2"};
  std::vector<std::string> as_json = words;
  as_json.push_back("--json");
  const Result machine = run_whest(as_json);
  REQUIRE(machine.exit_code == 0);
  CHECK(machine.err.empty());
  const json object = json::parse(machine.out);
  CHECK(object["command"] == "bench");
  CHECK(object["signature"] == k_signature);
  const json& bench = object["bench"];
  CHECK(bench["threads"] == 2);
  REQUIRE(bench["shapes"].size() == 2);
  const json& first = bench["shapes"][0];
  CHECK(first["width"] == 32);
  CHECK(first["depth"] == 2);
  CHECK(first["samples_per_s"].get<double>() > 0);
  CHECK(first["share_of_peak"].get<double>() ==
        doctest::Approx(first["flops_per_s"].get<double>() / bench["fma_peak_flops_per_s"].get<double>()));
  CHECK(first["samples_per_cpu_s"].get<double>() > 0);
  CHECK(first["cpu_share"].get<double>() > 0);
  CHECK(first["ratio_to_peer"].is_null());
  CHECK(first["samplers"].size() == 4);  // 32 is no width of the fifth
  CHECK(bench["shapes"][1]["samplers"].size() == 5);
  for (const json& sampler : bench["shapes"][1]["samplers"]) CHECK(sampler["variance_gain"].get<double>() > 0.2);

  std::vector<std::string> as_text = words;
  as_text.insert(as_text.end(), {"--format", "plain"});
  const Result people = run_whest(as_text);
  CHECK(people.exit_code == 0);
  CHECK(people.out.find(k_signature) != std::string::npos);
  CHECK(people.out.find("32x2") != std::string::npos);
  CHECK(people.err.find("measuring: 32x2\n") != std::string::npos);
}

TEST_CASE("bench refuses what makes no sense") {
  CHECK(error_of({"bench", "--shapes", "0x4"}).find("--shapes: the width must be positive, got 0.") !=
        std::string::npos);
  CHECK(error_of({"bench", "--shapes", "wide"}).find("--shapes: ") != std::string::npos);
  CHECK(error_of({"bench", "--seconds", "nan"}).find("--seconds must be a finite number") != std::string::npos);
  CHECK(error_of({"bench", "--precision", "float16"}).find("unknown precision 'float16'") != std::string::npos);
  CHECK(error_of({"bench", "--samplers", "philox,dice"}).find("unknown sampler 'dice'") != std::string::npos);
  CHECK(error_of({"bench", "--max-threads", "0"}).find("--max-threads must be positive") != std::string::npos);
  CHECK(error_of({"bench", "--shapes", "16x1", "--seconds", "0.001", "--peer-python", "/no/such/python"})
            .find("--peer-python: '/no/such/python' is no Python that has NumPy.") != std::string::npos);
}

TEST_CASE("run takes a precision and a target for the truth, and records them") {
  const std::vector<std::string> words = {"run",      "--estimator", "zeros",   "--seed", "3",
                                          "--n-mlps", "2",           "--width", "16",     "--depth",
                                          "2",        "--n-samples", "4000",    "--json"};
  const auto with = [&](const std::vector<std::string>& more) {
    std::vector<std::string> all = words;
    all.insert(all.end(), more.begin(), more.end());
    const Result result = run_whest(all);
    REQUIRE(result.exit_code == 0);
    return result.out;
  };
  const std::string plain = with({});
  const std::string halves = with({"--precision", "bf16x3"});
  CHECK(scores_of(plain) != scores_of(halves));
  CHECK(halves.find("\"bf16x3\"") != std::string::npos);
  CHECK(scores_of(with({"--precision", "float32"})) == scores_of(plain));
  // a target far off is met by the first round of samples, one too near ends at the limit
  const json limited = json::parse(with({"--target-stderr", "1e-9"}));
  CHECK(limited["results"]["ground_truth"]["n_samples"] == 4000);

  for (const auto& [option, value, said] :
       std::vector<std::array<std::string, 3>>{{"--precision", "half", "--precision: unknown precision 'half'"},
                                               {"--target-stderr", "0", "--target-stderr must be positive"},
                                               {"--target-stderr", "x", "--target-stderr must be a number"}}) {
    std::vector<std::string> all = words;
    all.pop_back();
    all.insert(all.end(), {option, value});
    CHECK(error_of(all).find(said) != std::string::npos);
  }
}

TEST_CASE("a run that was cut goes on from its checkpoint to the same bits") {
  constexpr const char* k_samples = "6000000";
  const FreshDirectory directory;
  const std::string path = (directory.path() / "truth").string();
  const auto words = [&](const std::string& samples) {
    return std::vector<std::string>{
        "run",     "--estimator", "zeros",       "--seed", "3",      "--n-mlps",      "2", "--width",      "64",
        "--depth", "4",           "--n-samples", samples,  "--json", "--max-threads", "1", "--checkpoint", path};
  };
  const auto found = [&] { return std::filesystem::exists(path + ".0") || std::filesystem::exists(path + ".1"); };
  // An interrupt may come before the first sample is drawn: the next try waits longer.
  for (int delay_ms = 300; !found() && delay_ms < 10'000; delay_ms *= 2) {
    const FreshDirectory place;
    whest::test::Program running(place, words(k_samples));
    std::this_thread::sleep_for(std::chrono::milliseconds(delay_ms));
    kill(running.pid(), SIGINT);
    CHECK(running.wait().exit_code == 130);
  }
  REQUIRE(found());
  CHECK(error_of(words("5999999")).find("belongs to another simulation") != std::string::npos);
  const Result resumed = run_whest(words(k_samples));
  CHECK(resumed.exit_code == 0);
  CHECK_FALSE(std::filesystem::exists(path + ".0"));
  CHECK_FALSE(std::filesystem::exists(path + ".1"));
  const Result whole = run_whest(words(k_samples));
  CHECK(scores_of(resumed.out) == scores_of(whole.out));

  std::vector<std::string> without_seed = words("1000");
  without_seed.erase(without_seed.begin() + 3, without_seed.begin() + 5);
  CHECK(error_of({without_seed.begin(), without_seed.end()}).find("--checkpoint needs --seed") != std::string::npos);
}
