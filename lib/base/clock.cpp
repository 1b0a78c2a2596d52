// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <pthread.h>

#include <ctime>
#include <whest/base/clock.hpp>

namespace whest::base {

namespace {
double read_clock_s(clockid_t id) {
  timespec now{};
  clock_gettime(id, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

class SystemClock final : public Clock {
 public:
  double monotonic_s() const override { return read_clock_s(CLOCK_MONOTONIC); }
  UtcTime utc() const override { return std::chrono::system_clock::now(); }
};
}  // namespace

const Clock& system_clock() {
  static const SystemClock clock;
  return clock;
}

std::string utc_iso(UtcTime time) {
  using std::chrono::floor;
  const auto second = floor<std::chrono::seconds>(time);
  const auto micros = floor<std::chrono::microseconds>(time) - second;
  const std::time_t seconds = std::chrono::system_clock::to_time_t(second);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}+00:00", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, micros.count());
}

double process_cpu_s() { return read_clock_s(CLOCK_PROCESS_CPUTIME_ID); }

double thread_cpu_s() { return read_clock_s(CLOCK_THREAD_CPUTIME_ID); }

clockid_t thread_cpu_clock() {
  clockid_t clock = CLOCK_THREAD_CPUTIME_ID;
  pthread_getcpuclockid(pthread_self(), &clock);
  return clock;
}

double cpu_s(clockid_t clock) { return read_clock_s(clock); }

}  // namespace whest::base
