// SPDX-License-Identifier: MIT
// A golden file format: replays one line of it. Formats register in main.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace flopscope::replay {

using Json = nlohmann::ordered_json;

struct Settings {
  std::vector<std::string> models;  // cost models to replay under
  std::set<std::string> ops;        // empty: all
};

enum class Verdict : std::uint8_t { passed, failed, skipped };

struct LineResult {
  Verdict verdict = Verdict::passed;
  std::string id, op, group;
  std::vector<std::string> mismatches;  // one sentence each
};

// A line of golden/calls.
LineResult replay_call(const Json& line, const Settings& settings);
// A scenario of golden/budget, in a fresh process for each model.
LineResult replay_budget(const Json& scenario, const Settings& settings);

}  // namespace flopscope::replay
