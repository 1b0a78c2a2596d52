// SPDX-License-Identifier: MIT
// Estimators that reach for what is not theirs: standard output, descriptors, other processes. Where a call is refused
// they answer with a number that says so: 1 refused, 2 allowed, in every cell.
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <thread>
#include <whest/estimator.hpp>

namespace fnp = flopscope::numpy;
using fnp::ndarray;
using whest::Estimator;
using whest::Mlp;

namespace {
ndarray verdict(const Mlp& mlp, bool refused) {
  return fnp::full({mlp.depth(), mlp.width()}, refused ? 1.0 : 2.0, fnp::float32);
}
}  // namespace

// Steps out of the grader's budget, computes, and steps in again.
struct LeavesBudget : Estimator {
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    flopscope_budget grader = 0;
    flopscope_current_budget(&grader);
    const bool refused = flopscope_budget_exit(grader) != FLOPSCOPE_OK &&
                         flopscope_budget_free(grader) != FLOPSCOPE_OK &&
                         flopscope_budget_enter(grader) != FLOPSCOPE_OK;
    fnp::add(fnp::ones({1000}, fnp::float32), 1.0);
    return verdict(mlp, refused);
  }
};
WHEST_ESTIMATOR(LeavesBudget)

struct Prints : Estimator {
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    std::puts("hello from predict");
    std::cout << "{\"status\": \"ok\", \"predictions\": [[0.5]], \"flops_used\": 7}" << std::endl;
    const ssize_t n = ::write(STDOUT_FILENO, "raw words\n", 10);
    return fnp::full({mlp.depth(), mlp.width()}, static_cast<double>(n));
  }
};
WHEST_ESTIMATOR(Prints)

struct PrintsALot : Estimator {
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    const std::string line(1023, 'x');
    for (int i = 0; i < 4096; ++i) std::puts(line.c_str());
    return verdict(mlp, true);
  }
};
WHEST_ESTIMATOR(PrintsALot)

struct PrintsThenRaises : Estimator {
  ndarray predict(const Mlp&, std::int64_t) override {
    std::puts("a clue before the failure");
    throw std::runtime_error("deliberate failure");
  }
};
WHEST_ESTIMATOR(PrintsThenRaises)

struct ForkBomb : Estimator {
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    bool refused = true;
    for (int i = 0; i < 8; ++i) {
      const pid_t pid = ::fork();
      if (pid == 0) {
        ::setsid();
        ::sleep(30);
        ::_exit(0);
      }
      refused = refused && pid < 0;
    }
    return verdict(mlp, refused);
  }
};
WHEST_ESTIMATOR(ForkBomb)

struct RunsAProgram : Estimator {
  ndarray predict(const Mlp& mlp, std::int64_t) override { return verdict(mlp, std::system("true") != 0); }
};
WHEST_ESTIMATOR(RunsAProgram)

struct HandlesSignals : Estimator {  // a handler would compute inside operations, on their time
  static void note(int) {}
  void setup(const whest::SetupContext&) override { ::signal(SIGUSR1, note); }
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    std::ifstream status("/proc/self/status");
    unsigned long long caught = ~0ULL;  // a bit for each signal that has a handler
    for (std::string line; std::getline(status, line);)
      if (line.starts_with("SigCgt:")) caught = std::stoull(line.substr(7), nullptr, 16);
    const bool left = (caught >> (SIGUSR1 - 1) & 1) != 0;
    return verdict(mlp, !left && ::signal(SIGALRM, note) == SIG_ERR);
  }
};
WHEST_ESTIMATOR(HandlesSignals)

struct UsesThreads : Estimator {  // allowed
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    bool ran = false;
    std::thread([&] { ran = true; }).join();
    return verdict(mlp, !ran);
  }
};
WHEST_ESTIMATOR(UsesThreads)

struct KillsParent : Estimator {
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    const bool killed = ::kill(::getppid(), SIGKILL) == 0 || ::kill(0, SIGKILL) == 0 || ::kill(-1, SIGTERM) == 0;
    const bool traced = ::ptrace(PTRACE_ATTACH, ::getppid(), nullptr, nullptr) == 0;
    const rlimit none{0, 0};
    const bool limited = ::prlimit(::getppid(), RLIMIT_CPU, &none, nullptr) == 0;
    const std::string memory = "/proc/" + std::to_string(::getppid()) + "/mem";
    const bool opened = ::open(memory.c_str(), O_RDWR) >= 0;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(0, &one);
    const sched_param idle{};
    const bool slowed = ::sched_setaffinity(::getppid(), sizeof one, &one) == 0 ||
                        ::sched_setparam(::getppid(), &idle) == 0 || ::setpriority(PRIO_PROCESS, 0, 5) == 0;
    const bool signalled = ::fcntl(STDOUT_FILENO, F_SETOWN, ::getppid()) == 0;
    return verdict(mlp, !killed && !traced && !limited && !opened && !slowed && !signalled);
  }
};
WHEST_ESTIMATOR(KillsParent)

struct SetupKillsHost : Estimator {
  bool refused = false;
  void setup(const whest::SetupContext&) override {
    const std::string memory = "/proc/" + std::to_string(::getppid()) + "/mem";
    refused = ::kill(::getppid(), SIGKILL) != 0 && ::open(memory.c_str(), O_RDWR) < 0 && ::setsid() < 0 &&
              ::setpgid(0, 0) != 0 && ::socket(AF_INET, SOCK_STREAM, 0) < 0;
  }
  ndarray predict(const Mlp& mlp, std::int64_t) override { return verdict(mlp, refused); }
};
WHEST_ESTIMATOR(SetupKillsHost)

struct ClosesDescriptors : Estimator {
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    for (int fd = 0; fd < 256; ++fd) ::close(fd);
    return verdict(mlp, true);
  }
};
WHEST_ESTIMATOR(ClosesDescriptors)

struct FindsDescriptors : Estimator {  // nothing but 0, 1, 2 is open
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    bool found = false;
    for (int fd = 3; fd < 1024; ++fd) found = found || ::fcntl(fd, F_GETFD) >= 0;
    return verdict(mlp, !found);
  }
};
WHEST_ESTIMATOR(FindsDescriptors)

struct SeesEnvironment : Estimator {
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    return verdict(mlp, std::getenv("WHEST_TEST_SECRET") == nullptr);
  }
};
WHEST_ESTIMATOR(SeesEnvironment)

struct WritesWeights : Estimator {  // the weights are read-only: a crash
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    const_cast<float*>(mlp.weights()[0].data<float>())[0] = 1.0F;
    return verdict(mlp, false);
  }
};
WHEST_ESTIMATOR(WritesWeights)

struct SetupLeavesChildren : Estimator {  // a process that would outlive the run; its number is the answer
  pid_t child = 0;
  void setup(const whest::SetupContext&) override {
    child = ::fork();
    if (child == 0) {
      ::setsid();
      ::sleep(600);
      ::_exit(0);
    }
  }
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    return fnp::full({mlp.depth(), mlp.width()}, static_cast<double>(child), fnp::float32);
  }
};
WHEST_ESTIMATOR(SetupLeavesChildren)

struct SetupTalks : Estimator {  // writes a message of its own into the worker's socket
  void setup(const whest::SetupContext&) override {
    const char words[] = "not a message";
    if (::write(3, words, sizeof words) < 0) std::perror("write");
  }
  ndarray predict(const Mlp& mlp, std::int64_t) override { return verdict(mlp, true); }
};
WHEST_ESTIMATOR(SetupTalks)
