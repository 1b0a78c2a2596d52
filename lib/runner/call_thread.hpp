// SPDX-License-Identifier: MIT
// A thread that makes one call after the other for somebody who may stop waiting: code that does not return cannot be
// ended within a process, but it can be left behind.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace whest::runner {

class CallThread {
 public:
  CallThread();
  CallThread(const CallThread&) = delete;
  CallThread& operator=(const CallThread&) = delete;
  // Ends the thread, unless a call was abandoned: then it goes on until the call returns, or the process ends.
  ~CallThread();

  // Makes the call there and waits for its end; what it throws is thrown here. False when abandon() came first, now or
  // earlier, or the time limit, which abandons it: the call may be running still, so that what it uses must not lie in
  // the caller's frame. One caller at a time. std::system_error when there can be no thread.
  bool run(std::function<void()> call, std::optional<std::chrono::duration<double>> limit = {});

  // Whoever waits in run() returns, and nothing runs any more. From any thread.
  void abandon();

 private:
  struct State;
  std::shared_ptr<State> m_state;  // the thread's too, for as long as it runs

  void start();
  static void* serve(void* handed_over);
};

}  // namespace whest::runner
