// SPDX-License-Identifier: MIT
// What machine this is, for the report.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace whest::base {

struct Host {
  std::string hostname;
  std::string os;          // "Linux"
  std::string os_release;  // the kernel's
  std::string platform;    // os, release, machine, C library in one
  std::string machine;     // "x86_64"
  std::string cpu_brand;   // "unknown" where the machine does not say
  std::int64_t cpu_count_logical = 0;
  std::optional<std::int64_t> cpu_count_physical;
  std::optional<std::int64_t> ram_total_bytes;
  std::optional<std::int64_t> ram_available_bytes;
};

// Asks the system. With WHEST_SKIP_HARDWARE_FALLBACK_PROBES set (to anything but 0, false or no) /proc and /sys are
// left alone: brand "unknown", physical cores and memory unset.
Host probe_host();

// The value of an environment flag: set, and neither empty nor 0, false, no (in any case).
bool environment_flag(const char* name);

}  // namespace whest::base
