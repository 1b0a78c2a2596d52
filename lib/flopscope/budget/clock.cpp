// SPDX-License-Identifier: MIT
#include <atomic>
#include <ctime>
#include <limits>
#include <whest/flopscope/budget/clock.hpp>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace flopscope {
namespace clock {
namespace {

bool has_steady_counter() {
#if defined(__x86_64__)
  unsigned a = 0, b = 0, c = 0, d = 0;
  return __get_cpuid(0x80000007, &a, &b, &c, &d) != 0 && (d & (1u << 8)) != 0;  // invariant TSC
#else
  return false;
#endif
}

}  // namespace

const bool k_steady_counter = has_steady_counter();

std::int64_t monotonic_ns() {
  timespec t{};
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1'000'000'000 + t.tv_nsec;
}

namespace {

struct Instant {
  std::int64_t ticks, ns;
};

// Both clocks at one instant: of five readings the one that the processor was kept from least.
Instant read_both() {
  Instant best{};
  std::int64_t best_gap = std::numeric_limits<std::int64_t>::max();
  for (int i = 0; i < 5; ++i) {
    const std::int64_t before = now_ticks(), ns = monotonic_ns(), gap = now_ticks() - before;
    if (gap >= best_gap) continue;
    best = {before + gap / 2, ns};
    best_gap = gap;
  }
  return best;
}

const Instant k_start = read_both();  // behind k_steady_counter, which it needs

std::atomic<double> s_seconds_per_tick{1e-9};
std::atomic<std::int64_t> s_due{0};  // ticks behind the start at which the rate is measured (again)

void measure_rate() {
  Instant now = read_both();
  while (now.ns - k_start.ns < 1'000'000) now = read_both();
  const std::int64_t ticks = now.ticks - k_start.ticks;
  s_seconds_per_tick.store(static_cast<double>(now.ns - k_start.ns) * 1e-9 / static_cast<double>(ticks),
                           std::memory_order_relaxed);
  s_due.store(2 * ticks, std::memory_order_relaxed);
}

}  // namespace
}  // namespace clock

double seconds_per_tick() {
  if (!clock::k_steady_counter) return 1e-9;
  if (now_ticks() - clock::k_start.ticks >= clock::s_due.load(std::memory_order_relaxed)) clock::measure_rate();
  return clock::s_seconds_per_tick.load(std::memory_order_relaxed);
}

double ticks_to_s(std::int64_t ticks) { return static_cast<double>(ticks) * seconds_per_tick(); }

}  // namespace flopscope
