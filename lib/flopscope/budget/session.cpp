// SPDX-License-Identifier: MIT
#include <whest/flopscope/budget/session.hpp>

namespace flopscope {

Session& Session::instance() {
  static Session* s_session = new Session;  // contexts may outlive static destruction
  return *s_session;
}

Session::Baseline Session::now_of(const BudgetContext& c) {
  return {c.op_log().size(),  c.flops_used(),      c.wall_time_s().value_or(0),
          c.backend_time_s(), c.overhead_time_s(), c.residual_time_s().value_or(0)};
}

void Session::merge(Summary& into, const BudgetContext& c, const Baseline& since) {
  // Open (and default) contexts count once they have paid something new; closed ones with their session.
  const bool new_session = !c.is_open() && c.wall_time_s().value_or(0) > since.wall_s;
  if (c.flops_used() <= since.used && !new_session) return;
  const Baseline now = now_of(c);
  into.flop_budget += c.flop_budget();
  add_flops(into.flops_used, now.used - since.used);
  into.backend_s += now.backend_s - since.backend_s;
  into.overhead_s += now.overhead_s - since.overhead_s;
  if (c.wall_time_s()) {
    into.wall_s = into.wall_s.value_or(0) + now.wall_s - since.wall_s;
    into.residual_s = into.residual_s.value_or(0) + std::max(0.0, now.residual_s - since.residual_s);
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
