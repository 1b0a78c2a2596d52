// SPDX-License-Identifier: MIT
#include <dirent.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <whest/runner/leftovers.hpp>

namespace whest::runner {

namespace {

constexpr int k_most_rounds = 100;  // against processes that multiply while they are being killed

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};
using Directory = std::unique_ptr<DIR, CloseDirectory>;

// Calls f(number) for every entry of a folder of /proc whose name is a number.
template <class F>
void for_each_number(const char* folder, F f) {
  const Directory directory(::opendir(folder));
  if (!directory) return;
  while (const dirent* entry = ::readdir(directory.get())) {
    char* end = nullptr;
    const long number = std::strtol(entry->d_name, &end, 10);
    if (number > 0 && *end == '\0') f(static_cast<pid_t>(number));
  }
}

void reap_the_ended() {
  while (::waitpid(-1, nullptr, WNOHANG) > 0) {
  }
}

}  // namespace

void adopt_orphans() { ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

void end_other_processes() {
  const pid_t self = ::getpid(), group = ::getpgrp();
  for (int round = 0; round < k_most_rounds; ++round) {
    reap_the_ended();
    int killed = 0;
    for_each_number("/proc", [&](pid_t pid) {
      if (pid != self && ::getpgid(pid) == group && ::kill(pid, SIGKILL) == 0) ++killed;
    });
    if (killed == 0) return;
    ::usleep(1000);  // the kernel takes a moment to end them
  }
}

bool has_other_threads() {
  int threads = 0;
  for_each_number("/proc/self/task", [&](pid_t) { ++threads; });
  return threads > 1;
}

double ended_processes_cpu_s() {
  rusage used{};
  ::getrusage(RUSAGE_CHILDREN, &used);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

}  // namespace whest::runner
