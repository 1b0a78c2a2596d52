// SPDX-License-Identifier: MIT
// The `subprocess` runner: the host's side. Each network is predicted in a process of its own, forked behind setup();
// a process that dies, hangs or lies costs its own network only. See sandbox.cpp for the theory of operation.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <whest/runner/protocol.hpp>
#include <whest/runner/runner.hpp>
#include <whest/runner/sandbox.hpp>
#include <whest/runner/scratch.hpp>

namespace whest::runner {

class SubprocessRunner final : public Runner {
 public:
  SubprocessRunner() = default;
  ~SubprocessRunner() override;

  base::Expected<std::optional<Failure>> start(const Submission& submission, const Limits& limits) override;
  Prediction predict(const network::Mlp& mlp, std::int64_t index) override;
  void stop() override;
  std::string class_name() const override { return m_class_name; }
  Enforcement enforcement() const override;

 private:
  struct Asked;
  base::Expected<std::optional<Failure>> launch();
  base::Expected<std::optional<Failure>> wait_until_ready();
  base::Expected<std::optional<Failure>> setup_ended(Received received, double begin_s);
  Prediction ask(const network::Mlp& mlp);
  Prediction judge_end(const ChildEnd& end, const Asked& asked);
  Prediction lost(const Asked& asked, Received received);
  MeterReading meter_of_killed(const flopscope::BudgetCounters& counters, double elapsed_s) const;
  void drop_worker();

  std::mutex m_worker_mutex;  // guards m_worker's process: stop() may come from another thread
  WorkerProcess m_worker;
  std::atomic<bool> m_stopping{false};
  std::atomic<bool> m_busy{false};
  bool m_started = false;
  std::uint64_t m_sequence = 0;
  LoadRequest m_load;
  Limits m_limits;
  std::string m_class_name;
  ScratchDir m_scratch;
  std::optional<Undumpable> m_undumpable;
};

}  // namespace whest::runner
