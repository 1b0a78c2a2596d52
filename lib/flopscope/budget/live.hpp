// SPDX-License-Identifier: MIT
// budget_live(): what is spent, shown on the terminal while it is spent, and the session's summary at the end.
//
// The display is painted by the thread that computes, at a charge, and at most ten times a second: the counters need no
// lock, and a budget that nobody watches pays nothing for it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <whest/flopscope/budget/context.hpp>

namespace flopscope {

class LiveDisplay {
 public:
  // Shows the budgets that this thread opens from now on, and the one that is open. RuntimeError when a display is
  // there already. Where `fd` is no terminal nothing is painted until the end.
  explicit LiveDisplay(int fd);
  LiveDisplay(const LiveDisplay&) = delete;
  LiveDisplay& operator=(const LiveDisplay&) = delete;
  // Removes what was painted and prints the session's summary.
  ~LiveDisplay();

  // The thread's display, or null.
  static LiveDisplay* current();
  // `op_name` is about to be charged to `context`.
  void note(const BudgetContext& context, std::string_view op_name);

 private:
  std::string frame(const BudgetContext& context, std::string_view op_name);
  void paint(const std::string& lines);

  int m_fd;
  bool m_is_terminal;
  int m_painted_lines = 0;
  std::int64_t m_next_ticks = 0;
  std::size_t m_records_seen = 0;
  std::uint64_t m_context = 0;                               // serial number of the one that is shown
  std::map<std::string, std::int64_t, std::less<>> m_flops;  // by operation, of that context
};

}  // namespace flopscope
