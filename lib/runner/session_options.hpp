// SPDX-License-Identifier: MIT
// What both runners say alike about a submission: the session's options, and how a setup failed.
#pragma once

#include <string>
#include <whest/runner/session.hpp>

namespace whest::runner {

SessionOptions session_options(const Submission& submission, const Limits& limits, const std::string& scratch_dir);

Failure setup_failure(const Raised& raised);
Failure setup_too_slow(double elapsed_s, double limit_s);

// Threads that a counted operation may use. Without a limit on threads: one, so that results and the CPU outside the
// meter do not depend on the machine.
int kernel_threads(const Limits& limits);

}  // namespace whest::runner
