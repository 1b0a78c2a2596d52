// SPDX-License-Identifier: MIT
// --resume takes no report with figures that a run cannot have: one field changed at a time.
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>

#include "program.hpp"

using nlohmann::ordered_json;
using whest::test::FreshDirectory;
using whest::test::Program;
using whest::test::Result;
using whest::test::Words;

namespace {

Words small_run(const Words& more) {
  Words words = {"run",      "--estimator", "mean_propagation", "--width", "8",           "--depth", "2",
                 "--n-mlps", "3",           "--seed",           "3",       "--n-samples", "100",     "--json"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

// A report of three networks, and what --resume says to it with something changed.
class Resumed {
 public:
  Resumed() {
    const Result made = Program(m_directory, small_run({})).wait();
    REQUIRE_MESSAGE(made.exit_code == 0, made.err);
    m_report = ordered_json::parse(made.out);
  }
  Result with(const std::function<void(ordered_json&)>& change) const {
    ordered_json report = m_report;
    change(report);
    m_directory.write("r.json", report.dump());
    return Program(m_directory, small_run({"--resume", "r.json"})).wait();
  }
  // The sentence behind "--resume: 'r.json' is damaged: ", without the number of further faults.
  std::string fault(const std::function<void(ordered_json&)>& change) const {
    const Result result = with(change);
    CHECK(result.exit_code == 2);
    const std::string message = ordered_json::parse(result.out)["error"]["message"];
    CHECK(result.err == "whest: error: " + message + "\n");
    const std::string begin = "--resume: 'r.json' is damaged: ";
    REQUIRE_MESSAGE(message.starts_with(begin), message);
    const std::string rest = message.substr(begin.size());
    return rest.substr(0, std::min(rest.find(" (and "), rest.size() - 1));
  }
  // The same for one network's field.
  std::string fault_of(const char* field, const ordered_json& value) const {
    return fault([&](ordered_json& report) { report["results"]["per_mlp"][1][field] = value; });
  }

 private:
  FreshDirectory m_directory;
  ordered_json m_report;
};

}  // namespace

TEST_CASE("a report as it was written is resumed") {
  const Resumed resumed;
  const Result whole = resumed.with([](ordered_json&) {});
  CHECK_MESSAGE(whole.exit_code == 0, whole.err);
}

TEST_CASE("the list of networks: each once, none from outside, none lost") {
  const Resumed resumed;
  const auto list_fault = [&](const std::function<void(ordered_json&)>& change) {
    return resumed.fault([&](ordered_json& report) { change(report["results"]["per_mlp"]); });
  };
  CHECK(list_fault([](ordered_json& list) { list.push_back(ordered_json(list[0])); }) ==
        "per_mlp[3]: mlp_index is 0, as in per_mlp[0], expected every network once");
  CHECK(list_fault([](ordered_json& list) { list[2]["mlp_index"] = 3; }) ==
        "per_mlp[2]: mlp_index is 3, expected 0 to 2");
  CHECK(list_fault([](ordered_json& list) { list[2]["mlp_index"] = -1; }) ==
        "per_mlp[2]: mlp_index is -1, expected 0 to 2");
  CHECK(list_fault([](ordered_json& list) { list.erase(2); }) == "number of networks is 2, expected 3");
  CHECK(list_fault([](ordered_json& list) { list = ordered_json::array(); }) == "per_mlp is empty");
  CHECK(list_fault([](ordered_json& list) {
          std::swap(list[0]["mlp_index"], list[1]["mlp_index"]);
        }).starts_with("per_mlp[0]: mlp_name is '"));
}

TEST_CASE("figures that cannot be") {
  const Resumed resumed;
  const std::string number = ", expected a number of at least 0";
  CHECK(resumed.fault_of("final_layer_mse", nullptr) == "per_mlp[1]: final_layer_mse is null or not finite" + number);
  CHECK(resumed.fault_of("final_layer_mse", -5) == "per_mlp[1]: final_layer_mse is -5" + number);
  CHECK(resumed.fault_of("final_layer_mse", 0).starts_with("per_mlp[1]: adjusted_final_layer_score is "));
  CHECK(resumed.fault_of("all_layers_mse", -1.5) == "per_mlp[1]: all_layers_mse is -1.5" + number);
  CHECK(resumed.fault_of("flops_used", -9) == "per_mlp[1]: flops_used is -9, expected 0 to 9007199254740992");
  CHECK(resumed.fault_of("flops_used", 9).starts_with("per_mlp[1]: effective_compute is "));
  CHECK(resumed.fault_of("residual_cpu_time_s", -1) == "per_mlp[1]: residual_cpu_time_s is -1" + number);
  CHECK(resumed.fault_of("mse_noise_floor", -1) == "per_mlp[1]: mse_noise_floor is -1" + number);
  CHECK(resumed.fault_of("mse_noise_floor", 0.5).starts_with("ground_truth.mse_noise_floor is "));
  CHECK(resumed.fault_of("flops_only_score", 0.25).starts_with("per_mlp[1]: flops_only_score is 0.25, expected "));
  const std::string layers = "per_mlp[1]: number of layers in per_layer_mse is ";
  CHECK(resumed.fault_of("per_layer_mse", {1.0}) == layers + "1, expected 2");
  CHECK(resumed.fault_of("per_layer_mse", std::vector<double>(9, 1.0)) == layers + "9, expected 2");
  CHECK(resumed.fault_of("per_layer_mse", {-1.0, 1.0}) == "per_mlp[1]: per_layer_mse[0] is -1" + number);
}

TEST_CASE("a field of the wrong type is named with its network") {
  const Resumed resumed;
  const Result result =
      resumed.with([](ordered_json& report) { report["results"]["per_mlp"][1]["flops_used"] = 18446744073709551615u; });
  CHECK(result.exit_code == 2);
  CHECK(result.err.find("'r.json' is not a report: in per_mlp[1] 'flops_used' is too large.") != std::string::npos);
}
