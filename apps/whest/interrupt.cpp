// SPDX-License-Identifier: MIT
#include "interrupt.hpp"

#include <atomic>
#include <csignal>

namespace whest::app {

namespace {

std::atomic<base::CancelToken*> s_token{nullptr};

// Restores the default action, so that a second signal is not held up by code that does not end.
void on_signal(int signal) {
  if (base::CancelToken* token = s_token.load()) token->request();
  std::signal(signal, SIG_DFL);
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
  set_action(SIGINT, on_signal);
  set_action(SIGTERM, on_signal);
}

InterruptScope::~InterruptScope() {
  set_action(SIGINT, SIG_DFL);
  set_action(SIGTERM, SIG_DFL);
  s_token.store(nullptr);
}

}  // namespace whest::app
