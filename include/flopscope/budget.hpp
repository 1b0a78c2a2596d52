// SPDX-License-Identifier: MIT
// Budgets in a participant's own code: for trying things out, in setup() or in a test. Inside predict() the grader's
// context is open already, and a second one cannot be nested.
#pragma once

#include <flopscope/errors.hpp>
#include <optional>
#include <string>

namespace flopscope {
inline namespace sdk {

struct BudgetOptions {
  double flop_budget = 0;
  bool quiet = false;
  std::optional<std::string> name_space = {};
  std::optional<double> wall_time_limit_s = {};
};

// Open from construction to the end of its scope.
class BudgetContext {
 public:
  explicit BudgetContext(const BudgetOptions& o) {
    detail::check(flopscope_budget_new(o.flop_budget, o.quiet, o.name_space ? o.name_space->c_str() : nullptr,
                                       o.wall_time_limit_s.value_or(-1), &m_budget));
    if (const flopscope_status status = flopscope_budget_enter(m_budget); status != FLOPSCOPE_OK) {
      flopscope_budget_free(m_budget);
      detail::check(status);
    }
  }
  BudgetContext(const BudgetContext&) = delete;
  BudgetContext& operator=(const BudgetContext&) = delete;
  ~BudgetContext() {
    flopscope_budget_exit(m_budget);
    flopscope_budget_free(m_budget);
  }
  std::int64_t flops_used() const { return reading().flops_used; }
  double flops_remaining() const { return reading().flops_remaining; }
  flopscope_budget_reading reading() const {
    flopscope_budget_reading r{};
    flopscope_budget_read(m_budget, &r);
    return r;
  }
  std::string summary(bool by_namespace = false) const { return flopscope_budget_summary(m_budget, by_namespace); }

 private:
  flopscope_budget* m_budget = nullptr;
};

// A namespace of the active context, open to the end of its scope: costs inside are listed under its name.
class Namespace {
 public:
  explicit Namespace(const std::string& segment) { detail::check(flopscope_namespace_open(segment.c_str())); }
  Namespace(const Namespace&) = delete;
  Namespace& operator=(const Namespace&) = delete;
  ~Namespace() { flopscope_namespace_close(); }
};

inline std::string budget_summary() { return flopscope_session_summary(); }
inline void budget_reset() { flopscope_session_reset(); }

}  // namespace sdk
}  // namespace flopscope
