// SPDX-License-Identifier: MIT
// The `local` runner: the estimator lives in the grader's process. For finding faults: one estimator object sees all
// networks, a crash or an exit ends the run, code that does not return is waited for (until stop() leaves it behind),
// the memory limit is advisory.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <whest/runner/call_thread.hpp>
#include <whest/runner/runner.hpp>
#include <whest/runner/scratch.hpp>
#include <whest/runner/session.hpp>

namespace whest::runner {

class InProcessRunner final : public Runner {
 public:
  InProcessRunner() = default;
  ~InProcessRunner() override;

  base::Expected<std::optional<Failure>> start(const Submission& submission, const Limits& limits) override;
  Prediction predict(const network::Mlp& mlp, std::int64_t index) override;
  void stop() override;
  std::string class_name() const override { return m_class_name; }
  Enforcement enforcement() const override { return {}; }

 private:
  std::mutex m_mutex;   // held while the participant's code is waited for
  CallThread m_thread;  // where it runs, all of it
  std::shared_ptr<Session> m_session;
  bool m_started = false;
  Limits m_limits;
  std::string m_class_name;
  ScratchDir m_scratch;
};

}  // namespace whest::runner
