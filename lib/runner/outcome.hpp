// SPDX-License-Identifier: MIT
// The outcome table: every way a network (or a submission) can end, with its names, its sentence and its class. A flag,
// a code and an exit status follow from the outcome alone, never from the runner that met it.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace whest::runner {

enum class Outcome {
  success,
  budget_exhausted,    // an operation cost more FLOPs than were left
  time_exhausted,      // the wall limit, met while running or found afterwards
  residual_exhausted,  // more time outside counted operations than the limit allows
  combined_exhausted,  // FLOPs + lambda * residual time above the budget
  predict_error,       // predict raised (out of memory in an allocation it made, too)
  bad_shape,           // the result is no (depth, width) array
  non_finite,          // the result, as float32, has a NaN or an infinity
  predict_timeout,     // no answer long after the wall limit; a process of its own is killed then
  worker_eof,          // the process ended by itself: a signal, an exit, a crash
  out_of_memory,       // the process was ended for its memory
  no_data,             // an answer without predictions
  protocol_error,      // bytes from the process that are no answer
  not_started,         // predict asked of a runner that is not running
  setup_error,         // setup raised, or its process died: the submission fails, not one network
  setup_timeout,       // setup took longer than its limit
  load_error,          // the estimator could not be loaded
  interrupted,         // the run was cancelled before this network was scored
};

enum class OutcomeClass {
  scored,      // counts with its own predictions
  exhausted,   // over a limit: zeros x 1.0, a flag, exit status 0
  error,       // a fault in predict: zeros x 1.0, an error and its code, exit status 1
  submission,  // nothing can be scored: an error object, exit status 1
  cancelled,   // not part of the score
};

struct OutcomeRow {
  Outcome outcome;
  std::string_view name;        // in the report as `outcome`
  std::string_view error_code;  // in the report as `error_code`; empty where the outcome is a flag
  OutcomeClass outcome_class;
  std::string_view sentence;  // for people
};

std::span<const OutcomeRow> outcome_table();
const OutcomeRow& outcome_row(Outcome outcome);
std::optional<Outcome> outcome_named(std::string_view name);

}  // namespace whest::runner
