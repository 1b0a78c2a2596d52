// SPDX-License-Identifier: MIT
#include "crash_notice.hpp"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <whest/base/file.hpp>
#include <whest/report/error_object.hpp>

namespace whest::app {

namespace {

constexpr std::array k_signals = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

volatile pid_t s_process = 0;  // the one that explains its end: not a child that the estimator forks; 0: none

bool is_active() { return s_process != 0 && s_process == ::getpid(); }

// Made before they are needed: a signal handler may only write(2).
struct Prepared {
  std::string crashed, ended;                // for standard error
  std::string crashed_object, ended_object;  // for standard output; empty: nothing
  int out = -1;                              // standard output, wherever descriptor 1 leads meanwhile
  std::optional<int> status;                 // of the result that has been shown
};
Prepared s_prepared;

std::string advice_of(const LastWords& words) {
  if (words.result) return ", behind the last network: the result is whole.";
  if (words.stage == std::string("setup")) return ": --runner local runs it here. --runner subprocess runs it apart.";
  return ": --runner local runs it here. --runner subprocess costs only the network it ended on.";
}

void prepare(const LastWords& words) {
  const std::string advice = advice_of(words);
  const std::string crashed = "the estimator crashed, and with it this process" + advice;
  const std::string ended = "the estimator ended this process" + advice;
  s_prepared = Prepared();
  const std::string prefix = words.result ? "whest: " : "whest: error: ";
  s_prepared.crashed = prefix + crashed + "\n";
  s_prepared.ended = prefix + ended + "\n";
  if (words.result) s_prepared.status = static_cast<int>(*words.result);
  if (!words.json || words.result) return;
  const auto object = [&](const std::string& sentence) {
    return report::error_object({.stage = words.stage, .code = words.code, .message = sentence});
  };
  s_prepared.crashed_object = object(crashed);
  s_prepared.ended_object = object(ended);
  s_prepared.out = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
}

void say(const std::string& sentence, const std::string& object) {
  base::write_all(STDERR_FILENO, sentence);
  if (!object.empty()) base::write_all(s_prepared.out, object);
}

// The action is the default one again (SA_RESETHAND), and the signal is blocked until the return: raised here, it ends
// the process then, whether a fault or a kill() sent it.
void on_crash(int signal) {
  const bool active = is_active();
  s_process = 0;
  if (active) {
    say(s_prepared.crashed, s_prepared.crashed_object);
    if (s_prepared.status) ::_exit(*s_prepared.status);
  }
  ::raise(signal);
}

void on_exit() {
  if (!is_active()) return;
  s_process = 0;
  say(s_prepared.ended, s_prepared.ended_object);
  ::_exit(s_prepared.status.value_or(static_cast<int>(Exit::participant)));
}

void set_action(int signal, void (*action)(int), int flags) {
  struct sigaction record {};
  record.sa_handler = action;
  record.sa_flags = flags;
  sigemptyset(&record.sa_mask);
  sigaction(signal, &record, nullptr);
}

}  // namespace

CrashNotice::CrashNotice(bool active, const LastWords& words) : m_active(active) {
  if (!m_active) return;
  prepare(words);
  static const bool s_registered = std::atexit(on_exit) == 0 && std::at_quick_exit(on_exit) == 0;
  static_cast<void>(s_registered);
  s_process = ::getpid();
  for (const int signal : k_signals) set_action(signal, on_crash, SA_RESETHAND | SA_ONSTACK);
}

CrashNotice::~CrashNotice() {
  if (!m_active) return;
  s_process = 0;
  if (s_prepared.out >= 0) ::close(s_prepared.out);
  s_prepared.out = -1;
  for (const int signal : k_signals) set_action(signal, SIG_DFL, 0);
}

}  // namespace whest::app

// In place of the C library's, for this program and what it loads: an estimator that ends the process without exit()
// would choose the status of a run that has no result.
extern "C" [[gnu::visibility("default")]] void _exit(int status) {
  whest::app::on_exit();
  for (;;) ::syscall(SYS_exit_group, status);
}
extern "C" [[gnu::visibility("default")]] void _Exit(int status) noexcept { ::_exit(status); }
