// SPDX-License-Identifier: MIT
#include <algorithm>
#include <whest/flopscope/budget/session.hpp>

namespace flopscope {

Session& Session::instance() {
  static Session* s_session = new Session;  // contexts may outlive static destruction
  return *s_session;
}

Session::Baseline Session::now_of(const BudgetContext& c) {
  const BudgetCounters& n = *c.m_counters;
  const std::int64_t wall = c.wall_ticks();
  return {c.op_log().size(), n.flops_used, wall, n.backend_ticks, n.overhead_ticks, c.residual_ticks(wall)};
}

void Session::merge(Summary& into, const BudgetContext& c, const Baseline& since) {
  // Open (and default) contexts count once they have paid something new; closed ones with their session.
  const bool new_session = !c.is_open() && c.m_closed_ticks > since.wall;
  if (c.flops_used() <= since.used && !new_session) return;
  const Baseline now = now_of(c);
  into.flop_budget += c.flop_budget();
  add_flops(into.flops_used, now.used - since.used);
  const double tick_s = seconds_per_tick();
  const auto seconds = [&](std::int64_t ticks) { return static_cast<double>(ticks) * tick_s; };
  into.backend_s += seconds(now.backend - since.backend);
  into.overhead_s += seconds(now.overhead - since.overhead);
  if (c.m_entered) {
    into.wall_s = into.wall_s.value_or(0) + seconds(now.wall - since.wall);
    into.residual_s = into.residual_s.value_or(0) + seconds(std::max<std::int64_t>(0, now.residual - since.residual));
  }
  add_records(into, c, since.records);
}

void Session::add(const BudgetContext& context) {
  const std::scoped_lock lock(m_mutex);
  m_living.emplace(&context, Baseline{});
}

void Session::remove(const BudgetContext& context) {
  const std::scoped_lock lock(m_mutex);
  const auto at = m_living.find(&context);
  if (at == m_living.end()) return;
  merge(m_gone, context, at->second);
  m_living.erase(at);
}

Summary Session::summary() const {
  const std::scoped_lock lock(m_mutex);
  Summary s = m_gone;
  for (const auto& [context, since] : m_living) merge(s, *context, since);
  s.flops_remaining = s.flop_budget - static_cast<double>(s.flops_used);
  return s;
}

void Session::reset() {
  const std::scoped_lock lock(m_mutex);
  m_gone = {};
  for (auto& [context, since] : m_living) since = now_of(*context);
}

std::string session_summary_text(bool by_namespace) {
  return summary_text(Session::instance().summary(), by_namespace);
}

}  // namespace flopscope
