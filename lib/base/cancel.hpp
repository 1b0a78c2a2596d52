// SPDX-License-Identifier: MIT
// One request to stop, set from a signal handler or another thread, seen by whoever looks or waits.
#pragma once

#include <atomic>
#include <functional>
#include <thread>

namespace whest::base {

// A descriptor that can be waited on until somebody raises it; then it stays raised.
class Alarm {
 public:
  Alarm();
  ~Alarm();
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

  // May be called from a signal handler.
  void raise() const;
  // For poll(); readable once raised. -1 where the process has no descriptor left.
  int descriptor() const { return m_descriptor; }

 private:
  int m_descriptor;
};

class CancelToken {
 public:
  // May be called from a signal handler.
  void request() {
    m_requested.store(true, std::memory_order_relaxed);
    m_alarm.raise();
  }
  bool requested() const { return m_requested.load(std::memory_order_relaxed); }
  const Alarm& alarm() const { return m_alarm; }

 private:
  std::atomic<bool> m_requested{false};
  static_assert(std::atomic<bool>::is_always_lock_free, "request() is called from a signal handler");
  Alarm m_alarm;
};

// A thread that calls `act` once, as soon as the token is set, unless it is destroyed first; it uses no CPU time until
// then. For what waits and cannot look itself. `token` outlives it.
std::jthread when_requested(const CancelToken& token, std::function<void()> act);

}  // namespace whest::base
