// SPDX-License-Identifier: MIT
// The scoring loop: every network of a suite through a runner (or several at a time), its score taken, progress told.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>
#include <whest/base/cancel.hpp>
#include <whest/base/error.hpp>
#include <whest/contest/progress.hpp>
#include <whest/contest/scoring.hpp>
#include <whest/runner/runner.hpp>

namespace whest::contest {

// One network to score; `mlp` and `truth` (depth * width means, row-major) outlive the loop.
struct SuiteNetwork {
  std::int64_t mlp_index = 0;
  std::string mlp_name;
  const network::Mlp* mlp = nullptr;
  std::span<const float> truth;
  double mse_noise_floor = 0.0;  // of the truth: the final-layer MSE that a perfect estimator would have
};

enum class OnFailure { go_on, stop };

struct SuiteOptions {
  ScoringRules rules;
  runner::Submission submission;
  runner::Limits limits;
  OnFailure on_failure = OnFailure::go_on;
  std::int64_t jobs = 1;
  // Scores of an earlier run of the same suite: these networks are not predicted again.
  std::vector<NetworkScore> already_scored;
};

// A new, not yet started runner; called once for each job.
using MakeRunner = std::function<std::unique_ptr<runner::Runner>()>;
// Told of each new score, never from two threads at a time.
using OnScore = std::function<void(const NetworkScore&)>;

struct SuiteResult {
  std::vector<NetworkScore> scores;                   // by mlp_index
  std::optional<runner::Failure> submission_failure;  // setup failed: no scores
  std::optional<std::int64_t> stopped_at;             // with OnFailure::stop, the index of the network that failed
  bool cancelled = false;                             // not every network was scored
  std::string class_name;                             // of the estimator, as the runner found it
  runner::Enforcement enforcement;
  // Not stopped yet (unless the token was set): teardown is the participant's code, which may end a process that runs
  // it, so the owner lets go of them when the result is safe.
  std::vector<std::unique_ptr<runner::Runner>> runners;
};

// Starts the runners and scores the networks. A network that was being predicted when the token was set is not scored.
// An Error is a fault of the user (a missing file) or of the program; what the participant did is in the result.
base::Expected<SuiteResult> score_suite(std::span<const SuiteNetwork> networks, const SuiteOptions& options,
                                        const MakeRunner& make_runner, const base::CancelToken& cancel,
                                        const ProgressFn& progress, const OnScore& on_score);

}  // namespace whest::contest
