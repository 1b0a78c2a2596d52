// SPDX-License-Identifier: MIT
#include "early_start.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

namespace whest::app {

namespace {

constexpr std::chrono::milliseconds k_cancel_poll{20};

class AlreadyStarted final : public runner::Runner {
 public:
  explicit AlreadyStarted(std::unique_ptr<runner::Runner> started) : m_started(std::move(started)) {}

  base::Expected<std::optional<runner::Failure>> start(const runner::Submission&, const runner::Limits&) override {
    return std::nullopt;
  }
  runner::Prediction predict(const network::Mlp& mlp, std::int64_t index) override {
    return m_started->predict(mlp, index);
  }
  void stop() override { m_started->stop(); }
  std::string class_name() const override { return m_started->class_name(); }
  runner::Enforcement enforcement() const override { return m_started->enforcement(); }

 private:
  std::unique_ptr<runner::Runner> m_started;
};

}  // namespace

base::Expected<std::optional<runner::Failure>> start_watched(runner::Runner& runner,
                                                             const runner::Submission& submission,
                                                             const runner::Limits& limits,
                                                             const contest::CancelToken& cancel) {
  const std::jthread watcher([&](const std::stop_token& done) {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    while (!done.stop_requested() && !cancel.requested())
      wake.wait_for(lock, done, k_cancel_poll, [] { return false; });
    if (cancel.requested()) runner.stop();
  });
  return runner.start(submission, limits);
}

std::unique_ptr<runner::Runner> already_started(std::unique_ptr<runner::Runner> started) {
  return std::make_unique<AlreadyStarted>(std::move(started));
}

}  // namespace whest::app
