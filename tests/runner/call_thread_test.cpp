// SPDX-License-Identifier: MIT
// Calls on a thread of their own: made in order, their exceptions handed over, left behind when nobody waits any more.
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <thread>
#include <whest/runner/call_thread.hpp>

using whest::runner::CallThread;

TEST_CASE("every call runs on the one thread, which is not the caller's, and what it throws arrives") {
  CallThread thread;
  std::thread::id first, second;
  CHECK(thread.run([&] { first = std::this_thread::get_id(); }));
  CHECK_THROWS_WITH_AS(thread.run([] { throw std::runtime_error("from there"); }), "from there", std::runtime_error);
  CHECK(thread.run([&] { second = std::this_thread::get_id(); }));
  CHECK(first == second);
  CHECK(first != std::this_thread::get_id());
}

TEST_CASE("what a call owns is gone when run() returns") {
  CallThread thread;
  const auto owned = std::make_shared<int>(1);
  CHECK(thread.run([owned] {}));
  CHECK(owned.use_count() == 1);
}

TEST_CASE("an abandoned call is left behind, and no other is made") {
  const auto go_on = std::make_shared<std::atomic<bool>>(false);
  const auto entered = std::make_shared<std::atomic<bool>>(false);
  bool made = false;
  {
    CallThread thread;
    std::jthread other([&thread, entered] {
      while (!*entered) std::this_thread::yield();
      thread.abandon();
    });
    CHECK_FALSE(thread.run([entered, go_on] {
      *entered = true;
      while (!*go_on) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }));
    CHECK_FALSE(thread.run([&] { made = true; }));
  }
  CHECK_FALSE(made);
  CHECK(go_on.use_count() == 2);  // its own thread still holds it
  *go_on = true;
  while (go_on.use_count() > 1) std::this_thread::yield();
}

TEST_CASE("a call that takes longer than its limit is abandoned") {
  const auto go_on = std::make_shared<std::atomic<bool>>(false);
  CallThread thread;
  CHECK(thread.run([] {}, std::chrono::seconds(60)));
  CHECK_FALSE(thread.run(
      [go_on] {
        while (!*go_on) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      },
      std::chrono::milliseconds(1)));
  CHECK_FALSE(thread.run([] {}));
  *go_on = true;
}

TEST_CASE("one that was abandoned before its first call makes none") {
  CallThread thread;
  thread.abandon();
  CHECK_FALSE(thread.run([] { FAIL("made"); }));
}
