// SPDX-License-Identifier: MIT
// An estimator in this process: loaded, set up, asked to predict under the meter. Both runners run this same code, the
// one in the grader's process, the other in the worker's.
#pragma once

#include <cstdint>
#include <ctime>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>
#include <whest/base/error.hpp>
#include <whest/estimator/plugin.hpp>
#include <whest/runner/attempt.hpp>

namespace flopscope {
struct BudgetCounters;
}

namespace whest::runner {

inline constexpr const char* k_api_version = "1.0";  // SetupContext::api_version, as in the peers

// What setup() is told, and what rules the meter.
struct SessionOptions {
  std::string plugin_path;
  std::string shown_path;  // the participant's file, for messages
  std::string class_name;
  std::string cost_model;
  std::string audit_cost_model;  // empty: no second price
  std::string scratch_dir;
  std::string submission_dir;
  std::int64_t width = 0;
  std::int64_t depth = 0;
  std::uint64_t seed = 0;
  std::int64_t flop_budget = 0;
  double wall_time_s = 0.0;  // 0: none
  int kernel_threads = 1;    // threads a counted operation may use
};

// One network, by reference: `layers[l]` points at width * width floats that stay valid and unchanged as long as
// `keep`.
struct NetworkView {
  std::int64_t width = 0;
  std::int64_t depth = 0;
  std::vector<const float*> layers;
  std::shared_ptr<void> keep;
  std::string name;
  std::uint64_t seed = 0;
};

class Session {
 public:
  // Loads the plugin and chooses the class: a usage error when that is impossible. Nothing of the participant's but
  // static constructors has run.
  static base::Expected<Session> open(SessionOptions options);

  const std::string& class_name() const { return m_class_name; }

  // Creates the estimator and calls setup(), outside any budget; what was raised, or nothing.
  std::optional<Raised> start();

  // Calls predict() inside a fresh budget context, which counts at `counters` (null: out of sight). `waiter` is the CPU
  // clock of a thread that does nothing but wait for this call.
  Attempt predict(const NetworkView& network, flopscope::BudgetCounters* counters = nullptr,
                  std::optional<clockid_t> waiter = {});

  // Calls teardown() and destroys the estimator. What teardown raised, or nothing.
  std::optional<Raised> stop();

 private:
  explicit Session(SessionOptions options) : m_options(std::move(options)) {}

  SessionOptions m_options;
  std::string m_class_name;
  const whest_class* m_class = nullptr;
  estimator::Instance m_instance;
};

}  // namespace whest::runner
