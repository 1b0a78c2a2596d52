// SPDX-License-Identifier: MIT
// The meter's clock: raw ticks on the hot path, seconds when somebody asks.
#pragma once

#include <cstdint>

namespace flopscope {

// Monotonic ticks: the time-stamp counter where the processor says that it runs at one rate, else nanoseconds. Reading
// it takes a few nanoseconds, so that timing an operation of ten elements does not cost more than the operation.
inline std::int64_t now_ticks();

// Seconds in a number of ticks. The rate is measured against CLOCK_MONOTONIC over the time since the library was
// loaded, at least 1 ms (which the first call waits for), and again whenever that time has doubled: both clocks are
// read together to some 20 ns, so the error is below 1e-4 at first and falls to nothing.
double ticks_to_s(std::int64_t ticks);
double seconds_per_tick();  // to convert many: asking reads the clock

namespace clock {
extern const bool k_steady_counter;
std::int64_t monotonic_ns();
}  // namespace clock

inline std::int64_t now_ticks() {
#if defined(__x86_64__)
  if (clock::k_steady_counter) return static_cast<std::int64_t>(__builtin_ia32_rdtsc());
#endif
  return clock::monotonic_ns();
}

}  // namespace flopscope
