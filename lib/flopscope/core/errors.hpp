// SPDX-License-Identifier: MIT
// What an operation throws. Classes are the ones participants know from NumPy and flopscope; a kind crosses the C ABI
// as a number, so the order is part of it.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace flopscope {

enum class ErrorKind : std::uint8_t {
  value_error,
  type_error,
  index_error,
  axis_error,
  lin_alg_error,
  symmetry_error,
  unsupported_function,
  attribute_error,
  key_error,
  zero_division,
  overflow,
  not_implemented,
  no_budget_context,
  budget_exhausted,
  time_exhausted,
  runtime_error,
  memory_error,
  unsupported_dtype,
};

// "ValueError", "LinAlgError", "BudgetExhaustedError", ...
std::string_view class_name(ErrorKind kind);

class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), m_kind(kind) {}
  ErrorKind kind() const { return m_kind; }

 private:
  ErrorKind m_kind;
};

// Refused before it ran: `op_name` would cost more than remains. Nothing was charged or recorded.
class BudgetExhaustedError final : public Error {
 public:
  BudgetExhaustedError(std::string op, std::int64_t cost, double remaining, const std::string& message)
      : Error(ErrorKind::budget_exhausted, message),
        op_name(std::move(op)),
        flop_cost(cost),
        flops_remaining(remaining) {}
  std::string op_name;
  std::int64_t flop_cost;
  double flops_remaining;
};

// The context's wall-clock limit has passed; the operation is charged and logged, its result is lost.
class TimeExhaustedError final : public Error {
 public:
  TimeExhaustedError(std::string op, double elapsed, double limit, const std::string& message)
      : Error(ErrorKind::time_exhausted, message), op_name(std::move(op)), elapsed_s(elapsed), limit_s(limit) {}
  std::string op_name;
  double elapsed_s;
  double limit_s;
};

[[noreturn]] inline void throw_value_error(const std::string& m) { throw Error(ErrorKind::value_error, m); }
[[noreturn]] inline void throw_type_error(const std::string& m) { throw Error(ErrorKind::type_error, m); }
[[noreturn]] inline void throw_index_error(const std::string& m) { throw Error(ErrorKind::index_error, m); }

}  // namespace flopscope
