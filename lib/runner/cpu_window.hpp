// SPDX-License-Identifier: MIT
// The CPU time of the calling thread and of all others, from the making of a window on.
#pragma once

#include <algorithm>
#include <ctime>
#include <optional>
#include <whest/base/clock.hpp>

namespace whest::runner {

// The process's clock is read inside the threads', at both ends, so that reading the clocks never looks like another
// thread's work. A thread that only waits for this one may be named: it is none of the others.
class CpuWindow {
 public:
  explicit CpuWindow(std::optional<clockid_t> waiter = {})
      : m_has_waiter(waiter.has_value()), m_waiter(waiter.value_or(CLOCK_THREAD_CPUTIME_ID)) {}

  struct Used {
    double own_s = 0.0;     // of this thread
    double others_s = 0.0;  // of all others together
  };
  Used used() const {
    const double process_s = base::process_cpu_s() - m_process_s;
    const double own_s = base::thread_cpu_s() - m_thread_s;
    const double waiter_s = waiter_cpu_s() - m_waiter_s;
    return {own_s, std::max(0.0, process_s - own_s - waiter_s)};
  }

 private:
  double waiter_cpu_s() const { return m_has_waiter ? base::cpu_s(m_waiter) : 0.0; }

  bool m_has_waiter;
  clockid_t m_waiter;
  double m_waiter_s = waiter_cpu_s();
  double m_thread_s = base::thread_cpu_s();
  double m_process_s = base::process_cpu_s();
};

}  // namespace whest::runner
