// SPDX-License-Identifier: MIT
#include <array>
#include <whest/runner/outcome.hpp>

namespace whest::runner {

namespace {
using enum Outcome;
using enum OutcomeClass;

constexpr std::array k_table{
    OutcomeRow{success, "success", "", scored, "predict returned a valid result within every limit"},
    OutcomeRow{budget_exhausted, "budget_exhausted", "", exhausted, "the FLOP budget was exhausted"},
    OutcomeRow{time_exhausted, "time_exhausted", "", exhausted, "the wall-clock limit was exceeded"},
    OutcomeRow{residual_exhausted, "residual_wall_time_exhausted", "", exhausted,
               "the limit on time outside counted operations was exceeded"},
    OutcomeRow{combined_exhausted, "combined_budget_exhausted", "", exhausted,
               "FLOPs and priced residual time together exceeded the budget"},
    OutcomeRow{predict_error, "predict_error", "PREDICT_ERROR", error, "predict raised an error"},
    OutcomeRow{bad_shape, "bad_shape", "ESTIMATOR_BAD_SHAPE", error, "the predictions have the wrong shape"},
    OutcomeRow{non_finite, "non_finite", "ESTIMATOR_NON_FINITE", error, "the predictions are not all finite"},
    OutcomeRow{predict_timeout, "predict_timeout", "PREDICT_TIMEOUT", error,
               "predict did not return long after its wall-clock limit"},
    OutcomeRow{worker_eof, "worker_eof", "WORKER_EOF", error, "the process that ran predict ended by itself"},
    OutcomeRow{out_of_memory, "out_of_memory", "WORKER_EOF", error, "the process that ran predict ran out of memory"},
    OutcomeRow{no_data, "no_data", "PREDICT_NO_DATA", error, "predict answered without predictions"},
    OutcomeRow{protocol_error, "protocol_error", "WORKER_PROTOCOL_ERROR", error, "the worker sent an invalid answer"},
    OutcomeRow{not_started, "not_started", "RUNNER_NOT_STARTED", error, "the runner was not started"},
    OutcomeRow{setup_error, "setup_error", "SETUP_ERROR", submission, "setup failed"},
    OutcomeRow{setup_timeout, "setup_timeout", "SETUP_TIMEOUT", submission, "setup exceeded its time limit"},
    OutcomeRow{load_error, "load_error", "ESTIMATOR_LOAD_ERROR", submission, "the estimator could not be loaded"},
    OutcomeRow{interrupted, "interrupted", "INTERRUPTED", cancelled, "the run was interrupted before this network"},
};
}  // namespace

std::span<const OutcomeRow> outcome_table() { return k_table; }

const OutcomeRow& outcome_row(Outcome outcome) {
  for (const OutcomeRow& row : k_table) {
    if (row.outcome == outcome) return row;
  }
  return k_table[0];  // not reached: a test walks the enum against the table
}

std::optional<Outcome> outcome_named(std::string_view name) {
  for (const OutcomeRow& row : k_table) {
    if (row.name == name) return row.outcome;
  }
  return std::nullopt;
}

}  // namespace whest::runner
