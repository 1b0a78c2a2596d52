// SPDX-License-Identifier: MIT
// What the tests of the runners share: both runners by name, small networks, the plugins of tests/runner/estimators.
#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <memory>
#include <string>
#include <whest/estimator/locate.hpp>
#include <whest/network/generate.hpp>
#include <whest/runner/in_process.hpp>
#include <whest/runner/subprocess.hpp>

namespace whest::test {

inline std::unique_ptr<runner::Runner> make_runner(const std::string& kind) {
  if (kind == "local") return std::make_unique<runner::InProcessRunner>();
  return std::make_unique<runner::SubprocessRunner>();
}

inline constexpr const char* k_runners[] = {"local", "subprocess"};

// A network of 8 x 256, or smaller; its seed is what an estimator sees.
inline network::Mlp small_network(std::uint32_t seed, std::int64_t width = 256, std::int64_t depth = 8) {
  auto suite = network::generate_suite(random::Entropy(seed), 1, width, depth);
  REQUIRE(suite);
  network::Mlp mlp = std::move(suite->at(0).mlp);
  mlp.seed = seed;
  return mlp;
}

inline std::string test_plugin(const std::string& file) {
  return std::string(WHEST_BINARY_DIR) + "/tests/runner/estimators/" + file + ".so";
}

inline runner::Submission submission(const std::string& estimator, const std::string& class_name = {}) {
  runner::Submission s;
  const auto located = whest::estimator::locate(estimator);
  if (!located) FAIL(located.error().message);
  s.estimator = *located;
  s.class_name = class_name;
  s.cost_model = "flopscope-0.5";
  s.width = 256;
  s.depth = 8;
  s.seed = 7;
  return s;
}

inline runner::Limits generous() {
  runner::Limits limits;
  limits.flop_budget = 68'000'000'000;
  limits.wall_time_s = 60;
  limits.setup_time_s = 30;
  limits.memory_bytes = std::int64_t{64} << 30;
  return limits;
}

// wall = backend + overhead + residual, and the breakdown sums up to the whole.
inline void check_meter(const runner::MeterReading& meter) {
  CHECK(std::abs(meter.wall_s - meter.backend_s - meter.overhead_s - meter.residual_s) <= 1e-6);
  CHECK(meter.residual_s >= 0);
  CHECK(meter.residual_cpu_s >= 0);
  if (meter.by_namespace.empty()) return;
  std::int64_t total = 0;
  for (const runner::NamespaceReading& ns : meter.by_namespace) {
    std::int64_t flops = 0, calls = 0;
    for (const runner::OperationReading& operation : ns.operations) {
      flops += operation.flop_cost;
      calls += operation.calls;
    }
    CHECK(flops == ns.flops_used);
    CHECK(calls == ns.calls);
    total += ns.flops_used;
  }
  CHECK(total == meter.flops_used);
}

// A runner that has loaded a class of a test plugin; its predictions.
class Running {
 public:
  Running(const std::string& kind, const std::string& file, const std::string& class_name,
          const runner::Limits& limits = generous())
      : m_runner(make_runner(kind)) {
    const auto started = m_runner->start(submission(test_plugin(file), class_name), limits);
    if (!started) FAIL(started.error().message);
    if (*started) FAIL((*started)->message);
  }
  runner::Prediction predict(std::uint32_t seed = 2) {
    runner::Prediction p = m_runner->predict(small_network(seed), 0);
    check_meter(p.meter);
    CHECK(p.failure.has_value() == (p.outcome != runner::Outcome::success && p.values.empty() && !late(p)));
    return p;
  }
  runner::Runner& runner() { return *m_runner; }

 private:
  // Over a limit behind predict: a flag without anything raised.
  static bool late(const runner::Prediction& p) { return p.outcome == runner::Outcome::time_exhausted && !p.failure; }
  std::unique_ptr<runner::Runner> m_runner;
};

}  // namespace whest::test
