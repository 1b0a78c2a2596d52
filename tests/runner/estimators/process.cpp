// SPDX-License-Identifier: MIT
// Estimators that do something to the process they run in, beside an answer of zeros.
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <whest/estimator.hpp>

namespace fnp = flopscope::numpy;
using fnp::ndarray;
using whest::Estimator;
using whest::Mlp;

namespace {

ndarray zeros(const Mlp& mlp) { return fnp::zeros({mlp.depth(), mlp.width()}); }

struct QuickExits : Estimator {
  ndarray predict(const Mlp&, std::int64_t) override { std::quick_exit(0); }
};
WHEST_ESTIMATOR(QuickExits)

// The exit handler would turn the failures of the run into a success.
struct LeavesAnExitHandler : Estimator {
  void setup(const whest::SetupContext&) override {
    std::atexit([] { ::_exit(0); });
  }
  ndarray predict(const Mlp&, std::int64_t) override { throw std::runtime_error("no answer"); }
};
WHEST_ESTIMATOR(LeavesAnExitHandler)

struct BreaksStandardStreams : Estimator {
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    std::cout << std::hex;
    std::cout.setstate(std::ios::badbit);
    std::cerr.rdbuf(nullptr);
    ::close(STDOUT_FILENO);
    return zeros(mlp);
  }
};
WHEST_ESTIMATOR(BreaksStandardStreams)

struct SetupExits : Estimator {
  void setup(const whest::SetupContext&) override { std::exit(0); }
  ndarray predict(const Mlp& mlp, std::int64_t) override { return zeros(mlp); }
};
WHEST_ESTIMATOR(SetupExits)

struct GoesElsewhere : Estimator {
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    return ::chdir("/") == 0 ? zeros(mlp) : throw std::runtime_error("no way out");
  }
};
WHEST_ESTIMATOR(GoesElsewhere)

struct TeardownHangs : Estimator {
  ndarray predict(const Mlp& mlp, std::int64_t) override { return zeros(mlp); }
  void teardown() override {
    for (volatile bool go = true; go;) {
    }
  }
};
WHEST_ESTIMATOR(TeardownHangs)

struct TeardownCrashes : Estimator {
  ndarray predict(const Mlp& mlp, std::int64_t) override { return zeros(mlp); }
  void teardown() override { std::raise(SIGSEGV); }
};
WHEST_ESTIMATOR(TeardownCrashes)

struct TeardownExits : Estimator {
  ndarray predict(const Mlp& mlp, std::int64_t) override { return zeros(mlp); }
  void teardown() override { std::exit(7); }
};
WHEST_ESTIMATOR(TeardownExits)

struct AbortsWithItsThread {
  bool armed = false;
  ~AbortsWithItsThread() {
    if (armed) std::abort();
  }
};
struct ThreadLocalAborts : Estimator {
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    static thread_local AbortsWithItsThread t_last;
    t_last.armed = true;
    return zeros(mlp);
  }
};
WHEST_ESTIMATOR(ThreadLocalAborts)

// Both go on; the child must not outlive the call.
struct Forks : Estimator {
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    static_cast<void>(::fork());
    return zeros(mlp);
  }
};
WHEST_ESTIMATOR(Forks)

// Three MiB on the stack: there where eight are the limit, and where there is none.
struct LargeFrame : Estimator {
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    volatile char large[std::size_t{3} << 20];
    for (std::size_t i = 0; i < sizeof large; i += 4096) large[i] = 1;
    return zeros(mlp);
  }
};
WHEST_ESTIMATOR(LargeFrame)

}  // namespace
