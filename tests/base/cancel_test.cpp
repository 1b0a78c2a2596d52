// SPDX-License-Identifier: MIT
// A request to stop reaches who waits for it, from a signal handler too.
#include <doctest/doctest.h>

#include <cerrno>
#include <csignal>
#include <future>
#include <whest/base/cancel.hpp>

using whest::base::CancelToken;
using whest::base::when_requested;

namespace {
CancelToken* s_token = nullptr;
}

TEST_CASE("a request from a signal handler wakes every waiter, and leaves errno alone") {
  CancelToken token;
  s_token = &token;
  std::promise<void> first, second;
  const std::jthread one = when_requested(token, [&] { first.set_value(); });
  const std::jthread two = when_requested(token, [&] { second.set_value(); });
  const auto before = std::signal(SIGUSR1, [](int) { s_token->request(); });
  errno = 42;
  std::raise(SIGUSR1);
  CHECK(errno == 42);
  first.get_future().get();
  second.get_future().get();
  token.request();  // again changes nothing
  CHECK(token.requested());
  std::signal(SIGUSR1, before);
}

TEST_CASE("a request made before anybody waits counts; one never made calls nobody") {
  CancelToken early;
  early.request();
  bool called = false;
  when_requested(early, [&] { called = true; }).join();
  CHECK(called);
  const CancelToken never;
  bool missed = true;
  {
    const std::jthread waiter = when_requested(never, [&] { missed = false; });
  }
  CHECK(missed);
}
