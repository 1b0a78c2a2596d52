// SPDX-License-Identifier: MIT
#include <ctime>
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

// The counter's rate against the system's clock, over 0.2 ms: an error of about 1e-4, the same for every figure.
double measure_seconds_per_tick() {
  if (!k_steady_counter) return 1e-9;
  const std::int64_t ns0 = monotonic_ns(), t0 = now_ticks();
  std::int64_t ns1 = ns0;
  while (ns1 - ns0 < 200'000) ns1 = monotonic_ns();
  return static_cast<double>(ns1 - ns0) * 1e-9 / static_cast<double>(now_ticks() - t0);
}

}  // namespace

const bool k_steady_counter = has_steady_counter();

std::int64_t monotonic_ns() {
  timespec t{};
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1'000'000'000 + t.tv_nsec;
}

}  // namespace clock

double ticks_to_s(std::int64_t ticks) {
  static const double k_seconds_per_tick = clock::measure_seconds_per_tick();
  return static_cast<double>(ticks) * k_seconds_per_tick;
}

}  // namespace flopscope
