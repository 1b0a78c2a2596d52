// SPDX-License-Identifier: MIT
// The options that change a round, declared once: parsing, help, defaults, environment and the report's echo follow.
#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <string>
#include <vector>
#include <whest/base/error.hpp>
#include <whest/contest/round.hpp>
#include <whest/report/model.hpp>

namespace whest::app {

// One option over one field of the round. Its environment variable is WHEST_ and its name in capitals: WHEST_N_MLPS.
struct RoundOption {
  const char* name;  // without the dashes
  const char* metavar;
  const char* help;
  base::Expected<void> (*apply)(contest::Round& round, const std::string& text);
  std::string (*show)(const contest::Round& round);
};

const std::vector<RoundOption>& round_option_table();

class RoundOptions {
 public:
  // --config and the named options of the table (all of them for an empty list). `default_round`: where --config is not
  // given.
  void declare(CLI::App& app, const std::vector<std::string>& names = {},
               std::string default_round = std::string(contest::k_default_round));

  // The round file, then the environment, then the command line. Remembers where each value came from.
  base::Expected<contest::Round> resolve();

  // Every option with its value and origin, after resolve().
  const std::vector<report::Setting>& settings() const { return m_settings; }

 private:
  const CLI::App* m_app = nullptr;
  std::string m_default_round;
  std::string m_config;
  bool m_no_residual_limit = false;
  std::vector<const RoundOption*> m_declared;
  std::map<std::string, std::string> m_typed;  // by name
  std::vector<report::Setting> m_settings;
};

}  // namespace whest::app
