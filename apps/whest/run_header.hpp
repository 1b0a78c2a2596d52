// SPDX-License-Identifier: MIT
// The parts of a report that are known without predicting: what was asked, on what, by whom.
#pragma once

#include <optional>
#include <whest/contest/data.hpp>
#include <whest/contest/scoring.hpp>
#include <whest/report/model.hpp>
#include <whest/runner/runner.hpp>

#include "pipeline.hpp"
#include "runners.hpp"

namespace whest::app {

contest::ScoringRules scoring_rules(const contest::Round& round);
runner::Limits limits_of(const contest::Round& round);
runner::Submission submission_of(const RunRequest& request, const estimator::Located& located, std::uint64_t seed);

// The report before anything ran: host, configuration, limits asked and enforced, settings and their origins.
report::RunReport make_header(const RunRequest& request, const estimator::Located& located, std::uint64_t seed,
                              const Environment& env);

// Says of each limit that was asked whether the runner enforces it by force.
void note_enforcement(report::RunDetails& details, const runner::Enforcement& enforcement);

// Adds what follows from the scores: aggregates, breakdowns, the truth's own error, the times.
void finish_report(report::RunReport& report, const contest::ContestData& data,
                   const std::optional<report::RunReport>& earlier, double duration_s, const base::Clock& clock);

// The failure that --fail-fast stopped at, as a command's error.
report::CommandError first_failure(const report::RunReport& report, std::int64_t mlp_index, bool debug);

}  // namespace whest::app
