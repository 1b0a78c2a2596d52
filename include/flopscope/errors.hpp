// SPDX-License-Identifier: MIT
// What metered operations throw in a participant's code.
#pragma once

#include <flopscope/abi.h>

#include <cstdint>
#include <new>
#include <stdexcept>
#include <string>

namespace flopscope {
// An inline namespace of its own: these classes belong to the plugin that throws and catches them, and are never the
// library's, which ends its own exceptions at the C boundary.
inline namespace sdk {

// Any refusal: ValueError, TypeError, LinAlgError, ... `class_name` says which.
class Error : public std::runtime_error {
 public:
  Error(std::string name, const std::string& message) : std::runtime_error(message), class_name(std::move(name)) {}
  std::string class_name;
};

// The operation would cost more than remains; it did not run and nothing was recorded.
class BudgetExhaustedError final : public Error {
 public:
  explicit BudgetExhaustedError(const flopscope_error& e)
      : Error(e.class_name, e.message),
        op_name(e.op_name),
        flop_cost(e.flop_cost),
        flops_remaining(e.flops_remaining) {}
  std::string op_name;
  std::int64_t flop_cost;
  double flops_remaining;
};

// The wall-clock limit of the context has passed.
class TimeExhaustedError final : public Error {
 public:
  explicit TimeExhaustedError(const flopscope_error& e)
      : Error(e.class_name, e.message), op_name(e.op_name), elapsed_s(e.elapsed_s), limit_s(e.limit_s) {}
  std::string op_name;
  double elapsed_s;
  double limit_s;
};

namespace detail {

// Throws what a status of the library means; returns on FLOPSCOPE_OK.
inline void check(flopscope_status status) {
  if (status == FLOPSCOPE_OK) return;
  const flopscope_error& e = *flopscope_last_error();
  if (status == FLOPSCOPE_BUDGET_EXHAUSTED) throw BudgetExhaustedError(e);
  if (status == FLOPSCOPE_TIME_EXHAUSTED) throw TimeExhaustedError(e);
  if (status == FLOPSCOPE_MEMORY_ERROR) throw std::bad_alloc();
  throw Error(e.class_name, e.message);
}

}  // namespace detail
}  // namespace sdk
}  // namespace flopscope
