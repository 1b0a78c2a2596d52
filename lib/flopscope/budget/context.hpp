// SPDX-License-Identifier: MIT
// BudgetContext: the FLOP budget, its log, its namespaces and its clock (spec: flopscope.md §1, flopscope-budget.md).
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <whest/flopscope/budget/clock.hpp>
#include <whest/flopscope/budget/op_log.hpp>
#include <whest/flopscope/core/operation.hpp>

namespace flopscope {

class Audit;

// What a context has counted so far.
struct BudgetCounters {
  std::int64_t flops_used = 0;
  std::int64_t backend_ticks = 0, overhead_ticks = 0;  // see ticks_to_s
};

struct BudgetOptions {
  double flop_budget = 0;
  bool quiet = false;
  std::optional<std::string> name_space;
  std::optional<double> wall_time_limit_s;
  // Where the counters live; null: in the context. A host that must read them when this process has been killed hands
  // a place in shared memory, all zeros, that outlives the context.
  BudgetCounters* counters = nullptr;
  // A second price list: what is charged would cost under it is kept beside (audit.hpp). Null: none.
  const CostModel* audit_model = nullptr;
};

class BudgetContext {
 public:
  // Throws ValueError unless the budget is finite and > 0.
  explicit BudgetContext(BudgetOptions options);
  BudgetContext(const BudgetContext&) = delete;
  BudgetContext& operator=(const BudgetContext&) = delete;
  ~BudgetContext();

  // Makes it the thread's active context. RuntimeError when the thread has one, or another thread has this one open.
  // Not quiet: prints a line to stderr. Entering again later goes on with FLOPs and log; the clock adds up the
  // sessions.
  void enter();
  // Ends the session. RuntimeError when it is not the thread's active context (nothing changes then).
  void exit();

  double flop_budget() const { return m_options.flop_budget; }
  std::int64_t flops_used() const { return m_counters->flops_used; }
  double flops_remaining() const { return m_options.flop_budget - static_cast<double>(flops_used()); }
  const OpLog& op_log() const { return m_log; }
  // Shapes of the operands of a record.
  std::vector<std::vector<std::int64_t>> shapes(const OpRecord& record) const { return m_log.shapes(record); }
  std::optional<double> wall_time_limit_s() const { return m_options.wall_time_limit_s; }
  // Null before the first entry; while open, up to now. wall = backend + overhead + residual.
  std::optional<double> wall_time_s() const;
  std::optional<double> residual_time_s() const;
  // Seconds since the latest entry, while open; of the latest session afterwards; 0 before the first.
  double elapsed_s() const;
  double backend_time_s() const { return ticks_to_s(m_counters->backend_ticks); }
  double overhead_time_s() const { return ticks_to_s(m_counters->overhead_ticks); }
  const CostModel& model() const { return *m_model; }
  // Every charge is told to the thread's live display, where there is one (live.hpp).
  void watch() { m_watched = true; }
  std::uint64_t serial() const { return m_serial; }  // no two contexts of a process have the same
  Audit* audit() const { return m_audit.get(); }     // null: no second price is kept
  bool is_default() const { return m_is_default; }
  bool is_open() const { return m_open; }

  // Blanks around the segment are dropped. ValueError: empty, or contains '.'.
  void push_namespace(std::string_view segment);
  void pop_namespace();
  std::string_view current_namespace() const { return m_log.text(m_namespace); }  // data() null: none

  // Used by Call and the waist only: the charge, and the end of a call (`succeeded`: then the deadline is tested).
  void charge(Call& call, std::string_view op_name, std::int64_t charged, std::optional<DType> dtype,
              std::string_view subscripts, bool logged);
  void finish(Call& call, bool succeeded);
  // See Call::owes_more.
  void expect_more_charges(bool more) {
    if (m_is_books) m_more_charges = more;  // of the others the default context has several threads
  }
  void expect_no_more_charges();

 private:
  friend class Audit;
  friend class Session;
  // The books of an audit: never open, without limits, in no session.
  struct Books {};
  BudgetContext(Books, const CostModel& model);
  void price_again(Call& call);
  void enter_in_books(Call& call, std::string_view op_name, std::int64_t charged, std::optional<DType> dtype,
                      std::string_view subscripts, bool logged);
  friend BudgetContext& default_context();
  [[noreturn]] void refuse(std::string_view op_name, std::int64_t charged) const;
  void test_deadline(std::string_view op_name, std::int64_t now) const;
  std::unique_lock<std::mutex> lock_if_shared();
  // Up to now while open, 0 before the first entry.
  std::int64_t wall_ticks() const { return m_closed_ticks + (m_open ? now_ticks() - m_started : 0); }
  std::int64_t residual_ticks(std::int64_t wall) const {
    return m_entered ? std::max<std::int64_t>(wall - m_counters->backend_ticks - m_counters->overhead_ticks, 0) : 0;
  }

  BudgetOptions m_options;
  const CostModel* m_model;
  bool m_is_default = false;
  bool m_open = false, m_entered = false;
  bool m_is_books = false;    // of an audit
  bool m_watched = false;     // somebody wants to know of every charge: audit, books, live display
  bool m_ends_calls = false;  // books: an operation is left once it has charged all that it owes
  bool m_more_charges = false;
  std::unique_ptr<Audit> m_audit;
  std::uint64_t m_serial;
  BudgetCounters m_own_counters;
  BudgetCounters* m_counters;
  std::int64_t m_started = 0;                 // of the latest session
  std::int64_t m_closed_ticks = 0;            // sum of the ended sessions
  std::int64_t m_latest_ticks = 0;            // length of the latest ended session
  std::int64_t m_deadline_ticks = INT64_MAX;  // after the start: before it the limit need not be looked at
  std::uint32_t m_namespace = 0;              // a text's number in the log
  std::vector<std::uint32_t> m_namespace_stack;
  OpLog m_log;
  std::mutex m_shared;  // the default context serves every thread that has none of its own
};

// The context that operations on this thread charge: the active one, else the process-wide default one.
BudgetContext& current_context();
BudgetContext* active_context();  // null: none open on this thread
// 1e15 FLOPs, or FLOPSCOPE_DEFAULT_BUDGET (truncated), read at the first use. ValueError when that is not a positive
// number.
BudgetContext& default_context();

// "12,345" with thousands separators; an integral amount is printed in full whatever its size.
std::string with_commas(double amount);
std::string with_commas(__int128 amount);
// The root of the documentation address in messages: FLOPSCOPE_DOCS_ROOT.
std::string docs_address(std::string_view page);

}  // namespace flopscope
