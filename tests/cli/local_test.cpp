// SPDX-License-Identifier: MIT
// What an estimator in the grader's process can do to it: no exit of its passes for a result, and no end of its
// teardown takes back a result that was shown.
#include <doctest/doctest.h>
#include <sys/resource.h>

#include <nlohmann/json.hpp>

#include "program.hpp"

using nlohmann::ordered_json;
using whest::test::FreshDirectory;
using whest::test::Program;
using whest::test::Result;
using whest::test::Words;

namespace {

const std::string k_estimators = std::string(WHEST_BINARY_DIR) + "/tests/runner/estimators/process.so";

struct Run {
  Result result;
  std::string report;  // of --output
};

Run run(const std::string& class_name, const Words& more = {}) {
  const FreshDirectory directory;
  Words words = {"run",     "--estimator", k_estimators, "--class", class_name, "--runner",   "local",
                 "--width", "8",           "--depth",    "2",       "--n-mlps", "3",          "--n-samples",
                 "100",     "--seed",      "1",          "--json",  "--output", "report.json"};
  words.insert(words.end(), more.begin(), more.end());
  Run run{Program(directory, words).wait(), {}};
  run.report = whest::test::slurp(directory.path() / "report.json");
  return run;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("an exit of any kind inside predict is a failure, with an error object") {
  const Run quick = run("QuickExits");
  CHECK(quick.result.exit_code == 1);
  CHECK(ordered_json::parse(quick.result.out)["error"]["code"] == "WORKER_EOF");
  CHECK(has(quick.result.err, "the estimator ended this process"));
}

TEST_CASE("an exit inside setup fails the submission, with the code that the other runner gives") {
  const Run exits = run("SetupExits");
  CHECK(exits.result.exit_code == 1);
  const ordered_json error = ordered_json::parse(exits.result.out)["error"];
  CHECK(error["stage"] == "setup");
  CHECK(error["code"] == "SETUP_ERROR");
}

TEST_CASE("a report goes where the caller stood, wherever predict went") {
  const Run moved = run("GoesElsewhere");
  CHECK(moved.result.exit_code == 0);
  CHECK(ordered_json::parse(moved.report)["results"]["n_failed_mlps"] == 0);
}

TEST_CASE("an exit handler of the estimator's does not choose the status") {
  const Run handled = run("LeavesAnExitHandler");
  CHECK(handled.result.exit_code == 1);
  CHECK(ordered_json::parse(handled.result.out)["results"]["n_failed_mlps"] == 3);
}

TEST_CASE("standard streams that predict broke are not the report's") {
  const Run broken = run("BreaksStandardStreams");
  CHECK(broken.result.exit_code == 0);
  CHECK(ordered_json::parse(broken.result.out)["results"]["n_failed_mlps"] == 0);
}

TEST_CASE("whatever teardown and what follows it do, the report is there and the status is the run's") {
  for (const char* name : {"TeardownHangs", "TeardownCrashes", "TeardownExits", "ThreadLocalAborts"}) {
    CAPTURE(std::string(name));
    const Run ended = run(name);
    CHECK(ended.result.exit_code == 0);
    CHECK(ordered_json::parse(ended.result.out)["results"]["per_mlp"].size() == 3);
    CHECK(ordered_json::parse(ended.report)["results"]["complete"] == true);
  }
}

TEST_CASE("a child that predict forks ends with its call") {
  // The children share the files of standard output and error: one more result would make the JSON two documents.
  const Run forked = run("Forks");
  CHECK(forked.result.exit_code == 0);
  CHECK(ordered_json::parse(forked.result.out)["results"]["n_failed_mlps"] == 0);
  std::size_t living = 0;
  for (int i = 0; i < 500; ++i) {
    living = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc"))
      if (has(whest::test::slurp(entry.path() / "cmdline"),
              k_estimators + std::string(1, '\0') + "--class" + std::string(1, '\0') + "Forks"))
        ++living;
    if (living == 0) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  CHECK(living == 0);
}

TEST_CASE("predict has the stack that a program's first thread has") {
  CHECK(run("LargeFrame").result.exit_code == 0);
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_STACK, &before) == 0);
  rlimit most = before;
  most.rlim_cur = before.rlim_max;  // none, mostly
  REQUIRE(setrlimit(RLIMIT_STACK, &most) == 0);
  CHECK(run("LargeFrame").result.exit_code == 0);
  setrlimit(RLIMIT_STACK, &before);
}
