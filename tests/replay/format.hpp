// SPDX-License-Identifier: MIT
// A golden file format: replays one line of it. Formats register in main.cpp.
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>
#include <whest/flopscope/core/value.hpp>

namespace flopscope::replay {

using Json = nlohmann::ordered_json;

struct Settings {
  std::vector<std::string> models;  // cost models to replay under
  std::set<std::string> ops;        // empty: all
  bool through_sdk = false;         // calls go through the participant's headers
};

enum class Verdict : std::uint8_t { passed, failed, skipped };

struct LineResult {
  Verdict verdict = Verdict::passed;
  std::string id, op, group;
  std::vector<std::string> mismatches;  // one sentence each
  std::string reason;                   // of a line that is always skipped
};

// Whether the settings leave out the line's operation; its verdict says so then.
inline bool is_left_out(LineResult& out, const Settings& settings) {
  if (settings.ops.empty() || settings.ops.contains(out.op)) return false;
  out.verdict = Verdict::skipped;
  return true;
}

// Calls replay(model) for each asked model that `answers` has an answer of; what it throws is a mismatch. A line
// without any is skipped, since nothing was compared.
template <class Replay>
void replay_under_models(LineResult& out, const Settings& settings, const Json& answers, Replay replay) {
  bool compared = false;
  for (const std::string& model : settings.models) {
    if (!answers.contains(model)) continue;
    compared = true;
    try {
      replay(model);
    } catch (const std::exception& e) {
      out.mismatches.push_back(model + ": " + e.what());
    }
  }
  if (!out.mismatches.empty()) out.verdict = Verdict::failed;
  if (!compared) {
    out.verdict = Verdict::skipped;
    out.reason = "no answer under a cost model that was asked for";
  }
}

// A line of golden/calls.
LineResult replay_call(const Json& line, const Settings& settings);
// A scenario of golden/budget, in a fresh process for each model.
LineResult replay_budget(const Json& scenario, const Settings& settings);
// What such a process does: the scenario is on the standard input. `flopscope_replay --one-scenario MODEL`, for
// replay_budget alone.
inline constexpr const char* k_scenario_option = "--one-scenario";
int run_scenario_alone(const std::string& model);
// Lines of golden/symmetry: einsum.jsonl and propagation.jsonl.
LineResult replay_contraction(const Json& line, const Settings& settings);
LineResult replay_script(const Json& line, const Settings& settings);
// A line of golden/symmetry/groups.jsonl.
LineResult replay_group(const Json& line, const Settings& settings);

// The operation that a golden name means: "exp", "fnp.exp", "flops.as_symmetric", "method.sum", "attr.T",
// "operator.add", "method.__radd__". Reflected methods take their operands in the other order.
struct OperationName {
  std::string op;
  bool reflected = false;
};
OperationName operation_named(const std::string& golden);
// The same for a call, whose arguments are put into the operation's order.
std::string operation_called(const std::string& golden, std::vector<Value>& args);

// Whether an error's class is Python's or NumPy's own, whose text and exact class are not behaviour to keep.
bool is_pythons_own(const std::string& error_class);

}  // namespace flopscope::replay
