// SPDX-License-Identifier: MIT
// A display on the terminal (stderr) of what is spent while it is spent: for trying things out, not for predict().
#pragma once

#include <flopscope/live.h>

#include <flopscope/errors.hpp>

namespace flopscope {
inline namespace sdk {

// Open from construction to the end of its scope, which prints the session's summary, also when an exception ends it.
// Meanwhile, on a terminal, the open budget of this thread is shown: what is used, and the most expensive operations.
class BudgetLive {
 public:
  BudgetLive() { detail::check(flopscope_live_open(&m_live)); }
  BudgetLive(const BudgetLive&) = delete;
  BudgetLive& operator=(const BudgetLive&) = delete;
  ~BudgetLive() { flopscope_live_close(m_live); }

 private:
  flopscope_live* m_live = nullptr;
};

}  // namespace sdk
}  // namespace flopscope
