// SPDX-License-Identifier: MIT
// Time, as an interface: the program uses the system's clock, a test freezes one.
#pragma once

#include <chrono>
#include <ctime>
#include <string>

namespace whest::base {

using UtcTime = std::chrono::system_clock::time_point;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual double monotonic_s() const = 0;  // seconds since some fixed moment, never going back
  virtual UtcTime utc() const = 0;
};

// The machine's clock; lives as long as the program.
const Clock& system_clock();

// "2026-11-21T13:39:24.042686+00:00": ISO 8601 with microseconds, always UTC.
std::string utc_iso(UtcTime time);

// CPU seconds that this process has used, all threads together.
double process_cpu_s();

// CPU seconds of the calling thread.
double thread_cpu_s();

// The CPU clock of the calling thread, for another thread to read while this one lives.
clockid_t thread_cpu_clock();
double cpu_s(clockid_t clock);

}  // namespace whest::base
