// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <utility>
#include <vector>
#include <whest/base/file.hpp>
#include <whest/flopscope/budget/live.hpp>
#include <whest/flopscope/budget/session.hpp>

namespace flopscope {
namespace {

constexpr double k_interval_s = 0.1;
constexpr std::size_t k_operations = 5;  // the most expensive ones
constexpr int k_bar_width = 30;

thread_local LiveDisplay* t_display = nullptr;

// Names come from the catalogue or a participant's namespaces: nothing of them may steer the terminal.
std::string printable(std::string_view text) {
  std::string out(text.substr(0, 40));
  std::ranges::replace_if(
      out, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
  return out;
}

}  // namespace

LiveDisplay* LiveDisplay::current() { return t_display; }

LiveDisplay::LiveDisplay(int fd) : m_fd(fd), m_is_terminal(::isatty(fd) == 1) {
  if (t_display != nullptr) throw Error(ErrorKind::runtime_error, "a live display is open already");
  t_display = this;
  if (BudgetContext* open = active_context()) open->watch();
}

LiveDisplay::~LiveDisplay() {
  t_display = nullptr;
  if (m_is_terminal) paint("");
  try {
    whest::base::write_all(m_fd, session_summary_text() + "\n");
  } catch (const std::exception&) {  // no memory for the text
  }
}

void LiveDisplay::note(const BudgetContext& context, std::string_view op_name) {
  if (!m_is_terminal) return;
  const std::int64_t now = now_ticks();
  if (now < m_next_ticks) return;
  m_next_ticks = now + static_cast<std::int64_t>(k_interval_s / ticks_to_s(1));
  paint(frame(context, op_name));
}

std::string LiveDisplay::frame(const BudgetContext& context, std::string_view op_name) {
  if (m_context != context.serial()) {
    m_context = context.serial();
    m_records_seen = 0;
    m_flops.clear();
  }
  for (const OpRecord& record : context.op_log().from(m_records_seen)) {
    const auto at = m_flops.find(record.op_name);
    if (at == m_flops.end())
      m_flops.emplace(record.op_name, record.flop_cost);
    else
      at->second += record.flop_cost;
  }
  m_records_seen = context.op_log().size();
  const double used = static_cast<double>(context.flops_used()), share = used / context.flop_budget();
  const int filled = std::clamp(static_cast<int>(share * k_bar_width), 0, k_bar_width);
  std::string text =
      fmt::format("flopscope [{:#<{}}{:.<{}}] {} of {} FLOPs ({:.1f}%)  {:.1f} s  {} {}\n", "", filled, "",
                  k_bar_width - filled, with_commas(used), with_commas(context.flop_budget()), 100 * share,
                  context.elapsed_s(), printable(context.current_namespace()), printable(op_name));
  std::vector<std::pair<std::int64_t, std::string_view>> dearest;
  for (const auto& [name, flops] : m_flops) dearest.emplace_back(flops, name);
  const std::size_t shown = std::min(dearest.size(), k_operations);
  std::partial_sort(dearest.begin(), dearest.begin() + static_cast<std::ptrdiff_t>(shown), dearest.end(),
                    [](const auto& a, const auto& b) { return a.first > b.first; });
  for (std::size_t i = 0; i < shown; ++i)
    text += fmt::format("  {:<24} {:>20}\n", printable(dearest[i].second),
                        with_commas(static_cast<double>(dearest[i].first)));
  return text;
}

// In place of the lines painted before: up to their first, and clear to the end of the screen.
void LiveDisplay::paint(const std::string& lines) {
  std::string text = m_painted_lines > 0 ? fmt::format("\x1b[{}A\r\x1b[J", m_painted_lines) : std::string();
  whest::base::write_all(m_fd, text + lines);  // a terminal that is gone is no reason to stop computing
  m_painted_lines = static_cast<int>(std::ranges::count(lines, '\n'));
}

}  // namespace flopscope
