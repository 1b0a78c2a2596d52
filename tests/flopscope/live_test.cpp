// SPDX-License-Identifier: MIT
// The live display, seen from the other end of a pseudo-terminal, and through a pipe.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <thread>
#include <whest/flopscope/budget/live.hpp>
#include <whest/flopscope/budget/session.hpp>
#include <whest/flopscope/core/waist.hpp>

using namespace flopscope;

namespace {

// Both ends of a pseudo-terminal or a pipe.
struct Ends {
  int read_fd = -1, write_fd = -1;
  ~Ends() {
    ::close(read_fd);
    ::close(write_fd);
  }
  // All that has been written and not read.
  std::string pending() const {
    std::string text;
    char buffer[4096];
    for (pollfd waiting{read_fd, POLLIN, 0}; ::poll(&waiting, 1, 50) > 0;) {
      const ssize_t n = ::read(read_fd, buffer, sizeof buffer);
      if (n <= 0) break;
      text.append(buffer, static_cast<std::size_t>(n));
    }
    return text;
  }
};

void open_terminal(Ends& ends) {
  ends.read_fd = ::posix_openpt(O_RDWR | O_NOCTTY);
  REQUIRE(ends.read_fd >= 0);
  REQUIRE(::grantpt(ends.read_fd) == 0);
  REQUIRE(::unlockpt(ends.read_fd) == 0);
  ends.write_fd = ::open(::ptsname(ends.read_fd), O_RDWR | O_NOCTTY);
  REQUIRE(ends.write_fd >= 0);
}

void spend(double flops) {
  const ArrayRef a = zeros(DType::float64, {{static_cast<std::int64_t>(flops)}});
  const Value args[] = {*a};
  invoke("negative", args, {});
}

BudgetOptions budget(double flops) {
  return {.flop_budget = flops, .quiet = true, .name_space = "trial", .wall_time_limit_s = {}};
}

}  // namespace

TEST_CASE("on a terminal: painted while FLOPs are spent, wiped at the end, the summary last") {
  Session::instance().reset();
  Ends ends;
  open_terminal(ends);
  {
    const LiveDisplay live(ends.write_fd);
    BudgetContext context(budget(10'000));
    context.enter();
    spend(1500);
    const std::string first = ends.pending();
    CHECK(first.find("0 of 10,000 FLOPs") != std::string::npos);
    CHECK(first.find("trial negative") != std::string::npos);
    std::this_thread::sleep_for(std::chrono::milliseconds(120));
    spend(1000);
    const std::string second = ends.pending();
    CHECK(second.find("\x1b[1A\r\x1b[J") != std::string::npos);  // in place of the one line before
    CHECK(second.find("1,500 of 10,000 FLOPs (15.0%)") != std::string::npos);
    CHECK(second.find("negative                                1,500") != std::string::npos);
    context.exit();
  }
  const std::string last = ends.pending();
  CHECK(last.find("\x1b[2A\r\x1b[J") != std::string::npos);
  CHECK(last.find("2,500") != std::string::npos);
  CHECK(last.find(" of 10,000 FLOPs") == std::string::npos);
}

TEST_CASE("at most ten paintings a second") {
  Ends ends;
  open_terminal(ends);
  const LiveDisplay live(ends.write_fd);
  BudgetContext context(budget(1e9));
  context.enter();
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 300; ++i) spend(10);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  context.exit();
  const std::string text = ends.pending();
  std::ptrdiff_t painted = 0;
  for (std::size_t at = text.find("FLOPs ("); at != std::string::npos; at = text.find("FLOPs (", at + 1)) ++painted;
  CHECK(painted >= 1);
  CHECK(painted <= 1 + static_cast<std::ptrdiff_t>(took.count() / 0.1));
}

TEST_CASE("into a pipe: the summary at the end and nothing else, also when an exception ends it") {
  Session::instance().reset();
  Ends ends;
  int fds[2];
  REQUIRE(::pipe(fds) == 0);
  ends.read_fd = fds[0];
  ends.write_fd = fds[1];
  try {
    const LiveDisplay live(ends.write_fd);
    CHECK(LiveDisplay::current() == &live);
    CHECK_THROWS(LiveDisplay(ends.write_fd));  // one at a time
    BudgetContext context(budget(1000));
    context.enter();
    spend(250);
    CHECK(ends.pending().empty());
    spend(5000);
    FAIL("the budget does not hold that");
  } catch (const BudgetExhaustedError&) {
  }
  CHECK(LiveDisplay::current() == nullptr);
  const std::string text = ends.pending();
  CHECK(text.find("250") != std::string::npos);
  CHECK(text.find('\x1b') == std::string::npos);
}
