// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <whest/flopscope/budget/summary.hpp>

namespace flopscope {
namespace {

OperationTotals& totals_of(std::vector<OperationTotals>& list, std::string_view name) {
  const auto at = std::find_if(list.begin(), list.end(), [&](const OperationTotals& t) { return t.name == name; });
  if (at != list.end()) return *at;
  list.push_back({.name = std::string(name)});
  return list.back();
}

// The totals by namespace, found by name in the same time however many there are: a program may open any number.
class Namespaces {
 public:
  explicit Namespaces(std::vector<NamespaceTotals>& list) : m_list(list) {
    for (std::size_t i = 0; i < list.size(); ++i) m_places.emplace(list[i].name, i);
  }
  NamespaceTotals& of(std::string_view name) {
    // A log's names stay where they are; most records repeat the last one's.
    if (m_known && name.data() == m_last.data() && name.size() == m_last.size()) return m_list[m_place];
    m_last = name;
    m_known = true;
    const auto key = name.data() == nullptr ? std::nullopt : std::optional(std::string(name));
    const auto [at, fresh] = m_places.try_emplace(key, m_list.size());
    if (fresh) m_list.emplace_back().name = key;
    m_place = at->second;
    return m_list[m_place];
  }

 private:
  std::vector<NamespaceTotals>& m_list;
  std::unordered_map<std::optional<std::string>, std::size_t> m_places;
  std::string_view m_last;
  std::size_t m_place = 0;
  bool m_known = false;
};

void add_to(OperationTotals& t, const OpRecord& r) {
  add_flops(t.flop_cost, r.flop_cost);
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
  Namespaces namespaces(s.by_namespace);
  for (const OpRecord& r : context.op_log().from(first_record)) {
    add_to(totals_of(s.operations, r.op_name), r);
    NamespaceTotals& n = namespaces.of(r.name_space);
    add_flops(n.flops_used, r.flop_cost);
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
