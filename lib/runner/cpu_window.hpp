// SPDX-License-Identifier: MIT
// The CPU time of the calling thread and of all others, from the making of a window on.
#pragma once

#include <algorithm>
#include <whest/base/clock.hpp>

namespace whest::runner {

// The process's clock is read inside the thread's, at both ends, so that reading the clocks never looks like another
// thread's work.
class CpuWindow {
 public:
  struct Used {
    double own_s = 0.0;     // of this thread
    double others_s = 0.0;  // of all others together
  };
  Used used() const {
    const double process_s = base::process_cpu_s() - m_process_s;
    const double own_s = base::thread_cpu_s() - m_thread_s;
    return {own_s, std::max(0.0, process_s - own_s)};
  }

 private:
  double m_thread_s = base::thread_cpu_s();
  double m_process_s = base::process_cpu_s();
};

}  // namespace whest::runner
