// SPDX-License-Identifier: MIT
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <csignal>
#include <exception>
#include <memory>
#include <mutex>
#include <system_error>
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
  bool started = false;  // of the owner alone, as the thread's handle
  pthread_t thread{};
};

namespace {

constexpr std::size_t k_least_stack_bytes = std::size_t{1} << 20, k_most_stack_bytes = std::size_t{1} << 30;

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

void* CallThread::serve(void* handed_over) {
  const std::unique_ptr<std::shared_ptr<State>> owner(static_cast<std::shared_ptr<State>*>(handed_over));
  State& state = **owner;
  const auto stack = std::make_unique<AlternateStack>();
  const pid_t process = ::getpid();
  std::unique_lock lock(state.mutex);
  for (;;) {
    state.changed.wait(lock, [&] { return state.call || state.ending; });
    if (!state.call) return nullptr;
    std::function<void()> call = std::exchange(state.call, nullptr);
    std::exception_ptr thrown;
    lock.unlock();
    try {
      call();
    } catch (...) {
      thrown = std::current_exception();
    }
    // The call forked, and this is the child: nobody waits here for its result, nor would anybody end it.
    if (::getpid() != process) ::_exit(0);
    call = nullptr;  // with all that it owns, before anybody hears of its end
    lock.lock();
    state.thrown = thrown;
    state.busy = false;
    state.changed.notify_all();
    if (state.abandoned) return nullptr;
  }
}

CallThread::CallThread() : m_state(std::make_shared<State>()) {}

CallThread::~CallThread() {
  if (!m_state->started) return;
  {
    const std::lock_guard lock(m_state->mutex);
    m_state->ending = true;
    m_state->changed.notify_all();
  }
  if (m_state->abandoned)
    ::pthread_detach(m_state->thread);
  else
    ::pthread_join(m_state->thread, nullptr);
}

// The stack that the program's first thread would have had; the limit may say that there is none.
void CallThread::start() {
  rlimit limit{};
  const bool bounded = ::getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
  pthread_attr_t attributes;
  ::pthread_attr_init(&attributes);
  ::pthread_attr_setstacksize(
      &attributes,
      bounded ? std::clamp<std::size_t>(limit.rlim_cur, k_least_stack_bytes, k_most_stack_bytes) : k_most_stack_bytes);
  auto handed_over = std::make_unique<std::shared_ptr<State>>(m_state);
  const int error = ::pthread_create(&m_state->thread, &attributes, serve, handed_over.get());
  ::pthread_attr_destroy(&attributes);
  if (error != 0) throw std::system_error(error, std::generic_category(), "no thread for the estimator");
  static_cast<void>(handed_over.release());  // the thread's now
  m_state->started = true;
}

bool CallThread::run(std::function<void()> call, std::optional<std::chrono::duration<double>> limit) {
  if (!m_state->started) start();
  std::unique_lock lock(m_state->mutex);
  if (m_state->abandoned) return false;
  m_state->call = std::move(call);
  m_state->busy = true;
  m_state->changed.notify_all();
  const auto over = [&] { return !m_state->busy || m_state->abandoned; };
  if (!limit)
    m_state->changed.wait(lock, over);
  else if (!m_state->changed.wait_for(lock, *limit, over))
    m_state->abandoned = true;
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
