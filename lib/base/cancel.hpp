// SPDX-License-Identifier: MIT
// One request to stop, set from a signal handler or another thread, seen by whoever looks.
#pragma once

#include <atomic>
#include <functional>
#include <thread>

namespace whest::base {

class CancelToken {
 public:
  void request() { m_requested.store(true, std::memory_order_relaxed); }
  bool requested() const { return m_requested.load(std::memory_order_relaxed); }

 private:
  std::atomic<bool> m_requested{false};
  static_assert(std::atomic<bool>::is_always_lock_free, "request() is called from a signal handler");
};

// A thread that calls `act` once, soon after the token is set (within about 20 ms), unless it is destroyed first. For
// what waits and cannot look itself. `token` outlives it.
std::jthread when_requested(const CancelToken& token, std::function<void()> act);

}  // namespace whest::base
