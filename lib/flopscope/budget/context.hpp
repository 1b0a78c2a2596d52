// SPDX-License-Identifier: MIT
// BudgetContext: the FLOP budget, its log, its namespaces and its clock (spec: flopscope.md §1, flopscope-budget.md).
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <whest/flopscope/core/operation.hpp>

namespace flopscope {

// Monotonic time. Ticks are nanoseconds.
std::int64_t now_ticks();
inline double ticks_to_s(std::int64_t t) { return static_cast<double>(t) * 1e-9; }

// One entry of the op log. Names are views into the catalogue or into the context's own tables.
struct OpRecord {
  std::string_view op_name;
  std::string_view name_space;  // full dotted name; empty: none
  std::string_view subscripts;  // empty: none
  std::int64_t flop_cost = 0;
  std::int64_t cumulative = 0;
  double start_offset_s = 0;
  std::optional<double> backend_s;
  double overhead_s = 0;
  std::optional<DType> resolved_dtype;
  std::uint32_t shapes_begin = 0, shapes_count = 0;  // see BudgetContext::shapes
};

struct BudgetOptions {
  double flop_budget = 0;
  bool quiet = false;
  std::optional<std::string> name_space;
  std::optional<double> wall_time_limit_s;
};

class BudgetContext {
 public:
  // Throws ValueError unless the budget is finite and > 0.
  explicit BudgetContext(BudgetOptions options);
  BudgetContext(const BudgetContext&) = delete;
  BudgetContext& operator=(const BudgetContext&) = delete;
  ~BudgetContext();

  void enter();  // makes it the thread's active context; throws RuntimeError "Cannot nest BudgetContexts"
  void exit();

  double flop_budget() const { return m_options.flop_budget; }
  std::int64_t flops_used() const { return m_used; }
  double flops_remaining() const { return m_options.flop_budget - static_cast<double>(m_used); }
  const std::deque<OpRecord>& op_log() const { return m_log; }
  std::optional<double> wall_time_limit_s() const { return m_options.wall_time_limit_s; }
  std::optional<double> wall_time_s() const;
  double backend_time_s() const { return ticks_to_s(m_backend_ticks); }
  double overhead_time_s() const { return ticks_to_s(m_overhead_ticks); }
  std::optional<double> residual_time_s() const;
  const CostModel& model() const { return *m_model; }

  void push_namespace(std::string_view segment);
  void pop_namespace();
  std::string_view current_namespace() const { return m_namespace; }

  // Used by Call and the waist only.
  void charge(Call& call, std::string_view op_name, std::int64_t charged, std::optional<DType> dtype,
              std::string_view subscripts, bool logged);
  void finish(Call& call);

 private:
  BudgetOptions m_options;
  const CostModel* m_model;
  std::int64_t m_used = 0;
  std::int64_t m_backend_ticks = 0, m_overhead_ticks = 0;
  std::int64_t m_created = 0, m_started = 0, m_wall_ticks = 0;
  bool m_open = false;
  std::string_view m_namespace;
  std::vector<std::string_view> m_namespace_stack;
  std::deque<std::string> m_names;  // interned namespace and subscript texts; addresses stay
  std::deque<OpRecord> m_log;
};

// The context that operations on this thread charge: the active one, else the process-wide default of 1e15 FLOPs.
BudgetContext& current_context();

}  // namespace flopscope
