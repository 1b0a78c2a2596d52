// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <atomic>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <whest/flopscope/budget/audit.hpp>
#include <whest/flopscope/budget/context.hpp>
#include <whest/flopscope/budget/exclusive.hpp>
#include <whest/flopscope/budget/live.hpp>
#include <whest/flopscope/budget/session.hpp>

namespace flopscope {
namespace {

// Read by every operation: in the library's static block, where that takes one instruction.
[[gnu::tls_model("initial-exec")]] constinit thread_local BudgetContext* t_active = nullptr;

// See ExclusiveMeter; null: there is none.
std::atomic<const BudgetContext*> g_only{nullptr};

[[noreturn]] void refuse_thread() {
  throw Error(ErrorKind::runtime_error,
              "Counted operations belong to the thread that predict was called on; this is another thread");
}

std::string_view trimmed(std::string_view s) {
  constexpr std::string_view k_blanks = " \t\n\r\f\v";
  const std::size_t b = s.find_first_not_of(k_blanks);
  return b == std::string_view::npos ? std::string_view{} : s.substr(b, s.find_last_not_of(k_blanks) - b + 1);
}

// A number as Python shows it: integers without a point, small fractions as they are.
std::string number_text(double x) {
  if (std::isfinite(x) && x == std::floor(x) && std::fabs(x) < 1e16 && !(x == 0 && std::signbit(x)))
    return fmt::format("{:.0f}", x);
  if (x == 0) return "-0.0";
  return fmt::format("{}", x);
}

void print_banner(const BudgetOptions& o) {
  std::string line = fmt::format("flopscope {} | budget: {:.2e} FLOPs", WHEST_VERSION, o.flop_budget);
  if (o.wall_time_limit_s) line += fmt::format(" | time limit: {:.1f}s", *o.wall_time_limit_s);
  std::fprintf(stderr, "%s\n", line.c_str());
}

// What a context can count.
constexpr double k_most_flops = 9223372036854775808.0;

std::uint64_t next_serial() {
  static std::atomic<std::uint64_t> s_serial{0};
  return ++s_serial;
}

double default_budget() {
  const char* text = std::getenv("FLOPSCOPE_DEFAULT_BUDGET");
  if (text == nullptr) return 1e15;
  char* end = nullptr;
  const double value = std::trunc(std::strtod(text, &end));
  if (end == text || *end != '\0' || !std::isfinite(value) || value <= 0)
    throw_value_error(fmt::format("FLOPSCOPE_DEFAULT_BUDGET must be a positive number, got '{}'", text));
  return value;
}

}  // namespace

namespace {
std::string separated(std::string digits) {
  const std::size_t point = digits.find_first_of(".e");
  const auto end = static_cast<std::ptrdiff_t>(point == std::string::npos ? digits.size() : point);
  for (std::ptrdiff_t i = end - 3; i > (digits[0] == '-' ? 1 : 0); i -= 3)
    digits.insert(static_cast<std::size_t>(i), 1, ',');
  return digits;
}
}  // namespace

std::string with_commas(__int128 amount) { return separated(fmt::format("{}", amount)); }
std::string with_commas(double amount) {
  if (amount == std::floor(amount) && std::fabs(amount) < 1e38) return with_commas(static_cast<__int128>(amount));
  return separated(fmt::format("{}", amount));
}

std::string docs_address(std::string_view page) {
  const char* root = std::getenv("FLOPSCOPE_DOCS_ROOT");
  std::string address = root != nullptr ? root : "https://aicrowd.github.io/flopscope/docs";
  while (address.ends_with('/')) address.pop_back();
  return address + "/" + std::string(page);
}

BudgetContext::BudgetContext(BudgetOptions options)
    : m_options(std::move(options)),
      m_model(&active_cost_model()),
      m_serial(next_serial()),
      m_counters(m_options.counters != nullptr ? m_options.counters : &m_own_counters) {
  if (!std::isfinite(m_options.flop_budget))
    throw_value_error(fmt::format("flop_budget must be finite, got {}", m_options.flop_budget));
  if (m_options.flop_budget <= 0)
    throw_value_error(fmt::format("flop_budget must be > 0, got {}", number_text(m_options.flop_budget)));
  if (m_options.flop_budget >= k_most_flops)
    throw_value_error(fmt::format("flop_budget must be below 2^63, got {}", number_text(m_options.flop_budget)));
  if (m_options.name_space) m_namespace = m_log.text_number(*m_options.name_space);
  if (m_options.audit_model != nullptr) m_audit = std::make_unique<Audit>(*m_options.audit_model, *m_model);
  m_watched = m_audit != nullptr;
  Session::instance().add(*this);
}

BudgetContext::BudgetContext(Books, const CostModel& model)
    : m_options{.flop_budget = 1e300, .quiet = true, .name_space = {}, .wall_time_limit_s = {}},
      m_model(&model),
      m_is_books(true),
      m_watched(true),
      m_serial(next_serial()),
      m_counters(&m_own_counters) {}

BudgetContext::~BudgetContext() {
  if (t_active == this) t_active = nullptr;
  Session::instance().remove(*this);
}

void BudgetContext::enter() {
  if (t_active != nullptr) throw Error(ErrorKind::runtime_error, "Cannot nest BudgetContexts");
  if (const BudgetContext* only = g_only.load(std::memory_order_acquire); only != nullptr && only != this)
    refuse_thread();
  if (m_open) throw Error(ErrorKind::runtime_error, "This BudgetContext is open in another thread");
  if (!m_options.quiet) print_banner(m_options);
  t_active = this;
  if (LiveDisplay::current() != nullptr) watch();
  m_open = m_entered = true;
  if (m_options.wall_time_limit_s) {
    const double ticks = *m_options.wall_time_limit_s / ticks_to_s(1);
    m_deadline_ticks = ticks < 1e18 ? static_cast<std::int64_t>(ticks * 0.999) : INT64_MAX;
  }
  m_started = now_ticks();
}

void BudgetContext::exit() {
  if (t_active != this)
    throw Error(ErrorKind::runtime_error, "This BudgetContext is not active on this thread: it cannot be left");
  t_active = nullptr;
  m_open = false;
  m_latest_ticks = now_ticks() - m_started;
  m_closed_ticks += m_latest_ticks;
}

std::optional<double> BudgetContext::wall_time_s() const {
  if (!m_entered) return std::nullopt;
  return ticks_to_s(wall_ticks());
}

std::optional<double> BudgetContext::residual_time_s() const {
  if (!m_entered) return std::nullopt;
  return ticks_to_s(residual_ticks(wall_ticks()));
}

double BudgetContext::elapsed_s() const { return ticks_to_s(m_open ? now_ticks() - m_started : m_latest_ticks); }

void BudgetContext::push_namespace(std::string_view segment) {
  const std::string_view name = trimmed(segment);
  if (name.empty()) throw_value_error("namespace segment must be non-empty");
  if (name.find('.') != std::string_view::npos) throw_value_error("namespace segment must not contain '.'");
  m_namespace_stack.push_back(m_namespace);
  m_namespace =
      m_log.text_number(m_namespace == 0 ? std::string(name) : fmt::format("{}.{}", current_namespace(), name));
  if (m_audit) m_audit->set_namespace(current_namespace());
}

void BudgetContext::pop_namespace() {
  if (m_namespace_stack.empty()) throw Error(ErrorKind::runtime_error, "no namespace is open");
  m_namespace = m_namespace_stack.back();
  m_namespace_stack.pop_back();
  if (m_audit) m_audit->set_namespace(current_namespace());
}

void BudgetContext::refuse(std::string_view op_name, std::int64_t charged) const {
  throw BudgetExhaustedError(std::string(op_name), charged, flops_remaining(),
                             fmt::format("{} would cost {} FLOPs but only {} remain. See: {}", op_name,
                                         with_commas(static_cast<double>(charged)), with_commas(flops_remaining()),
                                         docs_address("guides/budget-planning")));
}

void BudgetContext::test_deadline(std::string_view op_name, std::int64_t now) const {
  if (now - m_started < m_deadline_ticks) [[likely]]
    return;
  const double elapsed = ticks_to_s(now - m_started);
  if (elapsed > *m_options.wall_time_limit_s)
    throw TimeExhaustedError(std::string(op_name), elapsed, *m_options.wall_time_limit_s,
                             fmt::format("{}: wall-clock time {:.3f}s exceeds limit {:.3f}s. See: {}", op_name, elapsed,
                                         *m_options.wall_time_limit_s, docs_address("guides/budget-planning")));
}

std::unique_lock<std::mutex> BudgetContext::lock_if_shared() {
  return m_is_default ? std::unique_lock(m_shared) : std::unique_lock<std::mutex>();
}

void BudgetContext::charge(Call& call, std::string_view op_name, std::int64_t charged, std::optional<DType> dtype,
                           std::string_view subscripts, bool logged) {
  const auto lock = lock_if_shared();
  if (static_cast<double>(charged) > flops_remaining()) [[unlikely]]
    refuse(op_name, charged);
  if (m_watched) [[unlikely]] {
    if (m_is_books) return enter_in_books(call, op_name, charged, dtype, subscripts, logged);
    if (m_audit) price_again(call);
    if (LiveDisplay* display = LiveDisplay::current()) display->note(*this, op_name);
  }
  if (logged) [[likely]] {
    // Near 2^63 the comparison of doubles may be off by a thousand.
    if (__builtin_add_overflow(m_counters->flops_used, charged, &m_counters->flops_used)) [[unlikely]] {
      m_counters->flops_used -= charged;
      refuse(op_name, charged);
    }
    if (call.record_count++ == 0) call.first_record = static_cast<std::uint32_t>(m_log.size());
    m_log.add(call, op_name, charged, m_is_default ? -1 : call.entered_ticks - m_started, dtype, subscripts,
              m_namespace);
  }
  const std::int64_t now = now_ticks();
  if (logged) test_deadline(op_name, now);
  call.charged_ticks = now;
}

void BudgetContext::expect_no_more_charges() {
  expect_more_charges(false);
  if (m_ends_calls) throw Audit::Charged{};
}

// The clock stands still meanwhile: no limit and no score of the run knows that it is audited.
void BudgetContext::price_again(Call& call) {
  const std::int64_t begin = now_ticks();
  Call* const outermost = m_audit->price();
  const std::int64_t spent = now_ticks() - begin;
  m_started += spent;
  call.entered_ticks += spent;
  if (outermost != nullptr && outermost != &call) outermost->entered_ticks += spent;
}

void BudgetContext::enter_in_books(Call& call, std::string_view op_name, std::int64_t charged,
                                   std::optional<DType> dtype, std::string_view subscripts, bool logged) {
  if (logged) {
    std::int64_t& used = m_counters->flops_used;
    if (__builtin_add_overflow(used, charged, &used)) used = INT64_MAX;
    m_log.add(call, op_name, charged, -1, dtype, subscripts, m_namespace);
    m_log.set_times(m_log.size() - 1, -1, 0);
  }
  if (m_ends_calls && !m_more_charges) throw Audit::Charged{};
}

void BudgetContext::finish(Call& call, bool succeeded) {
  call.finished = true;
  // What the model does not log it does not time either: like any other work of the participant's, it is residual, and
  // the times of the log add up to those of the context.
  if (succeeded && call.record_count == 0) [[unlikely]]
    return;
  const auto lock = lock_if_shared();
  const std::int64_t end = now_ticks();
  const bool ran = call.charged_ticks != 0;  // 0: refused, or stopped at the charge
  const std::int64_t charged = ran ? call.charged_ticks : end;
  const std::int64_t backend = end - charged, overhead = charged - call.entered_ticks;
  m_counters->overhead_ticks += overhead;
  m_counters->backend_ticks += backend;
  const std::int64_t count = call.record_count;
  if (count == 1) [[likely]] {
    m_log.set_times(call.first_record, ran ? backend : -1, overhead);
  } else {
    for (std::int64_t i = 0; i < count; ++i) {
      const std::int64_t share = i == 0 ? overhead - overhead / count * (count - 1) : overhead / count;
      m_log.set_times(static_cast<std::size_t>(call.first_record + i), ran ? (i == 0 ? backend : 0) : -1, share);
    }
  }
  if (succeeded && end - m_started >= m_deadline_ticks) [[unlikely]]
    test_deadline(m_log[call.first_record].op_name, end);
}

BudgetContext* active_context() { return t_active; }

BudgetContext& default_context() {
  static BudgetContext* s_default = [] {
    auto* context = new BudgetContext(
        BudgetOptions{.flop_budget = default_budget(), .quiet = true, .name_space = {}, .wall_time_limit_s = {}});
    context->m_is_default = true;
    return context;
  }();
  return *s_default;
}

BudgetContext& current_context() {
  const BudgetContext* only = g_only.load(std::memory_order_acquire);
  if (only != nullptr && only != t_active) [[unlikely]]
    refuse_thread();
  return t_active != nullptr ? *t_active : default_context();
}

ExclusiveMeter::ExclusiveMeter(const BudgetContext& only) { g_only.store(&only, std::memory_order_release); }
ExclusiveMeter::~ExclusiveMeter() { g_only.store(nullptr, std::memory_order_release); }

}  // namespace flopscope
