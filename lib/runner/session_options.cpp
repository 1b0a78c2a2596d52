// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <whest/runner/session_options.hpp>

namespace whest::runner {

int kernel_threads(const Limits& limits) { return std::max(1, limits.max_threads); }

SessionOptions session_options(const Submission& submission, const Limits& limits, const std::string& scratch_dir) {
  SessionOptions options;
  options.plugin_path = submission.estimator.plugin_path;
  options.shown_path = submission.estimator.shown;
  options.class_name = submission.class_name;
  options.cost_model = submission.cost_model;
  options.audit_cost_model = submission.audit_cost_model;
  options.scratch_dir = scratch_dir;
  options.submission_dir = submission.estimator.submission_dir;
  options.width = submission.width;
  options.depth = submission.depth;
  options.seed = submission.seed;
  options.flop_budget = limits.flop_budget;
  options.wall_time_s = limits.wall_time_s;
  options.kernel_threads = kernel_threads(limits);
  return options;
}

Failure setup_failure(const Raised& raised) {
  Failure failure;
  failure.code = outcome_row(Outcome::setup_error).error_code;
  failure.traceback = clean_text(sentence(raised));
  failure.message = clean_text(raised.message);
  failure.details_json = clean_details(raised.details);
  if (failure.message.empty()) failure.message = fmt::format("setup raised {} without a message", failure.traceback);
  return failure;
}

Failure setup_too_slow(double elapsed_s, double limit_s) {
  Failure failure;
  failure.code = outcome_row(Outcome::setup_timeout).error_code;
  failure.message = fmt::format("setup exceeded timeout ({:.6f}s > {:.6f}s)", elapsed_s, limit_s);
  return failure;
}

}  // namespace whest::runner
