// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <whest/flopscope/budget/summary.hpp>

namespace flopscope {
namespace {

OperationTotals& totals_of(std::vector<OperationTotals>& list, std::string_view name) {
  const auto at = std::find_if(list.begin(), list.end(), [&](const OperationTotals& t) { return t.name == name; });
  if (at != list.end()) return *at;
  list.push_back({.name = std::string(name)});
  return list.back();
}

NamespaceTotals& totals_of(std::vector<NamespaceTotals>& list, std::string_view name) {
  const bool named = name.data() != nullptr;
  const auto at = std::find_if(list.begin(), list.end(),
                               [&](const NamespaceTotals& t) { return named ? t.name == name : !t.name; });
  if (at != list.end()) return *at;
  list.emplace_back();
  if (named) list.back().name = std::string(name);
  return list.back();
}

void add_to(OperationTotals& t, const OpRecord& r) {
  t.flop_cost += r.flop_cost;
  ++t.calls;
  t.backend_s += r.backend_s.value_or(0);
  t.overhead_s += r.overhead_s;
}

double share(double part, double whole) { return whole > 0 ? 100 * part / whole : 0; }
std::string calls_text(std::int64_t n) { return n == 1 ? "[1 call]" : fmt::format("[{} calls]", n); }
std::string seconds(double s) { return fmt::format("{:.3f}s", s); }

void append_totals(std::string& out, const Summary& s) {
  const std::string title =
      s.label.empty() ? "flopscope FLOP Budget Summary" : fmt::format("flopscope FLOP Budget Summary [{}]", s.label);
  const auto used = static_cast<double>(s.flops_used);
  out += fmt::format("{}\n{}\n", title, std::string(title.size(), '='));
  out += fmt::format("  Total budget:    {:>20}\n", with_commas(s.flop_budget));
  out += fmt::format("  Used:            {:>20}  ({:.1f}%)\n", with_commas(used), share(used, s.flop_budget));
  out += fmt::format("  Remaining:       {:>20}  ({:.1f}%)\n", with_commas(s.flops_remaining),
                     share(s.flops_remaining, s.flop_budget));
}

void append_namespaces(std::string& out, const Summary& s) {
  std::vector<const NamespaceTotals*> order;
  for (const NamespaceTotals& n : s.by_namespace) order.push_back(&n);
  const auto label = [](const NamespaceTotals& n) { return n.name.value_or("(unlabeled)"); };
  std::sort(order.begin(), order.end(), [&](const auto* a, const auto* b) {
    return a->flops_used != b->flops_used ? a->flops_used > b->flops_used : label(*a) < label(*b);
  });
  out += "\n  By namespace:\n";
  for (const NamespaceTotals* n : order)
    out += fmt::format("    {:<24}{:>13}  ({:>5.1f}%)  {}  Backend {}  Overhead {}\n", label(*n),
                       with_commas(static_cast<double>(n->flops_used)),
                       share(static_cast<double>(n->flops_used), static_cast<double>(s.flops_used)),
                       calls_text(n->calls), seconds(n->backend_s), seconds(n->overhead_s));
}

void append_operations(std::string& out, const Summary& s) {
  std::vector<const OperationTotals*> order;
  for (const OperationTotals& o : s.operations) order.push_back(&o);
  std::stable_sort(order.begin(), order.end(),
                   [](const auto* a, const auto* b) { return a->flop_cost > b->flop_cost; });
  out += "\n  By operation:\n";
  for (const OperationTotals* o : order)
    out +=
        fmt::format("    {:<20} {:>12}  ({:>5.1f}%)  {}\n", o->name, with_commas(static_cast<double>(o->flop_cost)),
                    share(static_cast<double>(o->flop_cost), static_cast<double>(s.flops_used)), calls_text(o->calls));
}

void append_times(std::string& out, const Summary& s) {
  const double wall = s.wall_s.value_or(0);
  if (s.wall_s) out += fmt::format("\n  Total Wall Time:     {}\n", seconds(wall));
  const auto line = [&](const char* name, double t) {
    out += fmt::format("  {:<20} {}  ({:.1f}%)\n", name, seconds(t), share(t, wall));
  };
  if (s.wall_s) {
    line("Flopscope Backend:", s.backend_s);
    line("Flopscope Overhead:", s.overhead_s);
    line("Residual Wall Time:", s.residual_s.value_or(0));
  }
  std::vector<const OperationTotals*> order;
  for (const OperationTotals& o : s.operations)
    if (o.backend_s > 0) order.push_back(&o);
  if (order.empty()) return;
  std::stable_sort(order.begin(), order.end(),
                   [](const auto* a, const auto* b) { return a->backend_s > b->backend_s; });
  out += "\n  By operation (time):\n";
  for (const OperationTotals* o : order)
    out += fmt::format("    {:<20} {}  ({:.1f}%)  {}\n", o->name, seconds(o->backend_s), share(o->backend_s, wall),
                       calls_text(o->calls));
}

}  // namespace

void add_records(Summary& s, const BudgetContext& context, std::size_t first_record) {
  for (const OpRecord& r : context.op_log().from(first_record)) {
    add_to(totals_of(s.operations, r.op_name), r);
    NamespaceTotals& n = totals_of(s.by_namespace, r.name_space);
    n.flops_used += r.flop_cost;
    ++n.calls;
    n.backend_s += r.backend_s.value_or(0);
    n.overhead_s += r.overhead_s;
    add_to(totals_of(n.operations, r.op_name), r);
  }
}

Summary summarize(const BudgetContext& context) {
  Summary s;
  s.flop_budget = context.flop_budget();
  s.flops_used = context.flops_used();
  s.flops_remaining = context.flops_remaining();
  s.label = std::string(context.current_namespace());
  s.wall_s = context.wall_time_s();
  s.residual_s = context.residual_time_s();
  s.backend_s = context.backend_time_s();
  s.overhead_s = context.overhead_time_s();
  add_records(s, context, 0);
  return s;
}

std::string summary_text(const Summary& s, bool by_namespace) {
  if (s.flops_used == 0 && s.operations.empty()) return "No budget data recorded yet.";
  std::string out;
  append_totals(out, s);
  if (by_namespace) append_namespaces(out, s);
  append_operations(out, s);
  append_times(out, s);
  out.pop_back();
  return out;
}

}  // namespace flopscope
