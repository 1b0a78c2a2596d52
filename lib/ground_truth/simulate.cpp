// SPDX-License-Identifier: MIT
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <whest/base/clock.hpp>
#include <whest/base/pairwise.hpp>
#include <whest/ground_truth/chunk.hpp>
#include <whest/ground_truth/inputs.hpp>
#include <whest/ground_truth/simulate.hpp>
#include <whest/ground_truth/totals.hpp>

namespace whest::ground_truth {

namespace {

int available_threads() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

struct Plan {
  std::int64_t n_samples = 0;
  std::int64_t chunk_rows = 0;
  std::int64_t n_chunks = 0;
  std::int64_t n_blocks = 0;
  int threads = 1;
  Isa isa = Isa::scalar;
};

base::Expected<Plan> make_plan(const network::Mlp& mlp, const Options& options) {
  if (mlp.width < 1 || mlp.depth < 1) return base::usage_error("a network needs a positive width and depth.");
  if (options.n_samples < 1) return base::usage_error("the number of ground-truth samples must be positive.");
  if (options.threads < 0) return base::usage_error("the number of threads must not be negative.");
  Plan plan;
  if (options.isa) {
    if (!isa_available(*options.isa)) {
      return base::usage_error("this machine does not have the instruction set '" +
                               std::string(isa_name(*options.isa)) + "'.");
    }
    plan.isa = *options.isa;
  } else {
    const auto isa = resolve_isa();
    if (!isa) return std::unexpected(isa.error());
    plan.isa = *isa;
  }
  const std::int64_t block = block_rows(options.sampler, mlp.width);
  plan.n_blocks = (options.n_samples + block - 1) / block;
  plan.n_samples = plan.n_blocks * block;
  plan.chunk_rows = chunk_rows(options.sampler, mlp.width);
  plan.n_chunks = (plan.n_samples + plan.chunk_rows - 1) / plan.chunk_rows;
  const int threads = options.threads == 0 ? available_threads() : options.threads;
  plan.threads = static_cast<int>(std::min<std::int64_t>(threads, plan.n_chunks));
  return plan;
}

// The totals of a run: exact for every sampler but the peers', whose running doubles are part of its bits.
class Totals {
 public:
  Totals(Sampler sampler, std::size_t cells)
      : m_exact(cells), m_ordered(cells), m_is_exact(sampler != Sampler::numpy) {}

  bool add(std::int64_t chunk, const std::vector<double>& cells) {
    if (m_is_exact) return m_exact.add(cells);
    m_ordered.add(chunk, cells);
    return true;
  }
  double value(std::size_t cell) const { return m_is_exact ? m_exact.value(cell) : m_ordered.value(cell); }

 private:
  ExactTotals m_exact;
  OrderedTotals m_ordered;
  bool m_is_exact;
};

// What the worker threads and the waiting caller share.
struct Shared {
  explicit Shared(Sampler sampler, std::size_t cells) : totals(sampler, cells) {}

  std::atomic<std::int64_t> next_chunk = 0;
  std::atomic<bool> stop = false;

  std::mutex mutex;  // guards what follows
  std::condition_variable changed;
  Totals totals;
  std::int64_t samples_done = 0;
  int threads_running = 0;
  bool not_finite = false;
  std::exception_ptr failure;
  double sampling_s = 0;
  double layers_s = 0;
};

void run_chunks(const Plan& plan, ChunkRunner& runner, Shared& shared) {
  for (;;) {
    // A chunk once taken is always run: another thread may wait for its turn behind it (the peers' stream).
    if (shared.stop) return;
    const std::int64_t chunk = shared.next_chunk++;
    if (chunk >= plan.n_chunks) return;
    const std::int64_t rows = std::min(plan.chunk_rows, plan.n_samples - chunk * plan.chunk_rows);
    const auto& cells = runner.run(chunk, rows);
    const std::scoped_lock lock(shared.mutex);
    if (!shared.totals.add(chunk, cells)) {
      shared.not_finite = true;
      shared.stop = true;
    }
    shared.samples_done += rows;
    shared.changed.notify_all();
  }
}

void work(const Plan& plan, const PackedNetwork& packed, const InputSource& source, Sampler sampler, Shared& shared) {
  try {
    ChunkRunner runner(packed, source, sampler);
    run_chunks(plan, runner, shared);
    const std::scoped_lock lock(shared.mutex);
    shared.sampling_s += runner.sampling_s();
    shared.layers_s += runner.layers_s();
  } catch (...) {
    const std::scoped_lock lock(shared.mutex);
    shared.failure = std::current_exception();
    shared.stop = true;
  }
  const std::scoped_lock lock(shared.mutex);
  --shared.threads_running;
  shared.changed.notify_all();
}

// Fewer threads than planned will do when the system gives no more; none is a failure.
template <class Work>
void start_workers(const Plan& plan, Shared& shared, std::vector<std::jthread>& threads, const Work& work_on) {
  for (int i = 0; i < plan.threads; ++i) {
    try {
      threads.emplace_back(work_on);
    } catch (const std::system_error&) {
      const std::scoped_lock lock(shared.mutex);
      shared.threads_running -= plan.threads - i;
      if (i == 0) shared.failure = std::current_exception();
      return;
    }
  }
}

Progress progress_of(const Plan& plan, std::int64_t samples_done, double elapsed_s) {
  Progress progress{samples_done, plan.n_samples, elapsed_s, 0, 0};
  if (samples_done > 0 && elapsed_s > 0) {
    progress.samples_per_s = static_cast<double>(samples_done) / elapsed_s;
    progress.remaining_s = static_cast<double>(plan.n_samples - samples_done) / progress.samples_per_s;
  }
  return progress;
}

// Waits on the caller's thread; true when the run was cancelled.
bool wait_for_workers(const Plan& plan, Shared& shared, const ProgressCallback& progress,
                      const CancelCallback& cancel) {
  const auto& clock = base::system_clock();
  const double start = clock.monotonic_s();
  bool cancelled = false;
  double shown = start;
  std::unique_lock lock(shared.mutex);
  while (shared.threads_running > 0) {
    shared.changed.wait_for(lock, std::chrono::milliseconds(100));
    const std::int64_t done = shared.samples_done;
    const bool running = shared.threads_running > 0;
    lock.unlock();
    if (!cancelled && running && cancel && cancel()) {
      cancelled = true;
      shared.stop = true;
    }
    const double now = clock.monotonic_s();
    if (progress && (now - shown >= 0.1 || !running)) {
      shown = now;
      progress(progress_of(plan, done, now - start));
    }
    lock.lock();
  }
  return cancelled;
}

GroundTruth make_result(const network::Mlp& mlp, const Options& options, const Plan& plan, const Totals& totals,
                        double square_scale) {
  const Cells cells{mlp.width, mlp.depth};
  const auto n = static_cast<double>(plan.n_samples);
  const auto blocks = static_cast<double>(plan.n_blocks);
  GroundTruth truth;
  truth.n_samples = plan.n_samples;
  truth.sampler = options.sampler;
  truth.isa = plan.isa;
  truth.precision = options.precision;
  truth.threads = plan.threads;
  for (std::int64_t layer = 0; layer < mlp.depth; ++layer) {
    for (std::int64_t column = 0; column < mlp.width; ++column) {
      const double sum = totals.value(cells.sum(layer, column));
      truth.layer_means.push_back(static_cast<float>(sum / n));
      // Blocks are independent: var(mean) = var(block sum) / (blocks * rows^2).
      const double spread = totals.value(cells.block_square(layer, column)) - sum * (sum / blocks);
      const double variance = plan.n_blocks > 1 ? std::max(0.0, spread) / (blocks - 1) : 0.0;
      truth.layer_standard_errors.push_back(std::sqrt(variance * blocks) / n);
    }
  }
  const std::size_t last = cells.sum(mlp.depth - 1, 0);
  for (std::int64_t column = 0; column < mlp.width; ++column) {
    const auto mean = static_cast<double>(truth.layer_means[last + static_cast<std::size_t>(column)]);
    truth.final_variances.push_back(totals.value(cells.final_square(column)) / n * square_scale - mean * mean);
  }
  truth.avg_variance = base::pairwise_mean<double>(truth.final_variances);
  return truth;
}

}  // namespace

base::Expected<GroundTruth> simulate(const network::Mlp& mlp, const random::SeedSequence& samples,
                                     const Options& options, const ProgressCallback& progress,
                                     const CancelCallback& cancel) {
  const double start = base::system_clock().monotonic_s();
  const auto plan = make_plan(mlp, options);
  if (!plan) return std::unexpected(plan.error());
  const KernelTable& kernels = kernel_table(plan->isa);
  const auto source = make_input_source(options.sampler, mlp, samples, kernels);
  if (!source) return std::unexpected(source.error());
  const PackedNetwork packed(mlp, kernels);

  Shared shared(options.sampler, Cells{mlp.width, mlp.depth}.count());
  shared.threads_running = plan->threads;
  bool cancelled = false;
  {
    std::vector<std::jthread> threads;
    start_workers(*plan, shared, threads, [&] { work(*plan, packed, **source, options.sampler, shared); });
    cancelled = wait_for_workers(*plan, shared, progress, cancel);
  }
  if (shared.failure) {
    try {
      std::rethrow_exception(shared.failure);
    } catch (const std::exception& error) {
      return base::grader_error("the ground truth of '" + mlp.name + "' failed: " + error.what() + ".");
    }
  }
  if (shared.not_finite) {
    return base::usage_error("the activations of network '" + mlp.name + "' leave the range of its sums.");
  }
  if (cancelled && shared.samples_done < plan->n_samples) return base::usage_error("interrupted.");

  GroundTruth truth = make_result(mlp, options, *plan, shared.totals, (*source)->square_scale());
  truth.sampling_s = shared.sampling_s / plan->threads;
  truth.layers_s = shared.layers_s / plan->threads;
  truth.wall_s = base::system_clock().monotonic_s() - start;
  return truth;
}

SamplingBreakdown sampling_breakdown(const GroundTruth& truth, std::int64_t width, std::int64_t depth,
                                     SamplingPrices prices) {
  SamplingBreakdown out = price_sampling(width, depth, truth.n_samples, prices);
  out.wall_time_s = truth.wall_s;
  out.backend_time_s = std::min(truth.wall_s, truth.sampling_s + truth.layers_s);
  out.residual_time_s = out.wall_time_s - out.backend_time_s;
  for (OperationCost& operation : out.operations) {
    if (operation.name == "random.Generator.standard_normal") operation.backend_time_s = truth.sampling_s;
    // product, ReLU and sums are one pass
    if (operation.name == "matmul") operation.backend_time_s = std::max(0.0, out.backend_time_s - truth.sampling_s);
  }
  return out;
}

}  // namespace whest::ground_truth
