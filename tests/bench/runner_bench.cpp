// SPDX-License-Identifier: MIT
// What a network costs beside predict itself, in both runners: fresh process, weights in, answer out and checked.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <whest/network/generate.hpp>
#include <whest/runner/in_process.hpp>
#include <whest/runner/subprocess.hpp>

using namespace whest;

namespace {

template <class Kind>
void per_network(benchmark::State& state, const std::string& estimator) {
  const std::int64_t width = state.range(0), depth = state.range(1);
  const auto suite = network::generate_suite(random::Entropy(0), 1, width, depth);
  if (!suite) return state.SkipWithError(suite.error().message.c_str());
  const auto located = estimator::locate(estimator);
  if (!located) return state.SkipWithError(located.error().message.c_str());
  runner::Submission submission;
  submission.estimator = *located;
  submission.cost_model = "flopscope-0.5";
  submission.width = width;
  submission.depth = depth;
  runner::Limits limits;
  limits.flop_budget = 68'000'000'000;
  limits.wall_time_s = 60;
  limits.setup_time_s = 30;
  limits.memory_bytes = std::int64_t{64} << 30;
  Kind running;
  const auto started = running.start(submission, limits);
  if (!started) return state.SkipWithError(started.error().message.c_str());
  if (*started) return state.SkipWithError((*started)->message.c_str());
  double predict_s = 0;
  for (auto _ : state) {
    const runner::Prediction p = running.predict(suite->front().mlp, 0);
    if (p.outcome != runner::Outcome::success) return state.SkipWithError(p.failure->message.c_str());
    predict_s += p.meter.wall_s;
  }
  state.counters["predict_s"] = benchmark::Counter(predict_s, benchmark::Counter::kAvgIterations);
}

void local(benchmark::State& state, const std::string& estimator) {
  per_network<runner::InProcessRunner>(state, estimator);
}
void subprocess(benchmark::State& state, const std::string& estimator) {
  per_network<runner::SubprocessRunner>(state, estimator);
}

}  // namespace

// NOLINTBEGIN
BENCHMARK_CAPTURE(local, zeros, "zeros")->Args({256, 8})->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(subprocess, zeros, "zeros")
    ->Args({256, 8})
    ->Args({1024, 16})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(local, mean, "mean_propagation")->Args({256, 8})->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(subprocess, mean, "mean_propagation")->Args({256, 8})->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(subprocess, covariance, "covariance_propagation")
    ->Args({256, 8})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
// NOLINTEND
