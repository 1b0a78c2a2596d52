// SPDX-License-Identifier: MIT
// One request to stop, set from a signal handler or another thread, seen by the loop.
#pragma once

#include <atomic>

namespace whest::contest {

class CancelToken {
 public:
  void request() { m_requested.store(true, std::memory_order_relaxed); }
  bool requested() const { return m_requested.load(std::memory_order_relaxed); }

 private:
  std::atomic<bool> m_requested{false};
  static_assert(std::atomic<bool>::is_always_lock_free, "request() is called from a signal handler");
};

}  // namespace whest::contest
