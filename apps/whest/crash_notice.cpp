// SPDX-License-Identifier: MIT
#include "crash_notice.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "command.hpp"

namespace whest::app {

namespace {

constexpr std::array k_signals = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
constexpr const char* k_crashed =
    "whest: error: the estimator crashed, and with it this process: --runner local runs it here. --runner subprocess "
    "costs only the network it crashed on.\n";
constexpr const char* k_ended =
    "whest: error: the estimator ended this process: --runner local runs it here. --runner subprocess costs only the "
    "network it ended on.\n";

volatile pid_t s_process = 0;  // the one that explains its end: not a child that the estimator forks; 0: none

bool is_active() { return s_process != 0 && s_process == ::getpid(); }

// write(2) is all that may be done in a signal handler.
void say(const char* text) {
  if (::write(STDERR_FILENO, text, std::strlen(text)) < 0) return;
}

// The action is the default one again (SA_RESETHAND), and the signal is blocked until the return: raised here, it ends
// the process then, whether a fault or a kill() sent it.
void on_crash(int signal) {
  if (is_active()) say(k_crashed);
  s_process = 0;
  ::raise(signal);
}

// Nothing has been scored, whatever status the estimator chose for its exit().
void on_exit() {
  if (!is_active()) return;
  say(k_ended);
  s_process = 0;
  ::_exit(static_cast<int>(Exit::participant));
}

void set_action(int signal, void (*action)(int), int flags) {
  struct sigaction record {};
  record.sa_handler = action;
  record.sa_flags = flags;
  sigemptyset(&record.sa_mask);
  sigaction(signal, &record, nullptr);
}

#ifdef __SANITIZE_ADDRESS__
constexpr bool k_signals_are_taken = true;  // by the sanitizer, whose report says more
#else
constexpr bool k_signals_are_taken = false;
#endif

}  // namespace

CrashNotice::CrashNotice(bool active) : m_active(active) {
  if (!m_active) return;
  static const bool s_registered = std::atexit(on_exit) == 0;
  static_cast<void>(s_registered);
  s_process = ::getpid();
  if (k_signals_are_taken) return;
  for (const int signal : k_signals) set_action(signal, on_crash, SA_RESETHAND | SA_ONSTACK);
}

CrashNotice::~CrashNotice() {
  if (!m_active) return;
  s_process = 0;
  if (k_signals_are_taken) return;
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
