// SPDX-License-Identifier: MIT
#include "round_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <whest/base/parse.hpp>
#include <whest/base/suggest.hpp>

namespace whest::app {

namespace {

using base::Bound;
using contest::Round;

template <class T>
base::Expected<void> store(T& field, const base::Expected<T>& value) {
  if (!value) return std::unexpected(value.error());
  field = *value;
  return {};
}

base::Expected<void> store_choice(std::string& field, std::string_view option, const std::string& text,
                                  const std::vector<std::string>& choices) {
  if (std::find(choices.begin(), choices.end(), text) == choices.end()) {
    return base::usage_error(fmt::format("{} must be one of {}, got '{}'.{}", option, fmt::join(choices, ", "), text,
                                         base::did_you_mean(text, choices)));
  }
  field = text;
  return {};
}

template <class T>
std::string shown(const std::optional<T>& value) {
  return value ? fmt::format("{}", *value) : std::string("none");
}

std::string environment_name(std::string_view option) {
  std::string name = "WHEST_";
  for (const char c : option) name += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

constexpr const char* k_no_residual_limit = "no-residual-wall-time-limit";

// What is asked, and its price.
std::vector<RoundOption> suite_options() {
  return {
      {"n-mlps", "N", "number of networks",
       [](Round& r, const std::string& t) {
         return store(r.n_mlps, base::parse_integer("--n-mlps", t, 1, contest::k_max_n_mlps));
       },
       [](const Round& r) { return fmt::format("{}", r.n_mlps); }},
      {"width", "N", "neurons of a layer",
       [](Round& r, const std::string& t) {
         return store(r.width, base::parse_integer("--width", t, 1, contest::k_max_width));
       },
       [](const Round& r) { return fmt::format("{}", r.width); }},
      {"depth", "N", "layers of a network",
       [](Round& r, const std::string& t) {
         return store(r.depth, base::parse_integer("--depth", t, 1, contest::k_max_depth));
       },
       [](const Round& r) { return fmt::format("{}", r.depth); }},
      {"flop-budget", "FLOPS", "FLOPs that each network may cost",
       [](Round& r, const std::string& t) {
         return store(r.flop_budget, base::parse_integer("--flop-budget", t, 1, contest::k_max_flop_budget));
       },
       [](const Round& r) { return fmt::format("{}", r.flop_budget); }},
      {"lambda-flops-per-second", "RATE", "FLOPs charged for each second outside counted operations",
       [](Round& r, const std::string& t) {
         const char* name = "--lambda-flops-per-second";
         const auto value = base::parse_real(name, t, Bound::non_negative);
         return store(r.lambda_flops_per_second, value ? contest::check_lambda(name, *value) : value);
       },
       [](const Round& r) { return fmt::format("{}", r.lambda_flops_per_second); }},
  };
}

// Time and memory.
std::vector<RoundOption> limit_options() {
  return {
      {"wall-time-limit", "SECONDS", "wall time of each predict",
       [](Round& r, const std::string& t) {
         return store(r.wall_time_limit_s, base::parse_real("--wall-time-limit", t, Bound::positive));
       },
       [](const Round& r) { return fmt::format("{}", r.wall_time_limit_s); }},
      {"residual-wall-time-limit", "SECONDS", "time outside counted operations of each predict",
       [](Round& r, const std::string& t) -> base::Expected<void> {
         const auto value = base::parse_real("--residual-wall-time-limit", t, Bound::positive);
         if (!value) return std::unexpected(value.error());
         r.residual_wall_time_limit_s = *value;
         return {};
       },
       [](const Round& r) { return shown(r.residual_wall_time_limit_s); }},
      {"setup-timeout", "SECONDS", "wall time of setup()",
       [](Round& r, const std::string& t) {
         return store(r.setup_timeout_s, base::parse_real("--setup-timeout", t, Bound::positive));
       },
       [](const Round& r) { return fmt::format("{}", r.setup_timeout_s); }},
      {"memory-limit", "BYTES", "memory of the process that predicts, such as 8G or 512M (--runner subprocess)",
       [](Round& r, const std::string& t) {
         return store(r.memory_limit_bytes, base::parse_bytes("--memory-limit", t));
       },
       [](const Round& r) { return fmt::format("{}", r.memory_limit_bytes); }},
  };
}

// How the truth is made, priced and run.
std::vector<RoundOption> means_options() {
  return {
      {"n-samples", "N", "ground-truth inputs for each network",
       [](Round& r, const std::string& t) {
         return store(r.n_samples, base::parse_integer("--n-samples", t, 1, contest::k_max_samples));
       },
       [](const Round& r) { return fmt::format("{}", r.n_samples); }},
      {"cost-model", "NAME", "price list of the operations: flopscope-0.5, flopscope-0.9, flopscope-0.12, fma1",
       [](Round& r, const std::string& t) -> base::Expected<void> {
         r.cost_model = t;  // checked against what is built, with the round's own
         return {};
       },
       [](const Round& r) { return r.cost_model; }},
      {"sampler", "NAME",
       "how ground-truth inputs are drawn: philox, numpy (the peers' stream), antithetic, haar, kerdock",
       [](Round& r, const std::string& t) { return store_choice(r.sampler, "--sampler", t, contest::sampler_names()); },
       [](const Round& r) { return r.sampler; }},
      {"runner", "NAME", "local (in this process; also inprocess) or subprocess (isolated; also server)",
       [](Round& r, const std::string& t) -> base::Expected<void> {
         if (auto known = store_choice(r.runner, "--runner", t, contest::runner_names()); !known) return known;
         r.runner = contest::canonical_runner(t);
         return {};
       },
       [](const Round& r) { return r.runner; }},
      {"jobs", "N", "networks predicted at a time (subprocess only)",
       [](Round& r, const std::string& t) {
         return store(r.jobs, base::parse_integer("--jobs", t, 1, contest::k_max_threads));
       },
       [](const Round& r) { return fmt::format("{}", r.jobs); }},
      {"max-threads", "N", "threads for ground truth (none: all cores) and for each counted operation (none: one)",
       [](Round& r, const std::string& t) -> base::Expected<void> {
         const auto value = base::parse_integer("--max-threads", t, 1, contest::k_max_threads);
         if (!value) return std::unexpected(value.error());
         r.max_threads = *value;
         return {};
       },
       [](const Round& r) { return shown(r.max_threads); }},
  };
}

}  // namespace

const std::vector<RoundOption>& round_option_table() {
  static const std::vector<RoundOption> table = [] {
    std::vector<RoundOption> all = suite_options();
    for (const auto& more : {limit_options(), means_options()}) all.insert(all.end(), more.begin(), more.end());
    return all;
  }();
  return table;
}

void RoundOptions::declare(CLI::App& app, const std::vector<std::string>& names, std::string default_round) {
  m_app = &app;
  m_default_round = std::move(default_round);
  app.add_option("--config", m_config,
                 fmt::format("round: {}, or a .json file (default: {})", fmt::join(contest::round_names(), ", "),
                             m_default_round))
      ->type_name("NAME|PATH");
  const auto defaults = contest::load_round(m_default_round);
  for (const RoundOption& option : round_option_table()) {
    const bool wanted = names.empty() || std::find(names.begin(), names.end(), option.name) != names.end();
    if (!wanted) continue;
    m_declared.push_back(&option);
    const std::string help = fmt::format("{} (default: {})", option.help, defaults ? option.show(*defaults) : "none");
    app.add_option(std::string("--") + option.name, m_typed[option.name], help)->type_name(option.metavar);
    if (std::string_view(option.name) == "residual-wall-time-limit") {
      app.add_flag(std::string("--") + k_no_residual_limit, m_no_residual_limit,
                   "no limit on time outside counted operations");
    }
  }
  app.footer(
      fmt::format("Defaults are those of round '{}'; --config names another. The environment sets them too: "
                  "{}={}.",
                  m_default_round, environment_name(m_declared.front()->name),
                  defaults ? m_declared.front()->show(*defaults) : ""));
}

base::Expected<contest::Round> RoundOptions::resolve() {
  const bool typed_config = m_app->count("--config") > 0;
  const char* env_config = std::getenv("WHEST_CONFIG");
  const bool env_given = !typed_config && env_config != nullptr;
  const std::string config = typed_config ? m_config : env_given ? std::string(env_config) : m_default_round;
  auto round = contest::load_round(config);
  if (!round) {
    const char* where = env_given ? "WHEST_CONFIG" : "--config";
    return base::usage_error(fmt::format("{}: {}", where, round.error().message));
  }
  m_settings = {{"config", config, typed_config ? "command line" : env_given ? "environment" : "default"}};
  const char* base_origin = typed_config || env_given ? "config" : "default";
  for (const RoundOption* option : m_declared) {
    const bool typed = m_app->count(std::string("--") + option->name) > 0;
    const char* variable = std::getenv(environment_name(option->name).c_str());
    const char* origin = typed ? "command line" : variable != nullptr ? "environment" : base_origin;
    if (typed || variable != nullptr) {
      const std::string text = typed ? m_typed.at(option->name) : std::string(variable);
      if (auto applied = option->apply(*round, text); !applied) {
        std::string message = applied.error().message;
        if (!typed) message += fmt::format(" (from {})", environment_name(option->name));
        return base::usage_error(std::move(message));
      }
    }
    m_settings.push_back({option->name, option->show(*round), origin});
  }
  if (m_no_residual_limit) {
    if (m_app->count("--residual-wall-time-limit") > 0) {
      return base::usage_error("--residual-wall-time-limit and --no-residual-wall-time-limit contradict each other.");
    }
    round->residual_wall_time_limit_s.reset();
    for (report::Setting& setting : m_settings) {
      if (setting.name == "residual-wall-time-limit") setting = {setting.name, "none", "command line"};
    }
  }
  return round;
}

}  // namespace whest::app
