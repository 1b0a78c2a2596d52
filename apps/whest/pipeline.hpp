// SPDX-License-Identifier: MIT
// A whole run: resolved options in, report out. `run` and `smoke-test` share it.
#pragma once

#include <optional>
#include <string>
#include <vector>
#include <whest/contest/data.hpp>
#include <whest/contest/round.hpp>
#include <whest/report/model.hpp>

#include "command.hpp"

namespace whest::app {

struct RunRequest {
  contest::Round round;
  contest::TruthRequest truth;
  std::vector<report::Setting> settings;
  std::string estimator;  // as typed
  std::string class_name;
  std::string audit_cost_model;  // a second price list, empty: none
  std::optional<std::uint64_t> seed;
  std::string output;  // a file for the JSON report, empty: none
  std::string range;   // "A-B", empty: all
  std::string resume;  // an earlier report, empty: none
  Format format = Format::plain;
  report::DocumentOptions content;
  bool debug = false;
  bool fail_fast = false;
};

// Runs and prints. What the participant did decides between Exit::ok and Exit::participant; an Error is the user's or
// the program's.
base::Expected<Exit> execute_run(const RunRequest& request, const Environment& env);

}  // namespace whest::app
