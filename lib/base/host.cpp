// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <gnu/libc-version.h>
#include <sched.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <utility>
#include <whest/base/host.hpp>

namespace whest::base {

namespace {

// The text behind "key<blanks>:" of the first line of a /proc file that starts with key.
std::optional<std::string> proc_value(const char* path, const std::string& key) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(key)) continue;
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    const std::size_t begin = line.find_first_not_of(" \t", colon + 1);
    return begin == std::string::npos ? std::string() : line.substr(begin);
  }
  return std::nullopt;
}

std::optional<std::int64_t> memory_bytes(const std::string& key) {
  const auto text = proc_value("/proc/meminfo", key);
  if (!text) return std::nullopt;
  const long long kib = std::atoll(text->c_str());
  if (kib <= 0) return std::nullopt;
  return kib * 1024;
}

std::optional<std::int64_t> physical_cores() {
  std::set<std::pair<int, int>> cores;  // (package, core): hyperthreads share one
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/sys/devices/system/cpu", error)) {
    int core = -1, package = 0;
    std::ifstream(entry.path() / "topology/core_id") >> core;
    std::ifstream(entry.path() / "topology/physical_package_id") >> package;
    if (core >= 0) cores.emplace(package, core);
  }
  if (cores.empty()) return std::nullopt;
  return static_cast<std::int64_t>(cores.size());
}

std::int64_t logical_cores() {
  const long online = sysconf(_SC_NPROCESSORS_ONLN);
  return online > 0 ? online : 1;
}

}  // namespace

bool environment_flag(const char* name) {
  const char* value = std::getenv(name);
  std::string text = value == nullptr ? "" : value;
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return !(text.empty() || text == "0" || text == "false" || text == "no");
}

Host probe_host() {
  Host host;
  utsname system{};
  if (uname(&system) == 0) {
    host.hostname = system.nodename;
    host.os = system.sysname;
    host.os_release = system.release;
    host.machine = system.machine;
    host.platform =
        fmt::format("{}-{}-{}-with-glibc{}", host.os, host.os_release, host.machine, gnu_get_libc_version());
  }
  host.cpu_brand = "unknown";
  host.cpu_count_logical = logical_cores();
  if (environment_flag("WHEST_SKIP_HARDWARE_FALLBACK_PROBES")) return host;
  if (const auto brand = proc_value("/proc/cpuinfo", "model name"); brand && !brand->empty()) host.cpu_brand = *brand;
  host.cpu_count_physical = physical_cores();
  host.ram_total_bytes = memory_bytes("MemTotal");
  host.ram_available_bytes = memory_bytes("MemAvailable");
  return host;
}

}  // namespace whest::base
