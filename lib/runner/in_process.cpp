// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <thread>
#include <whest/base/clock.hpp>
#include <whest/network/mlp.hpp>
#include <whest/runner/descriptors.hpp>
#include <whest/runner/in_process.hpp>
#include <whest/runner/session_options.hpp>

namespace whest::runner {

namespace {

// The estimator may keep an array beyond predict, so the weights are its own copy.
NetworkView copied(const network::Mlp& mlp) {
  auto weights = std::make_shared<std::vector<std::vector<float>>>(mlp.weights);
  NetworkView view{mlp.width, mlp.depth, {}, weights, mlp.name, mlp.seed};
  for (const std::vector<float>& layer : *weights) view.layers.push_back(layer.data());
  return view;
}

// How loading and setup() went.
struct Opened {
  std::optional<base::Error> error;
  std::shared_ptr<Session> session;
  std::optional<Raised> raised;
  double setup_s = 0.0;
};

// Loading runs the estimator's static initialisers: its time is setup's, as in the subprocess runner.
void open(const SessionOptions& options, Opened& opened) {
  const double begin_s = base::system_clock().monotonic_s();
  auto session = Session::open(options);
  if (!session) {
    opened.error = session.error();
    return;
  }
  opened.session = std::make_shared<Session>(std::move(*session));
  opened.raised = opened.session->start();
  opened.setup_s = base::system_clock().monotonic_s() - begin_s;
}

}  // namespace

InProcessRunner::~InProcessRunner() { stop(); }

base::Expected<std::optional<Failure>> InProcessRunner::start(const Submission& submission, const Limits& limits) {
  auto scratch = ScratchDir::make();
  if (!scratch) return std::unexpected(scratch.error());
  m_scratch = std::move(*scratch);
  m_limits = limits;
  const std::lock_guard lock(m_mutex);
  const StdoutToStderr redirected;
  const auto opened = std::make_shared<Opened>();
  if (!m_thread.run(
          [opened, options = session_options(submission, limits, m_scratch.path())] { open(options, *opened); })) {
    return base::grader_error("the estimator's setup was interrupted.");
  }
  if (opened->error) return std::unexpected(*opened->error);
  m_session = std::move(opened->session);
  m_class_name = m_session->class_name();
  if (opened->raised) return setup_failure(*opened->raised);
  if (limits.setup_time_s > 0 && opened->setup_s > limits.setup_time_s)
    return setup_too_slow(opened->setup_s, limits.setup_time_s);
  m_started = true;
  return std::nullopt;
}

Prediction InProcessRunner::predict(const network::Mlp& mlp, std::int64_t) {
  const std::lock_guard lock(m_mutex);
  if (!m_started) return failed(Outcome::not_started, "Runner must be started.", {}, {});
  const auto attempt = std::make_shared<Attempt>();
  {
    const StdoutToStderr redirected;
    if (!m_thread.run([attempt, session = m_session, network = copied(mlp), waiter = base::thread_cpu_clock()] {
          *attempt = session->predict(network, nullptr, waiter);
        }))
      return failed(Outcome::interrupted, "The run was interrupted.", {}, {});
  }
  Limits limits = m_limits;
  limits.memory_bytes = 0;  // none is enforced here, so that none is named
  return judge(std::move(*attempt), mlp.width, mlp.depth, limits);
}

void InProcessRunner::stop() {
  const std::unique_lock lock(m_mutex, std::try_to_lock);
  if (!lock) return m_thread.abandon();  // whoever called predict calls stop() again behind it
  if (!m_session) return;
  m_started = false;
  const StdoutToStderr redirected;
  // What teardown raises costs nothing: every network is scored by now.
  m_thread.run([session = std::move(m_session)] { session->stop(); },
               std::chrono::duration<double>(Limits::k_teardown_s));
  m_session.reset();
}

}  // namespace whest::runner
