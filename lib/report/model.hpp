// SPDX-License-Identifier: MIT
// A report as plain data: what was asked, on which machine, and what came out. JSON, consoles and checks are views of
// it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>
#include <whest/base/host.hpp>
#include <whest/contest/aggregates.hpp>
#include <whest/contest/breakdown.hpp>
#include <whest/contest/scoring.hpp>

namespace whest::report {

inline constexpr const char* k_schema_version = "1.1";

// Versions that the peers' reports keep beside the host. Ours have no Python: "n/a".
struct Software {
  std::string python_version = "n/a";
  std::string numpy_version = "n/a";
  std::string flopscope_version;
};

struct RunMeta {
  std::string started_at_utc;
  std::string finished_at_utc;
  double duration_s = 0.0;  // setup and scoring; not the ground truth
  base::Host host;
  Software software;
};

struct DatasetInfo {
  std::string path;
  std::string sha256;
  std::optional<std::uint64_t> seed;
  std::int64_t n_mlps = 0;
};

// A limit as asked for, and what was really enforced: nothing where the runner only warns.
struct Limit {
  std::string name;
  std::optional<double> requested;
  std::optional<double> enforced;
  std::string note;  // why they differ
};

// Where a setting's value came from: "default", "config", "environment" or "command line".
struct Setting {
  std::string name;
  std::string value;
  std::string origin;
};

// The fields beyond the peers'.
struct RunDetails {
  std::vector<std::string> command;  // the whole command line
  std::string round;
  std::string runner;
  std::string cost_model;
  std::string audit_cost_model;  // empty: none
  std::string sampler;
  std::string isa;  // the instruction set of the ground truth's kernels
  std::string estimator_sha256;
  std::string git_version;
  std::string compiler;
  std::string build_type;
  std::optional<std::uint64_t> resolved_seed;
  std::int64_t n_samples = 0;
  std::int64_t jobs = 1;
  std::string range;  // "A-B", empty: all
  std::vector<Limit> limits;
  std::vector<Setting> settings;
};

struct RunConfig {
  std::int64_t n_mlps = 0;
  std::int64_t width = 0;
  std::int64_t depth = 0;
  std::optional<std::uint64_t> seed;  // as given
  std::int64_t flop_budget = 0;
  std::optional<double> setup_timeout_s;
  std::optional<double> wall_time_limit_s;
  std::optional<double> residual_wall_time_limit_s;
  std::optional<double> lambda_flops_per_second;  // not in 0.10's reports
  std::string estimator_class;
  std::string estimator_path;
  std::optional<DatasetInfo> dataset;
  std::optional<RunDetails> details;  // of our own reports

  // 0.10 has no field for it: fixed at 1e11 there.
  double lambda() const { return lambda_flops_per_second.value_or(1e11); }
};

// How well the truth itself is known: a mean of n samples has an error of its own, which no estimator can go below.
struct GroundTruthQuality {
  std::int64_t n_samples = 0;
  double final_layer_standard_error = 0.0;  // root mean square over neurons and networks
  double mse_noise_floor = 0.0;             // what final_layer_mse of a perfect estimator would be
  double wall_s = 0.0;
};

struct RunReport {
  std::string schema_version = k_schema_version;
  std::string mode;  // "agent" for JSON, "human" otherwise
  std::string version;
  bool is_ours = true;  // written as `whest_version`, the peers' as `whestbench_version`
  RunMeta meta;
  RunConfig config;
  contest::Aggregates aggregates;
  std::vector<contest::NetworkScore> networks;
  std::optional<contest::Breakdown> sampling;
  std::optional<contest::Breakdown> estimator;
  std::optional<runner::AuditReading> estimator_audit;  // over all networks
  std::optional<GroundTruthQuality> ground_truth;
  bool complete = true;  // false: interrupted or stopped at a failure, aggregates over what was scored
};

}  // namespace whest::report
