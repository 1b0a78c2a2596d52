// SPDX-License-Identifier: MIT
// Budgets in a participant's own code: for trying things out, in setup() or in a test. Inside predict() the grader's
// context is open already, and a second one cannot be nested.
#pragma once

#include <cstdint>
#include <flopscope/errors.hpp>
#include <flopscope/ndarray.hpp>
#include <optional>
#include <string>
#include <vector>

namespace flopscope {
inline namespace sdk {

struct BudgetOptions {
  double flop_budget = 0;
  bool quiet = false;
  std::optional<std::string> name_space = {};
  std::optional<double> wall_time_limit_s = {};
};

// One counted operation, as the log has it. `cumulative` is the FLOPs of the log up to it, itself included; the start
// is counted from the context's entry.
struct OpRecord {
  std::string op_name;
  std::optional<std::string> name_space, subscripts;
  std::vector<std::vector<std::int64_t>> shapes;  // of the operands
  std::int64_t flop_cost = 0, cumulative = 0;
  std::optional<double> start_offset_s, backend_s;  // no backend time: the deadline stopped it before it ran
  double overhead_s = 0;
  std::optional<numpy::dtype> resolved_dtype;  // none: the price knows none
};

// What operations of one name have cost together.
struct OperationTotals {
  std::string op_name;
  std::int64_t flop_cost = 0, calls = 0;
  double backend_s = 0, overhead_s = 0;
};

// What operations inside one namespace have cost.
struct NamespaceTotals {
  std::optional<std::string> name_space;  // none: outside every namespace
  std::int64_t flops_used = 0, calls = 0;
  double backend_s = 0, overhead_s = 0;
  std::vector<OperationTotals> operations;  // in the order of their first calls
};

// A summary as data: of a budget, or of the session.
struct SummaryDict {
  double flop_budget = 0;
  std::int64_t flops_used = 0;
  double flops_remaining = 0;
  std::vector<OperationTotals> operations;
  double wall_time_s = 0, flopscope_backend_time_s = 0, flopscope_overhead_time_s = 0, residual_wall_time_s = 0;
  std::vector<NamespaceTotals> by_namespace;
};

namespace detail {

inline void add(std::vector<OperationTotals>& to, const OperationTotals& of) {
  auto at = to.begin();
  while (at != to.end() && at->op_name != of.op_name) ++at;
  if (at == to.end()) at = to.insert(at, OperationTotals{.op_name = of.op_name});
  at->flop_cost += of.flop_cost;
  at->calls += of.calls;
  at->backend_s += of.backend_s;
  at->overhead_s += of.overhead_s;
}

inline void add(std::vector<NamespaceTotals>& to, const std::optional<std::string>& name_space,
                const OperationTotals& of) {
  if (to.empty() || to.back().name_space != name_space) to.push_back({.name_space = name_space, .operations = {}});
  NamespaceTotals& in = to.back();  // rows come namespace by namespace
  in.operations.push_back(of);
  in.flops_used += of.flop_cost;
  in.calls += of.calls;
  in.backend_s += of.backend_s;
  in.overhead_s += of.overhead_s;
}

inline SummaryDict summary_of(flopscope_budget budget) {
  flopscope_budget_reading r{};
  std::size_t count = 0;
  check(flopscope_summary_read(budget, &r, nullptr, 0, &count));
  std::vector<flopscope_totals> rows(count);
  check(flopscope_summary_read(budget, &r, rows.data(), rows.size(), &count));
  rows.resize(count < rows.size() ? count : rows.size());
  SummaryDict out{.flop_budget = r.flop_budget,
                  .flops_used = r.flops_used,
                  .flops_remaining = r.flops_remaining,
                  .operations = {},
                  .wall_time_s = r.wall_time_s,
                  .flopscope_backend_time_s = r.flopscope_backend_time_s,
                  .flopscope_overhead_time_s = r.flopscope_overhead_time_s,
                  .residual_wall_time_s = r.residual_wall_time_s,
                  .by_namespace = {}};
  for (const flopscope_totals& row : rows) {
    const OperationTotals of{std::string(row.op_name, row.op_name_size), row.flop_cost, row.calls, row.backend_s,
                             row.overhead_s};
    add(out.operations, of);
    add(out.by_namespace,
        row.name_space != nullptr ? std::optional<std::string>(std::in_place, row.name_space, row.name_space_size)
                                  : std::nullopt,
        of);
  }
  return out;
}

}  // namespace detail

// What a budget says of itself. RuntimeError: it is gone.
class BudgetView {
 public:
  explicit BudgetView(flopscope_budget budget) : m_view(budget) {}
  double flop_budget() const { return reading().flop_budget; }
  std::int64_t flops_used() const { return reading().flops_used; }
  double flops_remaining() const { return reading().flops_remaining; }
  flopscope_budget_reading reading() const {
    flopscope_budget_reading r{};
    detail::check(flopscope_budget_read(m_view, &r));
    return r;
  }
  std::string summary(bool by_namespace = false) const {
    const char* text = flopscope_budget_summary(m_view, by_namespace);
    if (text == nullptr) reading();  // throws: it says why
    return text != nullptr ? text : "";
  }
  // The same as data.
  SummaryDict summary_dict() const { return detail::summary_of(m_view); }
  // The full dotted name of the namespace that is open.
  std::optional<std::string> name_space() const {
    const char* name = flopscope_budget_namespace(m_view);
    return name != nullptr ? std::optional<std::string>(name) : std::nullopt;
  }

  // Every record from `first` on.
  std::vector<OpRecord> op_log(std::size_t first = 0) const {
    const std::size_t size = flopscope_budget_log_size(m_view);
    std::vector<flopscope_op_record> raw(first < size ? size - first : 0);
    raw.resize(flopscope_budget_log_copy(m_view, first, raw.size(), raw.data()));
    std::vector<OpRecord> log;
    log.reserve(raw.size());
    for (const flopscope_op_record& r : raw) log.push_back(record(r));
    return log;
  }

  // The log summed by operation.
  std::vector<OperationTotals> totals() const { return summary_dict().operations; }

 private:
  OpRecord record(const flopscope_op_record& r) const {
    const auto text = [](const char* at, std::uint32_t size) {
      return at != nullptr ? std::optional<std::string>(std::in_place, at, size) : std::nullopt;
    };
    const auto seconds = [](double s) { return s == s ? std::optional<double>(s) : std::nullopt; };
    return {.op_name = std::string(r.op_name, r.op_name_size),
            .name_space = text(r.name_space, r.name_space_size),
            .subscripts = text(r.subscripts, r.subscripts_size),
            .shapes = shapes(r),
            .flop_cost = r.flop_cost,
            .cumulative = r.cumulative,
            .start_offset_s = seconds(r.start_offset_s),
            .backend_s = seconds(r.backend_s),
            .overhead_s = r.overhead_s,
            .resolved_dtype =
                r.resolved_dtype >= 0 ? std::optional(static_cast<numpy::dtype>(r.resolved_dtype)) : std::nullopt};
  }
  std::vector<std::vector<std::int64_t>> shapes(const flopscope_op_record& r) const {
    std::vector<std::int64_t> numbers(flopscope_budget_log_shapes(m_view, &r, nullptr, 0));
    flopscope_budget_log_shapes(m_view, &r, numbers.data(), numbers.size());
    std::vector<std::vector<std::int64_t>> shapes;
    for (auto at = numbers.begin(); at != numbers.end(); at += 1 + *at) shapes.emplace_back(at + 1, at + 1 + *at);
    return shapes;
  }
  flopscope_budget m_view;
};

// The budget that is open on this thread: the grader's inside predict(), one of the process's own where none is. Good
// as long as that one is open.
inline BudgetView current_budget() {
  flopscope_budget budget = 0;
  detail::check(flopscope_current_budget(&budget));
  return BudgetView(budget);
}

// Open from construction to the end of its scope, or to exit(). enter() opens it again: FLOPs and log go on.
class BudgetContext : public BudgetView {
 public:
  explicit BudgetContext(const BudgetOptions& o) : BudgetContext(made(o), o.wall_time_limit_s) { enter(); }
  BudgetContext(const BudgetContext&) = delete;
  BudgetContext& operator=(const BudgetContext&) = delete;
  ~BudgetContext() {
    if (m_is_open) flopscope_budget_exit(m_budget);
    flopscope_budget_free(m_budget);
  }
  // Errors: one that is open cannot be entered, nor inside another; one that is not open cannot be left.
  void enter() {
    detail::check(flopscope_budget_enter(m_budget));
    m_is_open = true;
  }
  void exit() {
    detail::check(flopscope_budget_exit(m_budget));
    m_is_open = false;
  }

  std::optional<double> wall_time_limit_s() const { return m_wall_time_limit_s; }

 private:
  BudgetContext(flopscope_budget budget, std::optional<double> wall_time_limit_s)
      : BudgetView(budget), m_budget(budget), m_wall_time_limit_s(wall_time_limit_s) {}
  static flopscope_budget made(const BudgetOptions& o) {
    flopscope_budget budget = 0;
    detail::check(flopscope_budget_new(o.flop_budget, o.quiet, o.name_space ? o.name_space->c_str() : nullptr,
                                       o.wall_time_limit_s.value_or(-1), &budget));
    return budget;
  }

  flopscope_budget m_budget;
  std::optional<double> m_wall_time_limit_s;
  bool m_is_open = false;
};

// A namespace of the active context, open to the end of its scope: costs inside are listed under its name.
class Namespace {
 public:
  explicit Namespace(const std::string& segment) { detail::check(flopscope_namespace_open(segment.c_str())); }
  Namespace(const Namespace&) = delete;
  Namespace& operator=(const Namespace&) = delete;
  ~Namespace() { flopscope_namespace_close(); }
};

// The session: all that the process has spent since its start or the last budget_reset().
inline std::string budget_summary() { return flopscope_session_summary(); }
inline SummaryDict budget_summary_dict() { return detail::summary_of(0); }
inline void budget_reset() { flopscope_session_reset(); }

}  // namespace sdk
}  // namespace flopscope
