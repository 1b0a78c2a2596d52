// SPDX-License-Identifier: MIT
#include <fcntl.h>

#include <cstdio>
#include <mutex>
#include <whest/runner/descriptors.hpp>

namespace whest::runner {

namespace {
std::mutex g_mutex;
int g_users = 0;
int g_saved_stdout = -1;
}  // namespace

StdoutToStderr::StdoutToStderr() {
  const std::lock_guard lock(g_mutex);
  if (g_users++ > 0) return;
  std::fflush(stdout);
  g_saved_stdout = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  if (g_saved_stdout >= 0) ::dup2(STDERR_FILENO, STDOUT_FILENO);
}

StdoutToStderr::~StdoutToStderr() {
  const std::lock_guard lock(g_mutex);
  if (--g_users > 0 || g_saved_stdout < 0) return;
  std::fflush(stdout);
  ::dup2(g_saved_stdout, STDOUT_FILENO);
  ::close(g_saved_stdout);
  g_saved_stdout = -1;
}

}  // namespace whest::runner
