// SPDX-License-Identifier: MIT
// The session: everything that the process has spent, over all its contexts, since the start or the last reset.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <ostream>
#include <string>
#include <whest/flopscope/budget/summary.hpp>

namespace flopscope {

// An open context counts (with its budget) once it has paid something, and so does the default one; a closed one counts
// with its sessions. Contexts that are gone stay in the totals.
class Session {
 public:
  static Session& instance();

  Summary summary() const;
  // Forgets everything so far; living contexts count from here on, and keep what they know themselves.
  void reset();

  // By BudgetContext's constructor and destructor.
  void add(const BudgetContext& context);
  void remove(const BudgetContext& context);

 private:
  // Times in ticks: what a tick is in seconds is measured again now and then, and a time that stood still must not seem
  // to have moved.
  struct Baseline {
    std::size_t records = 0;
    std::int64_t used = 0;
    std::int64_t wall = 0, backend = 0, overhead = 0, residual = 0;
  };
  static Baseline now_of(const BudgetContext& context);
  static void merge(Summary& into, const BudgetContext& context, const Baseline& since);

  mutable std::mutex m_mutex;
  std::map<const BudgetContext*, Baseline> m_living;
  Summary m_gone;
};

// budget_summary(): the session's text. budget_live: prints it when the scope is left, also by an exception; on a
// terminal it redraws while FLOPs are spent.
std::string session_summary_text(bool by_namespace = false);

}  // namespace flopscope
