// SPDX-License-Identifier: MIT
// A round: everything that decides what a run asks and how it is priced. Each lives in one file of configs/; the
// defaults of every command come from one of them, and a resolved run is a Round too.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <whest/base/error.hpp>

namespace whest::contest {

struct Round {
  std::string name;
  std::string title;
  std::int64_t width = 0;
  std::int64_t depth = 0;
  std::int64_t n_mlps = 0;
  std::int64_t flop_budget = 0;
  double lambda_flops_per_second = 0.0;
  std::optional<double> residual_wall_time_limit_s;
  double wall_time_limit_s = 0.0;
  double setup_timeout_s = 0.0;
  std::int64_t memory_limit_bytes = 0;
  std::int64_t n_samples = 0;  // ground-truth inputs per network of a live run
  std::string cost_model;
  std::string sampler;
  std::string runner;                       // "local" or "subprocess"
  std::int64_t jobs = 1;                    // networks predicted at a time
  std::optional<std::int64_t> max_threads;  // unset: as many as the machine has

  bool operator==(const Round&) const = default;
};

// The largest values that a round or an option may ask for, so that sizes never overflow.
inline constexpr std::int64_t k_max_width = 1 << 15;
inline constexpr std::int64_t k_max_depth = 1 << 15;
inline constexpr std::int64_t k_max_n_mlps = 1'000'000;
inline constexpr std::int64_t k_max_flop_budget = std::int64_t{1} << 53;  // exact as a double
inline constexpr double k_max_lambda_flops_per_second = 1e18;             // no machine's second is worth more
inline constexpr std::int64_t k_max_samples = 1'000'000'000'000;
inline constexpr std::int64_t k_max_threads = 4096;

inline constexpr std::string_view k_default_round = "warmup";

// The names a run may give to `runner` and `sampler`.
const std::vector<std::string>& runner_names();   // local, inprocess, subprocess, server
const std::vector<std::string>& sampler_names();  // of ground_truth: philox, numpy, ...

// "inprocess" -> "local", "server" -> "subprocess"; the other names stand for themselves.
std::string canonical_runner(std::string_view name);

// The rate as it is, or a usage error that begins with `what` when it is above k_max_lambda_flops_per_second.
base::Expected<double> check_lambda(std::string_view what, double flops_per_second);

// Names of the rounds that are part of the program.
std::vector<std::string> round_names();

// Reads a round from JSON text; `where` names it in errors ("configs/x.json"). Unknown keys are refused.
base::Expected<Round> parse_round(std::string_view text, std::string_view where);

// A built-in round by name, or a file by path (anything with a '/' or that ends in ".json").
base::Expected<Round> load_round(const std::string& name_or_path);

}  // namespace whest::contest
