// SPDX-License-Identifier: MIT
// What a runner is: it loads an estimator, runs setup once, predicts network after network under the meter and the
// limits, and says how each ended. Readings and predictions are plain data; the truth is never among them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>
#include <whest/base/error.hpp>
#include <whest/estimator/locate.hpp>
#include <whest/runner/outcome.hpp>

namespace whest::network {
struct Mlp;
}

namespace whest::runner {

struct OperationReading {
  std::string name;
  std::int64_t flop_cost = 0;
  std::int64_t calls = 0;
  double backend_s = 0.0;
  double overhead_s = 0.0;
};

struct NamespaceReading {
  std::string name;  // "" = unlabeled
  std::int64_t flops_used = 0;
  std::int64_t calls = 0;
  double backend_s = 0.0;
  double overhead_s = 0.0;
  std::vector<OperationReading> operations;  // in the order of their first call
};

// What the same calls would have cost under a second price list (--audit-cost-model). No times.
struct AuditReading {
  std::string cost_model;
  std::int64_t flops_used = 0;
  std::vector<NamespaceReading> by_namespace;
  std::vector<OperationReading> refused;  // that list refuses these operations: `calls` of each, at no cost
};

// What the meter read when predict ended, however it ended. wall = backend + overhead + residual.
struct MeterReading {
  std::int64_t flop_budget = 0;
  std::int64_t flops_used = 0;
  double wall_s = 0.0;
  double backend_s = 0.0;
  double overhead_s = 0.0;
  double residual_s = 0.0;
  double residual_cpu_s = 0.0;  // CPU time of every thread that no counted operation can have used
  std::vector<NamespaceReading> by_namespace;
  std::optional<AuditReading> audit;
};

struct Failure {
  std::string code;          // an error_code of the outcome table
  std::string message;       // one sentence
  std::string details_json;  // a JSON object, or empty
  std::string traceback;     // what the participant may read to find the fault, or empty
};

struct Prediction {
  Outcome outcome = Outcome::not_started;
  std::vector<float> values;  // depth * width, row-major; empty on failure
  MeterReading meter;
  std::optional<Failure> failure;
};

struct Limits {
  std::int64_t flop_budget = 0;
  double wall_time_s = 0.0;
  double setup_time_s = 0.0;
  std::int64_t memory_bytes = 0;
  int max_threads = 0;  // that a counted operation may use; 0: one, so that results depend on no machine

  // How long predict may take before it counts as one that does not return (predict_timeout, and the process is killed
  // where there is one): the wall limit and k_return_grace_s. Whoever returns between the two is over the limit
  // (time_exhausted). 0: no wall limit, so no deadline.
  static constexpr double k_return_grace_s = 5.0;
  static constexpr double k_teardown_s = 2.0;  // teardown() is waited for so long
  double deadline_s() const { return wall_time_s > 0 ? wall_time_s + k_return_grace_s : 0.0; }
};

// What the participant handed in, and what setup() is told.
struct Submission {
  estimator::Located estimator;
  std::string class_name;  // empty: the only one
  std::string cost_model;
  std::string audit_cost_model;  // empty: no second price
  std::int64_t width = 0;
  std::int64_t depth = 0;
  std::uint64_t seed = 0;  // ctx.seed
};

// Which limits are enforced by force, not only checked when predict has returned. A report says so beside what was
// asked.
struct Enforcement {
  bool memory_limit = false;      // allocations beyond memory_bytes are refused by the system
  std::int64_t memory_bytes = 0;  // address space that setup and predict can really get; never less than the limit
  bool predict_deadline = false;  // code that does not return is stopped
  bool setup_deadline = false;
};

class Runner {
 public:
  virtual ~Runner() = default;

  // Loads the estimator and runs setup(). An Error: the program's or the user's fault (no such class). A Failure: the
  // participant's (setup raised, took too long). Neither: ready.
  virtual base::Expected<std::optional<Failure>> start(const Submission& submission, const Limits& limits) = 0;

  // Predicts one network. Never throws; every fault is an outcome. `index` is the network's place in its suite.
  virtual Prediction predict(const network::Mlp& mlp, std::int64_t index) = 0;

  // Ends what runs; safe to call twice, and from another thread while predict is running.
  virtual void stop() = 0;

  // After a successful start: the class that was chosen, and what is enforced.
  virtual std::string class_name() const { return {}; }
  virtual Enforcement enforcement() const { return {}; }
};

}  // namespace whest::runner
