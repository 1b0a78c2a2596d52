// SPDX-License-Identifier: MIT
// A run that is ended from outside: what was scored is kept, no process is left.
#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <whest/report/json_reader.hpp>
#include <whest/report/verify.hpp>

#include "program.hpp"

using nlohmann::ordered_json;
using whest::test::FreshDirectory;
using whest::test::Program;
using whest::test::Result;

namespace {

void pause_ms(int ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }

struct Process {
  pid_t pid = 0, parent = 0, session = 0;
  char state = 0;
};

std::vector<Process> all_processes() {
  std::vector<Process> list;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    if (entry.path().filename().string().find_first_not_of("0123456789") != std::string::npos) continue;
    const std::string text = whest::test::slurp(entry.path() / "stat");
    const std::size_t behind_name = text.rfind(") ");  // a name may hold anything
    Process process;
    int group = 0;
    if (behind_name == std::string::npos || std::sscanf(text.c_str(), "%d", &process.pid) != 1) continue;
    if (std::sscanf(text.c_str() + behind_name + 2, "%c %d %d %d", &process.state, &process.parent, &group,
                    &process.session) == 4) {
      list.push_back(process);
    }
  }
  return list;
}

// The worker that `program` starts: its child that leads a session. Waits until it is there.
pid_t worker_of(pid_t program) {
  for (int i = 0; i < 3000; ++i, pause_ms(20)) {
    for (const Process& process : all_processes()) {
      if (process.parent == program && process.session == process.pid) return process.pid;
    }
  }
  FAIL("no worker was started");
  return 0;
}

// Processes of that session that have not ended.
std::ptrdiff_t living_in_session(pid_t session) {
  const std::vector<Process> list = all_processes();
  return std::count_if(list.begin(), list.end(),
                       [&](const Process& p) { return p.session == session && p.state != 'Z' && p.state != 'X'; });
}

// They were sent a signal that cannot be held off; the kernel takes a moment to end them.
bool all_gone(pid_t session) {
  for (int i = 0; i < 500 && living_in_session(session) > 0; ++i) pause_ms(20);
  return living_in_session(session) == 0;
}

}  // namespace

TEST_CASE("an interrupt ends the run: workers gone, what was scored in the file") {
  const FreshDirectory directory;
  const std::string limits = std::string(WHEST_BINARY_DIR) + "/tests/runner/estimators/limits.so";
  Program program(directory, {"run",     "--estimator", limits,    "--class", "Residual", "--runner", "subprocess",
                              "--width", "16",          "--depth", "3",       "--n-mlps", "100",      "--n-samples",
                              "100",     "--seed",      "1",       "--json",  "--output", "part.json"});
  const pid_t worker = worker_of(program.pid());
  std::this_thread::sleep_for(std::chrono::milliseconds(2500));  // 0.2 s a network: some are scored, most are not
  CHECK(living_in_session(worker) > 0);
  kill(program.pid(), SIGINT);
  const Result result = program.wait();
  CHECK(result.exit_code == 130);
  CHECK(all_gone(worker));
  CHECK(ordered_json::parse(result.out)["error"]["code"] == "INTERRUPTED");
  const std::string text = whest::test::slurp(directory.path() / "part.json");
  const auto read = whest::report::from_json(text, "part.json");
  REQUIRE_MESSAGE(read.has_value(), text);
  CHECK(whest::report::verify(*read).empty());
  const ordered_json report = ordered_json::parse(text);
  CHECK(report["results"]["complete"] == false);
  CHECK(report["results"]["per_mlp"].size() > 0);
  CHECK(report["results"]["per_mlp"].size() < 100);
}

// Waits until `path` is there and holds something.
std::string once_written(const std::filesystem::path& path) {
  for (int i = 0; i < 3000 && whest::test::slurp(path).empty(); ++i) pause_ms(20);
  return whest::test::slurp(path);
}

// The same for a file in the scratch folder of an estimator, which is made below `parent`.
std::string once_written_in_scratch(const std::filesystem::path& parent, const std::string& name) {
  for (int i = 0; i < 3000; ++i, pause_ms(20)) {
    for (const auto& entry : std::filesystem::directory_iterator(parent)) {
      const bool scratch = entry.path().filename().string().starts_with("whest-scratch-");
      if (const std::string text = whest::test::slurp(entry.path() / name); scratch && !text.empty()) return text;
    }
  }
  return {};
}

TEST_CASE("in local an interrupt leaves the predict that runs behind; what was scored is in the file") {
  const FreshDirectory directory;
  const std::string source = directory.write("third.cpp", R"(#include <whest/estimator.hpp>
#include <cstdio>
namespace fnp = flopscope::numpy;
struct HangsAtTheThird : whest::Estimator {
  int seen = 0;
  fnp::ndarray predict(const whest::Mlp& mlp, std::int64_t) override {
    if (++seen == 3) {
      if (std::FILE* file = std::fopen("hanging", "w")) {
        std::fputs("now", file);
        std::fclose(file);
      }
      for (volatile bool go = true; go;) {
      }
    }
    return fnp::zeros({mlp.depth(), mlp.width()});
  }
};
WHEST_ESTIMATOR(HangsAtTheThird)
)");
  Program program(directory,
                  {"run", "--estimator", source, "--runner", "local", "--width", "16", "--depth", "3", "--n-mlps", "10",
                   "--n-samples", "100", "--seed", "1", "--json", "--output", "part.json"});
  CHECK(once_written(directory.path() / "hanging") == "now");
  kill(program.pid(), SIGINT);
  const Result result = program.wait();
  CHECK(result.exit_code == 130);
  CHECK(ordered_json::parse(result.out)["error"]["code"] == "INTERRUPTED");
  const std::string text = whest::test::slurp(directory.path() / "part.json");
  const auto read = whest::report::from_json(text, "part.json");
  REQUIRE_MESSAGE(read.has_value(), text);
  CHECK(whest::report::verify(*read).empty());
  CHECK(ordered_json::parse(text)["results"]["complete"] == false);
  CHECK(ordered_json::parse(text)["results"]["per_mlp"].size() == 2);
}

TEST_CASE("an interrupt ends a run while setup() hangs, in either runner") {
  for (const char* runner : {"local", "subprocess"}) {
    CAPTURE(std::string(runner));
    const FreshDirectory directory;
    const std::string source = directory.write("hangs.cpp", R"(#include <whest/estimator.hpp>
#include <cstdio>
struct Hangs : whest::Estimator {
  void setup(const whest::SetupContext& context) override {
    std::fputs("in setup\n", stderr);
    if (std::FILE* file = std::fopen((context.scratch_dir + "/hanging").c_str(), "w")) {
      std::fputs("now", file);
      std::fclose(file);
    }
    for (volatile bool go = true; go;) {
    }
  }
  flopscope::numpy::ndarray predict(const whest::Mlp&, std::int64_t) override { return {}; }
};
WHEST_ESTIMATOR(Hangs)
)");
    Program program(directory, {"run", "--estimator", source, "--runner", runner, "--seed", "1", "--json"},
                    {{"TMPDIR", directory.path().string()}});
    CHECK(once_written_in_scratch(directory.path(), "hanging") == "now");
    kill(program.pid(), SIGINT);
    const Result result = program.wait();
    CHECK(result.exit_code == 130);
    CHECK(ordered_json::parse(result.out)["error"]["code"] == "INTERRUPTED");
  }
}

TEST_CASE("an interrupt ends the compiler of an estimator and all that it started") {
  const FreshDirectory directory;
  const std::string compiler = directory.write("compiler", "#!/bin/sh\nsleep 1000 &\necho $! > child\nwait\n");
  std::filesystem::permissions(compiler, std::filesystem::perms::owner_all);
  const std::string source = directory.write("any.cpp", "int x;\n");
  Program program(directory, {"run", "--estimator", source, "--seed", "1", "--json"}, {{"WHEST_CXX", compiler}});
  const pid_t child = std::stoi(once_written(directory.path() / "child"));
  kill(program.pid(), SIGINT);
  const Result result = program.wait();
  CHECK(result.exit_code == 130);
  CHECK(ordered_json::parse(result.out)["error"]["code"] == "INTERRUPTED");
  const auto lives = [&] {
    const std::vector<Process> list = all_processes();
    return std::ranges::any_of(list, [&](const Process& p) { return p.pid == child && p.state != 'Z'; });
  };
  for (int i = 0; i < 500 && lives(); ++i) pause_ms(20);
  CHECK_FALSE(lives());
}

namespace {

// A run whose report is out, and whose worker hangs in teardown().
struct HangingTeardown {
  FreshDirectory directory;
  Program program;
  pid_t worker = 0;

  HangingTeardown()
      : program(directory, {"run", "--estimator", std::string(WHEST_BINARY_DIR) + "/tests/runner/estimators/process.so",
                            "--class", "TeardownHangs", "--runner", "subprocess", "--width", "16", "--depth", "3",
                            "--n-mlps", "1", "--n-samples", "100", "--seed", "1", "--json"}),
        worker(worker_of(program.pid())) {
    REQUIRE_FALSE(once_written(directory.path() / ".stdout").empty());
  }
};

}  // namespace

TEST_CASE("an interrupt while teardown() hangs leaves the report and no worker") {
  HangingTeardown run;
  kill(run.program.pid(), SIGINT);
  const Result result = run.program.wait();
  CHECK(result.exit_code == 0);
  CHECK(ordered_json::parse(result.out)["results"]["complete"] == true);
  CHECK(all_gone(run.worker));
}

TEST_CASE("a grader that is killed while teardown() hangs leaves no worker") {
  HangingTeardown run;
  kill(run.program.pid(), SIGKILL);
  CHECK(run.program.wait().exit_code == 128 + SIGKILL);
  CHECK(all_gone(run.worker));
}

TEST_CASE("a grader that is killed leaves no process behind, whatever predict is doing") {
  const FreshDirectory directory;
  const std::string limits = std::string(WHEST_BINARY_DIR) + "/tests/runner/estimators/limits.so";
  Program program(directory, {"run", "--estimator", limits, "--class", "Forever", "--runner", "subprocess", "--width",
                              "16", "--depth", "3", "--n-samples", "100", "--seed", "1"});
  const pid_t worker = worker_of(program.pid());
  for (int i = 0; i < 500 && living_in_session(worker) < 2; ++i) pause_ms(20);  // the worker and its child
  CHECK(living_in_session(worker) == 2);
  kill(program.pid(), SIGKILL);
  program.wait();
  CHECK(all_gone(worker));
}
