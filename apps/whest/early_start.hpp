// SPDX-License-Identifier: MIT
// The first runner, started before the ground truth: what is wrong with an estimator is said at once.
#pragma once

#include <memory>
#include <optional>
#include <whest/base/cancel.hpp>
#include <whest/base/error.hpp>
#include <whest/runner/runner.hpp>

namespace whest::app {

// runner.start(), ended early when the token is set.
base::Expected<std::optional<runner::Failure>> start_watched(runner::Runner& runner,
                                                             const runner::Submission& submission,
                                                             const runner::Limits& limits,
                                                             const base::CancelToken& cancel);

// `started` as a runner whose start() has nothing left to do.
std::unique_ptr<runner::Runner> already_started(std::unique_ptr<runner::Runner> started);

}  // namespace whest::app
