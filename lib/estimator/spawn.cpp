// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>
#include <whest/estimator/spawn.hpp>

extern char** environ;

namespace whest::estimator {

base::Expected<Finished> run_command(const std::vector<std::string>& command, const base::CancelToken* cancel) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return base::grader_error(fmt::format("no pipe: {}", std::strerror(errno)));
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  if (cancel != nullptr) posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);  // to a group of its own number
  pid_t pid = 0;
  const int failed = ::posix_spawnp(&pid, arguments[0], &actions, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  if (failed != 0) {
    ::close(ends[0]);
    return base::usage_error(fmt::format("cannot run '{}': {}", command[0], std::strerror(failed)));
  }
  std::jthread stopper;
  if (cancel != nullptr) stopper = base::when_requested(*cancel, [pid] { ::kill(-pid, SIGTERM); });
  Finished finished;
  char buffer[4096];
  for (pollfd waiting{ends[0], POLLIN, 0};;) {
    ::poll(&waiting, 1, -1);  // which a signal ends, so that its handler runs under the thread sanitizer too
    const ssize_t n = ::read(ends[0], buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    finished.output.append(buffer, static_cast<std::size_t>(n));
  }
  ::close(ends[0]);
  stopper = {};  // before the number can be another's
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  finished.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return finished;
}

}  // namespace whest::estimator
