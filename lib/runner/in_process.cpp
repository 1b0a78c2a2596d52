// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <thread>
#include <whest/base/clock.hpp>
#include <whest/estimator/locate.hpp>
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

}  // namespace

InProcessRunner::~InProcessRunner() { stop(); }

base::Expected<std::optional<Failure>> InProcessRunner::start(const Submission& submission, const Limits& limits) {
  const auto located = estimator::locate(submission.estimator);
  if (!located) return std::unexpected(located.error());
  auto scratch = ScratchDir::make();
  if (!scratch) return std::unexpected(scratch.error());
  m_scratch = std::move(*scratch);
  m_limits = limits;
  const std::lock_guard lock(m_mutex);
  const StdoutToStderr redirected;
  auto session = Session::open(session_options(submission, limits, *located, m_scratch.path()));
  if (!session) return std::unexpected(session.error());
  m_class_name = session->class_name();
  const double begin_s = base::system_clock().monotonic_s();
  const std::optional<Raised> raised = session->start();
  const double elapsed_s = base::system_clock().monotonic_s() - begin_s;
  m_session.emplace(std::move(*session));
  if (raised) return setup_failure(*raised);
  if (limits.setup_time_s > 0 && elapsed_s > limits.setup_time_s) return setup_too_slow(elapsed_s, limits.setup_time_s);
  m_started = true;
  return std::nullopt;
}

Prediction InProcessRunner::predict(const network::Mlp& mlp, std::int64_t) {
  const std::lock_guard lock(m_mutex);
  if (!m_started) return failed(Outcome::not_started, "Runner must be started.", {}, {});
  const NetworkView network = copied(mlp);
  Attempt attempt;
  {
    const StdoutToStderr redirected;
    attempt = m_session->predict(network);
  }
  Limits limits = m_limits;
  limits.memory_bytes = 0;  // none is enforced here, so that none is named
  return judge(std::move(attempt), mlp.width, mlp.depth, limits);
}

void InProcessRunner::stop() {
  // While predict runs nothing can be done about it; whoever called predict calls stop() again behind it.
  const std::unique_lock lock(m_mutex, std::try_to_lock);
  if (!lock || !m_session) return;
  m_started = false;
  const StdoutToStderr redirected;
  m_session->stop();  // what teardown raises costs nothing: every network is scored by now
  m_session.reset();
}

}  // namespace whest::runner
