// SPDX-License-Identifier: MIT
// Estimators that do something in the second predict of a run. The calls are counted in scratch_dir, which is all that
// survives from one network to the next in the subprocess runner; all answer zeros otherwise.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <whest/estimator.hpp>

namespace fnp = flopscope::numpy;
using fnp::ndarray;
using whest::Estimator;
using whest::Mlp;

namespace {
template <class Derived>
struct Second : Estimator {
  std::string counter;
  void setup(const whest::SetupContext& context) override { counter = context.scratch_dir + "/calls"; }
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    std::ofstream(counter, std::ios::app) << 'x';
    std::string calls;
    std::ifstream(counter) >> calls;
    if (calls.size() == 2) Derived::act();
    return fnp::zeros({mlp.depth(), mlp.width()});
  }
};
}  // namespace

struct RaisesOnce : Second<RaisesOnce> {
  static void act() { throw std::runtime_error("deliberate failure on call 2"); }
};
WHEST_ESTIMATOR(RaisesOnce)

struct PrintsOnce : Second<PrintsOnce> {  // a line on standard output, where a report or a protocol may be
  static void act() {
    std::puts("hello from predict");
    std::fflush(stdout);
  }
};
WHEST_ESTIMATOR(PrintsOnce)

struct CrashesOnce : Second<CrashesOnce> {
  static void act() {
    volatile int* nowhere = nullptr;
    *nowhere = 1;
  }
};
WHEST_ESTIMATOR(CrashesOnce)

struct LeavesOnce : Second<LeavesOnce> {
  static void act() { ::_exit(3); }
};
WHEST_ESTIMATOR(LeavesOnce)

struct ExitsOnce : Second<ExitsOnce> {
  static void act() { std::exit(5); }
};
WHEST_ESTIMATOR(ExitsOnce)
