// SPDX-License-Identifier: MIT
#include <array>
#include <condition_variable>
#include <csignal>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <whest/runner/call_thread.hpp>

namespace whest::runner {

struct CallThread::State {
  std::mutex mutex;
  std::condition_variable changed;
  std::function<void()> call;  // to make; empty: none
  std::exception_ptr thrown;
  bool busy = false;  // a call waits or runs
  bool abandoned = false, ending = false;
  std::thread thread;
};

namespace {

// A stack overflow leaves no room on the stack for the handler that explains it.
class AlternateStack {
 public:
  AlternateStack() {
    const stack_t mine{.ss_sp = m_bytes.data(), .ss_flags = 0, .ss_size = m_bytes.size()};
    ::sigaltstack(&mine, &m_before);
  }
  AlternateStack(const AlternateStack&) = delete;
  AlternateStack& operator=(const AlternateStack&) = delete;
  ~AlternateStack() { ::sigaltstack(&m_before, nullptr); }

 private:
  stack_t m_before{};
  std::array<char, 1 << 16> m_bytes;
};

}  // namespace

void CallThread::serve(const std::shared_ptr<State>& state) {
  const auto stack = std::make_unique<AlternateStack>();
  std::unique_lock lock(state->mutex);
  for (;;) {
    state->changed.wait(lock, [&] { return state->call || state->ending; });
    if (!state->call) return;
    std::function<void()> call = std::exchange(state->call, nullptr);
    std::exception_ptr thrown;
    lock.unlock();
    try {
      call();
    } catch (...) {
      thrown = std::current_exception();
    }
    call = nullptr;  // with all that it owns, before anybody hears of its end
    lock.lock();
    state->thrown = thrown;
    state->busy = false;
    state->changed.notify_all();
    if (state->abandoned) return;
  }
}

CallThread::CallThread() : m_state(std::make_shared<State>()) {}

CallThread::~CallThread() {
  if (!m_state->thread.joinable()) return;
  {
    const std::lock_guard lock(m_state->mutex);
    m_state->ending = true;
    m_state->changed.notify_all();
  }
  if (m_state->abandoned)
    m_state->thread.detach();
  else
    m_state->thread.join();
}

bool CallThread::run(std::function<void()> call) {
  if (!m_state->thread.joinable()) m_state->thread = std::thread([state = m_state] { serve(state); });
  std::unique_lock lock(m_state->mutex);
  if (m_state->abandoned) return false;
  m_state->call = std::move(call);
  m_state->busy = true;
  m_state->changed.notify_all();
  m_state->changed.wait(lock, [&] { return !m_state->busy || m_state->abandoned; });
  if (m_state->abandoned) return false;
  if (std::exception_ptr thrown = std::exchange(m_state->thrown, nullptr)) std::rethrow_exception(thrown);
  return true;
}

void CallThread::abandon() {
  const std::lock_guard lock(m_state->mutex);
  m_state->abandoned = true;
  m_state->changed.notify_all();
}

}  // namespace whest::runner
