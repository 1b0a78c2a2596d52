// SPDX-License-Identifier: MIT
#include "early_start.hpp"

#include <thread>

namespace whest::app {

namespace {

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
                                                             const base::CancelToken& cancel) {
  const std::jthread stopper = base::when_requested(cancel, [&runner] { runner.stop(); });
  return runner.start(submission, limits);
}

std::unique_ptr<runner::Runner> already_started(std::unique_ptr<runner::Runner> started) {
  return std::make_unique<AlreadyStarted>(std::move(started));
}

}  // namespace whest::app
