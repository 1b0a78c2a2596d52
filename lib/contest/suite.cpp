// SPDX-License-Identifier: MIT
#include <algorithm>
#include <mutex>
#include <thread>
#include <whest/contest/suite.hpp>

namespace whest::contest {

namespace {

// What the jobs share: the networks still to do and the scores, behind one lock.
class Loop {
 public:
  Loop(std::span<const SuiteNetwork> networks, const SuiteOptions& options, const base::CancelToken& cancel,
       const ProgressFn& progress, const OnScore& on_score)
      : m_networks(networks), m_options(options), m_cancel(cancel), m_progress(progress), m_on_score(on_score) {
    m_result.scores = options.already_scored;
    for (const SuiteNetwork& network : networks) {
      const bool done = std::any_of(m_result.scores.begin(), m_result.scores.end(),
                                    [&](const NetworkScore& score) { return score.mlp_index == network.mlp_index; });
      if (!done) m_todo.push_back(&network);
    }
    tell({});
  }

  std::size_t n_todo() const { return m_todo.size(); }

  // One job: takes networks until none is left.
  void work(runner::Runner& runner) {
    while (const SuiteNetwork* network = next()) {
      runner::Prediction prediction = runner.predict(*network->mlp, network->mlp_index);
      if (m_cancel.requested()) return;
      NetworkScore score =
          score_network(m_options.rules, std::move(prediction), network->truth, network->mlp_index, network->mlp_name);
      score.mse_noise_floor = network->mse_noise_floor;
      take(*network, std::move(score));
    }
  }

  SuiteResult finish() {
    std::sort(m_result.scores.begin(), m_result.scores.end(),
              [](const NetworkScore& a, const NetworkScore& b) { return a.mlp_index < b.mlp_index; });
    const bool complete = m_result.scores.size() == m_networks.size();
    m_result.cancelled = !complete && !m_result.stopped_at;
    return std::move(m_result);
  }

 private:
  const SuiteNetwork* next() {
    const std::lock_guard lock(m_mutex);
    if (m_cancel.requested() || m_result.stopped_at || m_position == m_todo.size()) return nullptr;
    return m_todo[m_position++];
  }

  void take(const SuiteNetwork& network, NetworkScore score) {
    const std::lock_guard lock(m_mutex);
    if (m_result.stopped_at) return;
    if (m_options.on_failure == OnFailure::stop && score.failed()) m_result.stopped_at = score.mlp_index;
    m_result.scores.push_back(std::move(score));
    if (m_on_score) m_on_score(m_result.scores.back());
    tell(network.mlp_name);
  }

  void tell(const std::string& note) const {
    if (!m_progress) return;
    m_progress({.stage = Stage::scoring,
                .done = static_cast<std::int64_t>(m_result.scores.size()),
                .total = static_cast<std::int64_t>(m_networks.size()),
                .note = note});
  }

  std::span<const SuiteNetwork> m_networks;
  const SuiteOptions& m_options;
  const base::CancelToken& m_cancel;
  const ProgressFn& m_progress;
  const OnScore& m_on_score;
  std::mutex m_mutex;
  std::vector<const SuiteNetwork*> m_todo;
  std::size_t m_position = 0;
  SuiteResult m_result;
};

using Runners = std::vector<std::unique_ptr<runner::Runner>>;

// Starts every runner; a failure of the first is the submission's.
base::Expected<std::optional<runner::Failure>> start_all(const Runners& runners, const SuiteOptions& options) {
  for (const auto& runner : runners) {
    auto started = runner->start(options.submission, options.limits);
    if (!started || *started) return started;
  }
  return std::nullopt;
}

// Starts the runners and lets them work until nothing is left, or the token is set: then they are stopped, so that a
// predict that waits for its process, or for code that does not end, returns.
base::Expected<std::optional<runner::Failure>> work_all(Loop& loop, const Runners& runners, const SuiteOptions& options,
                                                        const base::CancelToken& cancel) {
  const std::jthread stopper = base::when_requested(cancel, [&runners] {
    for (const auto& runner : runners) runner->stop();
  });
  auto started = start_all(runners, options);
  if (started && !*started) {
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < runners.size(); ++i)
      others.emplace_back([&loop, &runner = *runners[i]] { loop.work(runner); });
    loop.work(*runners.front());
  }
  return started;
}

}  // namespace

base::Expected<SuiteResult> score_suite(std::span<const SuiteNetwork> networks, const SuiteOptions& options,
                                        const MakeRunner& make_runner, const base::CancelToken& cancel,
                                        const ProgressFn& progress, const OnScore& on_score) {
  Loop loop(networks, options, cancel, progress, on_score);
  const std::size_t jobs =
      std::clamp<std::size_t>(static_cast<std::size_t>(options.jobs), 1, std::max<std::size_t>(loop.n_todo(), 1));
  Runners runners;
  for (std::size_t i = 0; i < jobs; ++i) runners.push_back(make_runner());
  const auto started = work_all(loop, runners, options, cancel);
  // A runner that was stopped while it started has nothing to say of the participant.
  if (!started && !cancel.requested()) return std::unexpected(started.error());
  SuiteResult result = loop.finish();
  result.class_name = runners.front()->class_name();
  result.enforcement = runners.front()->enforcement();
  if (started && *started && !cancel.requested()) {
    result.submission_failure = **started;
    result.cancelled = false;
  }
  result.runners = std::move(runners);
  return result;
}

}  // namespace whest::contest
