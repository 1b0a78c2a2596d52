// SPDX-License-Identifier: MIT
// The meter's clock: raw ticks on the hot path, seconds when somebody asks.
#pragma once

#include <cstdint>

namespace flopscope {

// Monotonic ticks: the time-stamp counter where the processor says that it runs at one rate, else nanoseconds. Reading
// it takes a few nanoseconds, so that timing an operation of ten elements does not cost more than the operation.
inline std::int64_t now_ticks();

// Seconds in a number of ticks. The rate is measured once against CLOCK_MONOTONIC (about 0.2 ms, at the first call).
double ticks_to_s(std::int64_t ticks);

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
