// SPDX-License-Identifier: MIT
// Estimators that end the process they run in: for the second network of their file's life, which they keep in
// scratch_dir, or for every network.
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <new>
#include <vector>
#include <whest/estimator.hpp>

namespace fnp = flopscope::numpy;
using fnp::ndarray;
using whest::Estimator;
using whest::Mlp;

namespace {
// Dies as `Derived::die` says for networks whose seed is odd; answers zeros for the others.
template <class Derived>
struct DiesForOddSeeds : Estimator {
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    if (mlp.seed() % 2 == 1) Derived::die();
    return fnp::zeros({mlp.depth(), mlp.width()});
  }
};
}  // namespace

struct Crash : DiesForOddSeeds<Crash> {
  static void die() {
    volatile int* nowhere = nullptr;
    *nowhere = 1;
  }
};
WHEST_ESTIMATOR(Crash)

struct Abort : DiesForOddSeeds<Abort> {
  static void die() { std::abort(); }
};
WHEST_ESTIMATOR(Abort)

struct ExitsAtOnce : DiesForOddSeeds<ExitsAtOnce> {
  static void die() { ::_exit(5); }
};
WHEST_ESTIMATOR(ExitsAtOnce)

struct Exits : DiesForOddSeeds<Exits> {
  static void die() { std::exit(0); }  // status 0 is no success
};
WHEST_ESTIMATOR(Exits)

struct KillsItself : DiesForOddSeeds<KillsItself> {
  static void die() { ::kill(::getpid(), SIGKILL); }  // the signal of the kernel's OOM killer: but no memory was short
};
WHEST_ESTIMATOR(KillsItself)

struct StackOverflow : DiesForOddSeeds<StackOverflow> {
  static std::int64_t deeper(std::int64_t n) {
    volatile char frame[4096];
    frame[n % 4096] = static_cast<char>(n);
    return n < 0 ? 0 : deeper(n + 1) + frame[0];
  }
  static void die() { std::printf("%lld\n", static_cast<long long>(deeper(0))); }
};
WHEST_ESTIMATOR(StackOverflow)

struct Memory : DiesForOddSeeds<Memory> {  // the exception comes out of predict
  static void die() {
    std::vector<std::vector<char>> hoard;
    for (;;) hoard.emplace_back(std::size_t{64} << 20, 'x');
  }
};
WHEST_ESTIMATOR(Memory)

struct MemoryNoexcept : DiesForOddSeeds<MemoryNoexcept> {  // the exception has no way out: the process is aborted
  static void die() noexcept { Memory::die(); }
};
WHEST_ESTIMATOR(MemoryNoexcept)

struct MemoryMalloc : DiesForOddSeeds<MemoryMalloc> {  // nobody looks at what malloc returned
  static void die() {
    for (;;) {
      auto* block = static_cast<volatile char*>(std::malloc(std::size_t{64} << 20));
      for (std::size_t i = 0; i < std::size_t{64} << 20; i += 4096) block[i] = 'x';
    }
  }
};
WHEST_ESTIMATOR(MemoryMalloc)

struct MemoryMmap : DiesForOddSeeds<MemoryMmap> {
  static void die() {
    for (;;) {
      auto* block = static_cast<volatile char*>(
          ::mmap(nullptr, std::size_t{64} << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
      block[0] = 'x';
    }
  }
};
WHEST_ESTIMATOR(MemoryMmap)

struct SetupExits : Estimator {
  void setup(const whest::SetupContext&) override {
    std::fputs("last words of setup\n", stderr);
    ::_exit(7);
  }
  ndarray predict(const Mlp&, std::int64_t) override { return {}; }
};
WHEST_ESTIMATOR(SetupExits)

struct SetupCrashes : Estimator {
  void setup(const whest::SetupContext&) override { std::abort(); }
  ndarray predict(const Mlp&, std::int64_t) override { return {}; }
};
WHEST_ESTIMATOR(SetupCrashes)
