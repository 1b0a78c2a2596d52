// SPDX-License-Identifier: MIT
// Estimators that reach for what is not theirs: one for each wall of the sandbox, each run twice.
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <thread>
#include <whest/runner/seccomp.hpp>

#include "support.hpp"

using namespace whest;
using namespace whest::test;
using whest::runner::Outcome;

namespace {

constexpr float k_refused = 1.0F;

// Standard output and error led into a file for the time of a scope.
class Captured {
 public:
  explicit Captured(int fd) : m_fd(fd), m_saved(::dup(fd)), m_file(std::tmpfile()) {
    std::fflush(nullptr);
    ::dup2(::fileno(m_file), m_fd);
  }
  Captured(const Captured&) = delete;
  Captured& operator=(const Captured&) = delete;
  ~Captured() {
    ::close(m_saved);
    std::fclose(m_file);
  }
  std::string end() {
    std::fflush(nullptr);
    ::dup2(m_saved, m_fd);
    std::string text;
    std::fseek(m_file, 0, SEEK_SET);
    for (int c = 0; (c = std::fgetc(m_file)) != EOF;) text += static_cast<char>(c);
    return text;
  }

 private:
  int m_fd;
  int m_saved;
  std::FILE* m_file;
};

bool gone_soon(pid_t pid) {
  for (int i = 0; i < 500; ++i) {
    if (::kill(pid, 0) != 0 && errno == ESRCH) return true;
    std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
    std::string text;
    std::getline(stat, text);
    if (text.find(") Z ") != std::string::npos) return true;  // dead, and waiting for a parent that never asks
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

}  // namespace

TEST_CASE("the kernel filters system calls here") { CHECK(runner::system_call_filter_available()); }

TEST_CASE("each wall refuses, twice, and predict goes on") {
  ::setenv("WHEST_TEST_SECRET", "the truth", 1);
  for (const char* name : {"ForkBomb", "RunsAProgram", "KillsParent", "SetupKillsHost", "ClosesDescriptors",
                           "FindsDescriptors", "SeesEnvironment", "HandlesSignals"}) {
    CAPTURE(std::string(name));
    Running running("subprocess", "hostile", name);
    for (std::uint32_t seed : {1U, 2U}) {
      const auto p = running.predict(seed);
      REQUIRE(p.outcome == Outcome::success);
      CHECK(p.values.front() == k_refused);
    }
  }
  ::unsetenv("WHEST_TEST_SECRET");
}

TEST_CASE("predict cannot step out of its budget, in both runners") {
  for (const char* kind : k_runners) {
    CAPTURE(std::string(kind));
    const auto p = Running(kind, "hostile", "LeavesBudget").predict();
    REQUIRE(p.outcome == Outcome::success);
    CHECK(p.values.front() == k_refused);
    CHECK(p.meter.flops_used >= 1000);
  }
}

TEST_CASE("threads are allowed") {
  Running running("subprocess", "hostile", "UsesThreads");
  CHECK(running.predict().values.at(0) != k_refused);
}

TEST_CASE("the weights are read-only") {
  Running running("subprocess", "hostile", "WritesWeights");
  CHECK(running.predict().outcome == Outcome::worker_eof);
}

TEST_CASE("what predict prints never reaches standard output, in both runners") {
  for (const char* kind : k_runners) {
    CAPTURE(std::string(kind));
    Running running(kind, "hostile", "Prints");
    Captured out(STDOUT_FILENO);
    Captured error(STDERR_FILENO);
    const auto p = running.runner().predict(small_network(2), 0);
    const std::string to_error = error.end(), to_out = out.end();
    CHECK(p.outcome == Outcome::success);
    CHECK(p.values.at(0) == 10.0F);  // predict sees its words written
    CHECK(to_out.empty());
    CHECK((to_error.find("raw words") != std::string::npos) == (kind == std::string("local")));
    std::fputs("", stdout);
  }
}

TEST_CASE("a flood of output stops nothing, and a failure shows what was printed") {
  CHECK(Running("subprocess", "hostile", "PrintsALot").predict().outcome == Outcome::success);
  const auto p = Running("subprocess", "hostile", "PrintsThenRaises").predict();
  CHECK(p.outcome == Outcome::predict_error);
  CHECK(p.failure->message == "deliberate failure");
  CHECK(p.failure->traceback.find("a clue before the failure") != std::string::npos);
}

TEST_CASE("what setup() leaves running ends with the runner") {
  pid_t pid = 0;
  {
    Running running("subprocess", "hostile", "SetupLeavesChildren");
    pid = static_cast<pid_t>(running.predict().values.at(0));  // a process number fits a float's 24 bits
  }
  REQUIRE(pid > 0);
  CHECK(gone_soon(pid));
}

TEST_CASE("a worker that talks out of turn fails its submission, not the grader") {
  const auto running = make_runner("subprocess");
  const auto started = running->start(submission(test_plugin("hostile"), "SetupTalks"), generous());
  REQUIRE(started);
  REQUIRE(*started);
  CHECK((*started)->code == "SETUP_ERROR");
}

TEST_CASE("stop from another thread ends a predict that waits") {
  Running running("subprocess", "limits", "Forever");
  std::thread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    running.runner().stop();
  });
  const auto p = running.runner().predict(small_network(2), 0);
  stopper.join();
  CHECK(p.outcome == Outcome::interrupted);
}
