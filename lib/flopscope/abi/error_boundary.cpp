// SPDX-License-Identifier: MIT
#include <string>
#include <whest/flopscope/abi/error_boundary.hpp>

namespace flopscope::abi {
namespace {

struct LastError {
  std::string message, op_name;
  flopscope_error record{};
};

LastError& last_error() {
  thread_local LastError t_last;
  return t_last;
}

}  // namespace

flopscope_status record_error(ErrorKind kind, const char* message) {
  LastError& e = last_error();
  e.message = message;
  e.op_name.clear();
  e.record = {};
  e.record.status = 1 + static_cast<flopscope_status>(kind);
  e.record.class_name = class_name(kind).data();
  e.record.message = e.message.c_str();
  e.record.op_name = e.op_name.c_str();
  return e.record.status;
}

flopscope_status record_error(const Error& error) {
  const flopscope_status status = record_error(error.kind(), error.what());
  LastError& e = last_error();
  if (const auto* b = dynamic_cast<const BudgetExhaustedError*>(&error)) {
    e.op_name = b->op_name;
    e.record.flop_cost = b->flop_cost;
    e.record.flops_remaining = b->flops_remaining;
  }
  if (const auto* t = dynamic_cast<const TimeExhaustedError*>(&error)) {
    e.op_name = t->op_name;
    e.record.elapsed_s = t->elapsed_s;
    e.record.limit_s = t->limit_s;
  }
  e.record.op_name = e.op_name.c_str();
  return status;
}

}  // namespace flopscope::abi

static_assert(1 + static_cast<int>(flopscope::ErrorKind::budget_exhausted) == FLOPSCOPE_BUDGET_EXHAUSTED);
static_assert(1 + static_cast<int>(flopscope::ErrorKind::time_exhausted) == FLOPSCOPE_TIME_EXHAUSTED);
static_assert(1 + static_cast<int>(flopscope::ErrorKind::memory_error) == FLOPSCOPE_MEMORY_ERROR);

const flopscope_error* flopscope_last_error() { return &flopscope::abi::last_error().record; }
