// SPDX-License-Identifier: MIT
#include "interrupt.hpp"

#include <array>
#include <atomic>
#include <csignal>

namespace whest::app {

namespace {

std::atomic<base::CancelToken*> s_token{nullptr};

constexpr std::array k_signals = {SIGINT, SIGTERM, SIGHUP};

// nohup keeps a program from hearing of its terminal's end. (A shell's background jobs ignore SIGINT too, but whoever
// sends one to a run means it.)
bool is_held_off(int signal) {
  struct sigaction record {};
  return signal == SIGHUP && sigaction(signal, nullptr, &record) == 0 && record.sa_handler == SIG_IGN;
}

// Restores the default actions, so that a second signal is not held up by code that does not end.
void on_signal(int) {
  if (base::CancelToken* token = s_token.load()) token->request();
  for (const int one : k_signals)
    if (!is_held_off(one)) std::signal(one, SIG_DFL);
}

void set_action(int signal, void (*action)(int)) {
  struct sigaction record {};
  record.sa_handler = action;
  record.sa_flags = SA_RESTART;
  sigemptyset(&record.sa_mask);
  sigaction(signal, &record, nullptr);
}

}  // namespace

InterruptScope::InterruptScope(base::CancelToken& token) {
  s_token.store(&token);
  for (const int signal : k_signals)
    if (!is_held_off(signal)) set_action(signal, on_signal);
}

InterruptScope::~InterruptScope() {
  for (const int signal : k_signals)
    if (!is_held_off(signal)) set_action(signal, SIG_DFL);
  s_token.store(nullptr);
}

}  // namespace whest::app
