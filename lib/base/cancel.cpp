// SPDX-License-Identifier: MIT
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <utility>
#include <whest/base/cancel.hpp>

namespace whest::base {

std::jthread when_requested(const CancelToken& token, std::function<void()> act) {
  // A signal handler can wake nobody, so the token is looked at.
  static constexpr std::chrono::milliseconds k_poll{20};
  return std::jthread([&token, act = std::move(act)](const std::stop_token& done) {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    while (!done.stop_requested() && !token.requested()) wake.wait_for(lock, done, k_poll, [] { return false; });
    if (token.requested()) act();
  });
}

}  // namespace whest::base
