// SPDX-License-Identifier: MIT
// Every way in which predict can go wrong, with the same outcome in both runners wherever this process survives it.
#include <sched.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>
#include <whest/base/cancel.hpp>

#include "support.hpp"

using namespace whest;
using namespace whest::test;
using whest::runner::Limits;
using whest::runner::Outcome;

namespace {

nlohmann::json details(const runner::Prediction& p) {
  REQUIRE(p.failure);
  REQUIRE_FALSE(p.failure->details_json.empty());
  return nlohmann::json::parse(p.failure->details_json);
}

Limits with_budget(std::int64_t flops) {
  Limits limits = generous();
  limits.flop_budget = flops;
  return limits;
}

Limits with_wall(double seconds) {
  Limits limits = generous();
  limits.wall_time_s = seconds;
  return limits;
}

}  // namespace

TEST_CASE("a clean result, its meter and its values") {
  for (const char* kind : k_runners) {
    CAPTURE(std::string(kind));
    Running running(kind, "returning", "Clean");
    CHECK(running.runner().class_name() == "Clean");
    for (std::uint32_t seed : {1U, 2U}) {
      const auto p = running.predict(seed);
      CHECK(p.outcome == Outcome::success);
      CHECK(p.values == std::vector<float>(8 * 256, 0.5F));
      CHECK(p.meter.flop_budget == 68'000'000'000);
      CHECK(p.meter.flops_used == 4096);
      REQUIRE(p.meter.by_namespace.size() == 1);
      CHECK(p.meter.by_namespace[0].name.empty());
      CHECK(p.meter.by_namespace[0].operations.back().name == "add");
      CHECK(p.meter.by_namespace[0].operations.back().calls == 2);
      CHECK(p.meter.wall_s > 0);
    }
  }
}

TEST_CASE("what predict is given arrives") {
  for (const char* kind : k_runners) {
    CAPTURE(std::string(kind));
    Running running(kind, "returning", "Echo");
    const network::Mlp mlp = small_network(1234);
    const auto p = running.runner().predict(mlp, 0);
    REQUIRE(p.outcome == Outcome::success);
    const double told = 234 + static_cast<double>(mlp.name.size()) / 64;
    CHECK(p.values[0] == static_cast<float>(told + static_cast<double>(mlp.weights[7][0])));
  }
}

TEST_CASE("setup is told the contest, predict the network") {
  for (const char* kind : k_runners) {
    CAPTURE(std::string(kind));
    Running running(kind, "raising", "SaysContext");
    const network::Mlp mlp = small_network(99);
    const auto p = running.runner().predict(mlp, 0);
    REQUIRE(p.failure);
    CHECK(p.failure->message ==
          "width=256 depth=8 flop_budget=68000000000 api_version=1.0 scratch_dir=some submission_dir=" +
              std::string(WHEST_BINARY_DIR) + "/tests/runner/estimators seed=7; mlp width=256 depth=8 seed=99 name=" +
              mlp.name + " budget=68000000000 weights[8]");
  }
}

TEST_CASE("namespaces come back by name, setup's own work is not charged") {
  for (const char* kind : k_runners) {
    CAPTURE(std::string(kind));
    Running running(kind, "returning", "Namespaces");
    const auto p = running.predict();
    REQUIRE(p.outcome == Outcome::success);
    CHECK(p.meter.flops_used == 8192);
    std::vector<std::string> names;
    for (const auto& ns : p.meter.by_namespace) {
      if (ns.flops_used > 0) names.push_back(ns.name);
    }
    CHECK(names == std::vector<std::string>{"outer", "outer.inner", "estimator", ""});
  }
}

TEST_CASE("a breakdown of any number of namespaces has an end, and is the same in both runners") {
  std::vector<runner::NamespaceReading> lists[2];
  for (int i = 0; i < 2; ++i) {
    Running running(k_runners[i], "returning", "ManyNamespaces");
    const auto p = running.predict();
    REQUIRE(p.outcome == Outcome::success);
    lists[i] = p.meter.by_namespace;
  }
  REQUIRE(lists[0].size() == lists[1].size());
  for (std::size_t i = 0; i < lists[0].size(); ++i) {
    CHECK(lists[0][i].name == lists[1][i].name);
    CHECK(lists[0][i].flops_used == lists[1][i].flops_used);
  }
  const std::string cut(256, 'a');
  CHECK(std::ranges::count(lists[0], cut, &runner::NamespaceReading::name) == 1);
  CHECK(lists[0].back().name == "(others)");
  CHECK(lists[0].back().calls > 1000);
}

TEST_CASE("wrong shapes") {
  for (const char* kind : k_runners) {
    CAPTURE(std::string(kind));
    for (const char* name : {"Shape", "Transposed", "Flat", "Nothing"}) {
      CAPTURE(std::string(name));
      Running running(kind, "returning", name);
      const auto p = running.predict();
      CHECK(p.outcome == Outcome::bad_shape);
      CHECK(p.failure->code == "ESTIMATOR_BAD_SHAPE");
      const auto d = details(p);
      CHECK(d["expected_shape"] == nlohmann::json({8, 256}));
      const bool transposed = name == std::string("Transposed");
      CHECK((d["hint"].get<std::string>().find("transposed") != std::string::npos) == transposed);
      if (transposed) {
        CHECK(p.failure->message == "Predictions must have shape (depth=8, width=256); got shape=(256, 8).");
        CHECK(d["got_shape"] == nlohmann::json({256, 8}));
      }
      if (name == std::string("Flat")) {
        CHECK(p.failure->message == "Predictions must have shape (depth=8, width=256); got shape=(2048,).");
      }
      if (name == std::string("Nothing")) CHECK(d["got_shape"] == nlohmann::json::array());
    }
  }
}

TEST_CASE("values that are not finite as float32; values of other types that are") {
  for (const char* kind : k_runners) {
    CAPTURE(std::string(kind));
    for (const char* name : {"OneNan", "OneInfinity", "Overflow"}) {
      CAPTURE(std::string(name));
      Running running(kind, "returning", name);
      const auto p = running.predict();
      CHECK(p.outcome == Outcome::non_finite);
      CHECK(p.failure->code == "ESTIMATOR_NON_FINITE");
      CHECK(p.failure->message == "Predictions must contain only finite values.");
      CHECK(details(p)["got_shape"] == nlohmann::json({8, 256}));
    }
    CHECK(Running(kind, "returning", "Float64").predict().values == std::vector<float>(8 * 256, 0.1F));
    CHECK(Running(kind, "returning", "Integer").predict().values == std::vector<float>(8 * 256, 1.0F));
  }
}

TEST_CASE("exceptions, with and without words") {
  struct Case {
    const char* name;
    const char* message;
    const char* traceback;
  };
  for (const Case& c :
       {Case{"Raises", "deliberate failure in predict", "std::invalid_argument: deliberate failure in predict"},
        Case{"EmptyMessage", "predict raised std::runtime_error without a message", "std::runtime_error"},
        Case{"RaisesInt", "predict raised int without a message", "int"},
        Case{"RaisesNullWhat", "predict raised NullWhat without a message", "NullWhat"},
        Case{"RaisesNotText", "bad ?? bytes", "std::runtime_error: bad ?? bytes"},
        Case{"NestedContext", "Cannot nest BudgetContexts", "RuntimeError: Cannot nest BudgetContexts"}}) {
    for (const char* kind : k_runners) {
      CAPTURE(std::string(kind));
      CAPTURE(std::string(c.name));
      Running running(kind, "raising", c.name);
      const auto p = running.predict();
      CHECK(p.outcome == Outcome::predict_error);
      CHECK(p.failure->code == "PREDICT_ERROR");
      CHECK(p.failure->message == c.message);
      CHECK(p.failure->traceback == c.traceback);
      // The next network is predicted as if nothing had been.
      CHECK(running.predict(4).outcome == Outcome::predict_error);
    }
  }
  for (const char* kind : k_runners) {
    CHECK(Running(kind, "raising", "Raises").predict().meter.flops_used > 0);  // what was used is known
    CHECK(Running(kind, "raising", "LibraryError").predict().failure->traceback.starts_with("ValueError: "));
    CHECK(Running(kind, "raising", "BadAlloc").predict().failure->message.starts_with("out of memory"));
  }
}

TEST_CASE("each network meets the state behind setup, in a process of its own") {
  Running isolated("subprocess", "raising", "RaisesSecond");
  for (int i = 0; i < 3; ++i) CHECK(isolated.predict().outcome == Outcome::success);
  Running local("local", "raising", "RaisesSecond");  // one object for all: what `local` is
  CHECK(local.predict().outcome == Outcome::success);
  CHECK(local.predict().outcome == Outcome::predict_error);
}

TEST_CASE("the FLOP budget") {
  for (const char* kind : k_runners) {
    CAPTURE(std::string(kind));
    const auto p = Running(kind, "limits", "Budget", with_budget(1'000'000)).predict();
    CHECK(p.outcome == Outcome::budget_exhausted);
    CHECK(p.meter.flops_used == 999'424);
    CHECK(p.failure->code.empty());
    CHECK(p.failure->traceback.starts_with("BudgetExhaustedError: add would cost 2,048 FLOPs but only 576 remain"));
    const auto first = Running(kind, "limits", "BudgetFirstOp", with_budget(100'000)).predict();
    CHECK(first.outcome == Outcome::budget_exhausted);
    CHECK(first.meter.flops_used == 0);
    const auto caught = Running(kind, "limits", "BudgetCaught", with_budget(1'000'000)).predict();
    CHECK(caught.outcome == Outcome::success);
    CHECK(caught.meter.flops_used == 999'424);
    CHECK(caught.values == std::vector<float>(8 * 256, 488 * 0.25F));
  }
}

TEST_CASE("the wall limit, met by an operation and behind the last one") {
  for (const char* kind : k_runners) {
    CAPTURE(std::string(kind));
    const auto between = Running(kind, "limits", "WallBetween", with_wall(0.1)).predict();
    CHECK(between.outcome == Outcome::time_exhausted);
    REQUIRE(between.failure);
    CHECK(between.failure->traceback.starts_with("TimeExhaustedError: add: wall-clock time 0."));
    const auto end = Running(kind, "limits", "WallEnd", with_wall(0.1)).predict();
    CHECK(end.outcome == Outcome::time_exhausted);
    CHECK_FALSE(end.failure);
    CHECK(end.meter.wall_s > 0.3);
  }
}

TEST_CASE("code that never returns is stopped, and the next network is served") {
  Running running("subprocess", "limits", "Forever", with_wall(0.05));
  for (int i = 0; i < 2; ++i) {
    const auto p = running.predict();
    CHECK(p.outcome == Outcome::predict_timeout);
    CHECK(p.failure->code == "PREDICT_TIMEOUT");
    CHECK(p.meter.wall_s >= with_wall(0.05).deadline_s());
    CHECK(p.meter.flops_used == 2048);  // of the operation before
  }
}

TEST_CASE("a return after the deadline is none, whichever process it comes from") {
  for (const char* kind : k_runners) {
    CAPTURE(std::string(kind));
    const auto p = Running(kind, "limits", "WallLong", with_wall(0.05)).predict();
    CHECK(p.outcome == Outcome::predict_timeout);
    CHECK(p.meter.flops_used >= 2048);
    CHECK(p.meter.wall_s > with_wall(0.05).deadline_s());
    CHECK(p.meter.wall_s == doctest::Approx(p.meter.backend_s + p.meter.overhead_s + p.meter.residual_s));
  }
}

TEST_CASE("the deadline leaves room beyond the limit, and there is none without one") {
  CHECK(with_wall(0.1).deadline_s() == doctest::Approx(5.1));
  CHECK(with_wall(60).deadline_s() == doctest::Approx(65));
  CHECK(with_wall(0).deadline_s() == 0);
}

TEST_CASE("time outside the meter is residual time, by the wall and by the CPU") {
  for (const char* kind : k_runners) {
    CAPTURE(std::string(kind));
    const auto slept = Running(kind, "limits", "Residual").predict();
    CHECK(slept.outcome == Outcome::success);
    CHECK(slept.meter.residual_s > 0.19);
    const auto threads = Running(kind, "limits", "Threads").predict();
    // Two threads of 0.1 s of work each: with a processor for each the wall sees half of it.
    CHECK(threads.meter.residual_s > 0.09);
    CHECK(threads.meter.residual_cpu_s > 0.19);
  }
}

TEST_CASE("work on another thread is billed whole, also where one processor does both") {
  cpu_set_t before, one;
  REQUIRE(::sched_getaffinity(0, sizeof before, &before) == 0);
  CPU_ZERO(&one);
  for (int cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&one) == 0; ++cpu)
    if (CPU_ISSET(cpu, &before)) CPU_SET(cpu, &one);
  REQUIRE(::sched_setaffinity(0, sizeof one, &one) == 0);
  const auto p = Running("subprocess", "limits", "WorksBehindOperations").predict();
  ::sched_setaffinity(0, sizeof before, &before);
  CHECK(p.outcome == Outcome::success);
  CHECK(p.meter.residual_cpu_s >= 0.3);
}

#ifdef __SANITIZE_THREAD__
constexpr bool k_has_sanitizer_thread = true;  // in every process, and counted as any other
#else
constexpr bool k_has_sanitizer_thread = false;
#endif

TEST_CASE("one thread's CPU time is never above the wall's: what the grader and its libraries do is not billed" *
          doctest::skip(k_has_sanitizer_thread)) {
  for (const char* kind : k_runners) {
    CAPTURE(std::string(kind));
    const base::CancelToken cancel;
    const std::jthread watcher = base::when_requested(cancel, [] {});
    Running running(kind, "returning", "Clean");
    for (std::uint32_t seed = 0; seed < 100; ++seed) {
      const auto p = running.predict(seed);
      CHECK(p.meter.residual_cpu_s <= p.meter.residual_s);
    }
  }
}

TEST_CASE("a thread that setup left, and the processes that it starts, work outside the meter too") {
  const double alone_s = Running("subprocess", "returning", "Integer").predict().meter.residual_cpu_s;
  for (const char* name : {"SetupThread", "SetupThreadHelpers"}) {
    CAPTURE(std::string(name));
    const auto p = Running("subprocess", "limits", name).predict();
    CHECK(p.outcome == Outcome::success);
    CHECK(p.meter.residual_cpu_s > 0);
    CHECK(p.meter.residual_cpu_s > alone_s);
  }
}

TEST_CASE("a process that setup left is gone before the first network") {
  Running running("subprocess", "limits", "SetupHelper");
  for (int i = 0; i < 2; ++i) CHECK(running.predict().outcome == Outcome::success);
}

TEST_CASE("a worker that ends between two networks is started again, and costs none") {
  Running running("subprocess", "limits", "SetupBomb");
  for (int i = 0; i < 2; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(900));
    CHECK(running.predict().outcome == Outcome::success);
  }
}

TEST_CASE("setup that raises, hangs, dies, or is too slow fails the submission") {
  const auto start = [](const char* kind, const char* file, const char* name, double limit_s) {
    Limits limits = generous();
    limits.setup_time_s = limit_s;
    const auto running = make_runner(kind);
    auto started = running->start(submission(test_plugin(file), name), limits);
    REQUIRE(started);
    REQUIRE(*started);
    CHECK(running->predict(small_network(2), 0).outcome == Outcome::not_started);
    return **started;
  };
  for (const char* kind : k_runners) {
    CAPTURE(std::string(kind));
    const auto raised = start(kind, "raising", "SetupRaises", 30);
    CHECK(raised.code == "SETUP_ERROR");
    CHECK(raised.message == "deliberate failure in setup");
    CHECK(start(kind, "raising", "CreateRaises", 30).message == "deliberate failure in the constructor");
    const auto open = start(kind, "raising", "SetupLeavesBudgetOpen", 30);
    CHECK(open.code == "SETUP_ERROR");
    CHECK(open.message.starts_with("setup left a BudgetContext open"));
    const auto slow = start(kind, "limits", "SetupSlow", 0.1);
    CHECK(slow.code == "SETUP_TIMEOUT");
    CHECK(slow.message.starts_with("setup exceeded timeout (0."));
  }
  CHECK(start("subprocess", "limits", "SetupHangs", 0.2).code == "SETUP_TIMEOUT");
  const auto exits = start("subprocess", "dying", "SetupExits", 30);
  CHECK(exits.code == "SETUP_ERROR");
  CHECK(exits.traceback.find("last words of setup") != std::string::npos);
  CHECK(start("subprocess", "dying", "SetupCrashes", 30).code == "SETUP_ERROR");
}

TEST_CASE("teardown that raises costs nothing") {
  for (const char* kind : k_runners) {
    CAPTURE(std::string(kind));
    Running running(kind, "raising", "TeardownRaises");
    CHECK(running.predict().outcome == Outcome::success);
    running.runner().stop();
    CHECK(running.runner().predict(small_network(2), 0).outcome != Outcome::success);
  }
}

// In `local` the same estimators end the whole program: that is what it is for, and why no test runs them there.
TEST_CASE("a process that dies costs its own network only") {
  struct Case {
    const char* name;
    int signal;  // 0: by an exit
    int exit_status;
  };
  for (const Case& c : {Case{"Crash", SIGSEGV, 0}, Case{"Abort", SIGABRT, 0}, Case{"ExitsAtOnce", 0, 5},
                        Case{"Exits", 0, 0}, Case{"KillsItself", SIGKILL, 0}, Case{"StackOverflow", SIGSEGV, 0}}) {
    CAPTURE(std::string(c.name));
    Running running("subprocess", "dying", c.name);
    CHECK(running.predict(2).outcome == Outcome::success);
    const auto p = running.predict(3);
    CHECK(p.outcome == Outcome::worker_eof);
    CHECK(p.failure->code == "WORKER_EOF");
    const auto d = details(p);
    CHECK(d["out_of_memory"] == false);
    CHECK(d["signal"] == (c.signal != 0 ? nlohmann::json(c.signal) : nlohmann::json()));
    CHECK(d["exit_status"] == (c.signal == 0 ? nlohmann::json(c.exit_status) : nlohmann::json()));
    CHECK(running.predict(4).outcome == Outcome::success);
  }
}

TEST_CASE("a small memory limit leaves the library its buffers, on every thread it may use" *
          doctest::skip(!runner::memory_limit_available())) {
  Limits limits = generous();
  limits.memory_bytes = std::int64_t{32} << 20;
  for (const int threads : {1, 2, 16}) {
    CAPTURE(threads);
    limits.max_threads = threads;
    Running running("subprocess", "limits", "LinearAlgebra", limits);
    for (std::uint32_t seed : {2U, 3U}) CHECK(running.predict(seed).outcome == Outcome::success);
  }
}

TEST_CASE("the memory limit: an exception where it can be one, told from a crash where it cannot" *
          doctest::skip(!runner::memory_limit_available())) {
  Limits limits = generous();
  limits.memory_bytes = std::int64_t{256} << 20;
  {
    Running running("subprocess", "dying", "Memory", limits);
    CHECK(running.runner().enforcement().memory_limit);
    CHECK(running.predict(2).outcome == Outcome::success);
    const auto p = running.predict(3);
    CHECK(p.outcome == Outcome::predict_error);
    CHECK(p.failure->message == "out of memory: an allocation was refused (limit 256 MiB)");
  }
  for (const char* name : {"MemoryNoexcept", "MemoryMalloc", "MemoryMmap"}) {
    CAPTURE(std::string(name));
    Running running("subprocess", "dying", name, limits);
    const auto p = running.predict(3);
    CHECK(p.outcome == Outcome::out_of_memory);
    CHECK(p.failure->code == "WORKER_EOF");
    CHECK(details(p)["out_of_memory"] == true);
    CHECK(running.predict(4).outcome == Outcome::success);
  }
}

TEST_CASE("a runner that was stopped, or never started, says so") {
  for (const char* kind : k_runners) {
    CAPTURE(std::string(kind));
    const auto running = make_runner(kind);
    CHECK(running->predict(small_network(2), 0).outcome == Outcome::not_started);
    running->stop();
    running->stop();
  }
}
