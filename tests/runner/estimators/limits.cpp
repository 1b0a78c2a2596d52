// SPDX-License-Identifier: MIT
// Estimators that run into a limit: FLOPs, wall time, residual time, setup time.
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>
#include <whest/estimator.hpp>

namespace fnp = flopscope::numpy;
using fnp::ndarray;
using whest::Estimator;
using whest::Mlp;

namespace {
void sleep_ms(int ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }

// Raw work that no meter sees: this much of the thread's own processor time, however long that takes.
void work_ms(int ms) {
  timespec now{};
  do ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  while (now.tv_sec == 0 && now.tv_nsec < ms * 1'000'000L);
}
}  // namespace

struct Budget : Estimator {  // until the budget is gone
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    auto x = fnp::ones({mlp.depth(), mlp.width()});
    for (;;) x = fnp::add(x, 1.0);
  }
};
WHEST_ESTIMATOR(Budget)

struct BudgetCaught : Estimator {  // answers with what it has: a valid run
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    auto x = fnp::zeros({mlp.depth(), mlp.width()});
    try {
      for (;;) x = fnp::add(x, 0.25);
    } catch (const flopscope::BudgetExhaustedError&) {
    }
    return x;
  }
};
WHEST_ESTIMATOR(BudgetCaught)

struct BudgetFirstOp : Estimator {  // the first operation is dearer than a small budget
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    return fnp::matmul(mlp.weights()[0], mlp.weights()[0])[fnp::slice(mlp.depth())];
  }
};
WHEST_ESTIMATOR(BudgetFirstOp)

struct LinearAlgebra : Estimator {  // what the library's kernels need beside the arrays is not the participant's
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    const auto product = fnp::matmul(mlp.weights()[0], mlp.weights()[1]);
    const auto solved = fnp::linalg::inv(fnp::add(product, fnp::multiply(fnp::eye(mlp.width()), 100.0)));
    return fnp::add(fnp::zeros({mlp.depth(), mlp.width()}), solved[0]);
  }
};
WHEST_ESTIMATOR(LinearAlgebra)

struct WallBetween : Estimator {  // past the limit in between, then an operation, which is refused
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    const auto x = fnp::add(fnp::ones({mlp.depth(), mlp.width()}), 1.0);
    sleep_ms(300);
    return fnp::add(x, 1.0);
  }
};
WHEST_ESTIMATOR(WallBetween)

struct WallEnd : Estimator {  // past the limit behind its last operation: only the check after predict can see it
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    auto x = fnp::zeros({mlp.depth(), mlp.width()});
    sleep_ms(300);
    return x;
  }
};
WHEST_ESTIMATOR(WallEnd)

struct WallLong : Estimator {  // back when nobody waits any more
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    const auto x = fnp::add(fnp::ones({mlp.depth(), mlp.width()}), 1.0);
    sleep_ms(5200);
    return fnp::add(x, 1.0);
  }
};
WHEST_ESTIMATOR(WallLong)

struct Forever : Estimator {  // never returns and never meets the meter again
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    const auto x = fnp::add(fnp::ones({mlp.depth(), mlp.width()}), 1.0);
    for (volatile bool go = true; go;) {
    }
    return {};
  }
};
WHEST_ESTIMATOR(Forever)

struct Residual : Estimator {  // 0.2 s outside the meter
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    sleep_ms(200);
    return fnp::zeros({mlp.depth(), mlp.width()});
  }
};
WHEST_ESTIMATOR(Residual)

struct Threads : Estimator {  // raw work on two threads: more CPU time than wall time
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    std::vector<std::thread> threads;
    for (int i = 0; i < 2; ++i) threads.emplace_back([] { work_ms(100); });
    for (std::thread& t : threads) t.join();
    return fnp::zeros({mlp.depth(), mlp.width()});
  }
};
WHEST_ESTIMATOR(Threads)

struct WorksBehindOperations : Estimator {  // 0.3 s of CPU on another thread, while this one calls operations
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    std::atomic<bool> done{false};
    std::thread worker([&] {
      work_ms(300);
      done = true;
    });
    const ndarray x = fnp::ones({300, 300});
    while (!done) fnp::exp(x);
    worker.join();
    return fnp::zeros({mlp.depth(), mlp.width()});
  }
};
WHEST_ESTIMATOR(WorksBehindOperations)

struct SetupSlow : Estimator {
  void setup(const whest::SetupContext&) override { sleep_ms(400); }
  ndarray predict(const Mlp& mlp, std::int64_t) override { return fnp::zeros({mlp.depth(), mlp.width()}); }
};
WHEST_ESTIMATOR(SetupSlow)

struct SetupHangs : Estimator {
  void setup(const whest::SetupContext&) override {
    for (volatile bool go = true; go;) {
    }
  }
  ndarray predict(const Mlp&, std::int64_t) override { return {}; }
};
WHEST_ESTIMATOR(SetupHangs)

// setup() leaves a thread that works for predict, in another process than predict's.
struct SetupThread : Estimator {
  void setup(const whest::SetupContext&) override {
    std::thread([] { work_ms(900); }).detach();
  }
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    sleep_ms(300);
    return fnp::zeros({mlp.depth(), mlp.width()});
  }
};
WHEST_ESTIMATOR(SetupThread)

// setup() leaves a thread that starts processes, which work for predict.
struct SetupThreadHelpers : Estimator {
  void setup(const whest::SetupContext&) override {
    std::thread([] {
      for (int i = 0; i < 50; ++i) {
        const pid_t pid = ::fork();
        if (pid == 0) {
          work_ms(20);
          ::_exit(0);
        }
        ::waitpid(pid, nullptr, 0);
      }
    }).detach();
  }
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    sleep_ms(400);
    return fnp::zeros({mlp.depth(), mlp.width()});
  }
};
WHEST_ESTIMATOR(SetupThreadHelpers)

// setup() leaves a process that works for predict.
struct SetupHelper : Estimator {
  void setup(const whest::SetupContext& context) override {
    const pid_t pid = ::fork();
    if (pid == 0) {
      for (volatile bool go = true; go;) {
      }
    }
    std::FILE* file = std::fopen((context.scratch_dir + "/helper.pid").c_str(), "w");
    if (file == nullptr) return;
    std::fprintf(file, "%d", static_cast<int>(pid));
    std::fclose(file);
    m_scratch = context.scratch_dir;
  }
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    std::FILE* file = std::fopen((m_scratch + "/helper.pid").c_str(), "r");
    int pid = 0;
    const bool read = file != nullptr && std::fscanf(file, "%d", &pid) == 1;
    if (file != nullptr) std::fclose(file);
    if (!read) throw std::runtime_error("no note of the helper");
    if (::getpgid(pid) >= 0) throw std::runtime_error("the helper lives");
    return fnp::zeros({mlp.depth(), mlp.width()});
  }
  std::string m_scratch;
};
WHEST_ESTIMATOR(SetupHelper)

// The template ends between two networks.
struct SetupBomb : Estimator {
  void setup(const whest::SetupContext&) override {
    std::thread([] {
      sleep_ms(600);
      ::_exit(9);
    }).detach();
  }
  ndarray predict(const Mlp& mlp, std::int64_t) override { return fnp::zeros({mlp.depth(), mlp.width()}); }
};
WHEST_ESTIMATOR(SetupBomb)
