// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cmath>
#include <ctime>
#include <whest/flopscope/budget/context.hpp>

namespace flopscope {
namespace {

thread_local BudgetContext* t_active = nullptr;

std::string with_commas(double x) {
  std::string digits = fmt::format("{:.0f}", std::floor(x));
  for (auto i = static_cast<std::ptrdiff_t>(digits.size()) - 3; i > (digits[0] == '-' ? 1 : 0); i -= 3)
    digits.insert(static_cast<std::size_t>(i), 1, ',');
  return digits;
}

}  // namespace

std::int64_t now_ticks() {
  timespec t{};
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1'000'000'000 + t.tv_nsec;
}

BudgetContext::BudgetContext(BudgetOptions options)
    : m_options(std::move(options)), m_model(&active_cost_model()), m_created(now_ticks()) {
  if (!std::isfinite(m_options.flop_budget))
    throw_value_error(fmt::format("flop_budget must be finite, got {}", m_options.flop_budget));
  if (m_options.flop_budget <= 0)
    throw_value_error(fmt::format("flop_budget must be > 0, got {}", m_options.flop_budget));
  if (m_options.name_space) m_namespace = m_names.emplace_back(*m_options.name_space);
}

BudgetContext::~BudgetContext() {
  if (t_active == this) t_active = nullptr;
}

void BudgetContext::enter() {
  if (t_active != nullptr) throw Error(ErrorKind::runtime_error, "Cannot nest BudgetContexts");
  t_active = this;
  m_open = true;
  m_started = now_ticks();
}

void BudgetContext::exit() {
  if (t_active != this) return;
  t_active = nullptr;
  m_open = false;
  m_wall_ticks += now_ticks() - m_started;
}

std::optional<double> BudgetContext::wall_time_s() const {
  return ticks_to_s(m_wall_ticks + (m_open ? now_ticks() - m_started : 0));
}

std::optional<double> BudgetContext::residual_time_s() const {
  return std::max(0.0, *wall_time_s() - backend_time_s() - overhead_time_s());
}

void BudgetContext::push_namespace(std::string_view segment) {
  m_namespace_stack.push_back(m_namespace);
  m_namespace =
      m_names.emplace_back(m_namespace.empty() ? std::string(segment) : fmt::format("{}.{}", m_namespace, segment));
}

void BudgetContext::pop_namespace() {
  if (m_namespace_stack.empty()) return;
  m_namespace = m_namespace_stack.back();
  m_namespace_stack.pop_back();
}

void BudgetContext::charge(Call& call, std::string_view op_name, std::int64_t charged, std::optional<DType> dtype,
                           std::string_view subscripts, bool logged) {
  if (static_cast<double>(charged) > flops_remaining())
    throw BudgetExhaustedError(std::string(op_name), charged, flops_remaining(),
                               fmt::format("{} would cost {} FLOPs but only {} remain", op_name,
                                           with_commas(static_cast<double>(charged)), with_commas(flops_remaining())));
  if (logged) {
    m_used += charged;
    if (call.record_count++ == 0) call.first_record = static_cast<std::uint32_t>(m_log.size());
    OpRecord& r = m_log.emplace_back();
    r.op_name = op_name;
    r.name_space = m_namespace;
    if (!subscripts.empty()) r.subscripts = m_names.emplace_back(subscripts);
    r.flop_cost = charged;
    r.cumulative = m_used;
    r.start_offset_s = ticks_to_s(now_ticks() - m_started);
    r.resolved_dtype = dtype;
  }
  call.charged_ticks = now_ticks();
  const double elapsed = ticks_to_s(call.charged_ticks - m_started);
  if (logged && m_options.wall_time_limit_s && elapsed > *m_options.wall_time_limit_s)
    throw TimeExhaustedError(std::string(op_name), elapsed, *m_options.wall_time_limit_s,
                             fmt::format("{}: wall-clock time {:.3f}s exceeds limit {:.3f}s", op_name, elapsed,
                                         *m_options.wall_time_limit_s));
}

void BudgetContext::finish(Call& call) {
  const std::int64_t end = now_ticks();
  const std::int64_t charged = call.charged_ticks != 0 ? call.charged_ticks : end;
  m_overhead_ticks += charged - call.entered_ticks;
  m_backend_ticks += end - charged;
}

BudgetContext& current_context() {
  if (t_active != nullptr) return *t_active;
  static BudgetContext s_default(
      BudgetOptions{.flop_budget = 1e15, .quiet = true, .name_space = {}, .wall_time_limit_s = {}});
  return s_default;
}

}  // namespace flopscope
