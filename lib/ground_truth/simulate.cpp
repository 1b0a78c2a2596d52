// SPDX-License-Identifier: MIT
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <exception>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <whest/base/clock.hpp>
#include <whest/base/pairwise.hpp>
#include <whest/ground_truth/checkpoint.hpp>
#include <whest/ground_truth/chunk.hpp>
#include <whest/ground_truth/inputs.hpp>
#include <whest/ground_truth/plan.hpp>
#include <whest/ground_truth/run_totals.hpp>
#include <whest/ground_truth/simulate.hpp>

namespace whest::ground_truth {

namespace {

// Variance of the mean over blocks: they are independent and alike, so var(block sum) / (blocks rows^2).
double standard_error(double sum, double block_squares, std::int64_t n_blocks, std::int64_t n_samples) {
  if (n_blocks < 2) return 0;
  const auto blocks = static_cast<double>(n_blocks);
  const double spread = std::max(0.0, block_squares - sum * (sum / blocks));
  return std::sqrt(spread / (blocks - 1) * blocks) / static_cast<double>(n_samples);
}

// One simulation: the calling thread waits, reports and decides; worker threads take chunks from a counter.
class Simulation {
 public:
  Simulation(const network::Mlp& mlp, const random::SeedSequence& samples, const Options& options, const Plan& plan)
      : m_mlp(mlp),
        m_options(options),
        m_plan(plan),
        m_cells{mlp.width, mlp.depth},
        m_identity(options.checkpoint_path.empty() ? "" : simulation_identity(mlp, samples, options, plan)),
        m_samples(samples),
        m_packed(mlp, kernel_table(plan.isa, options.precision)),
        m_totals(plan, m_cells) {}

  base::Expected<GroundTruth> run(const ProgressCallback& progress, const CancelCallback& cancel);

 private:
  base::Expected<void> resume();
  base::Expected<void> run_round(std::int64_t end, const ProgressCallback& progress, const CancelCallback& cancel);
  void start_workers(std::vector<std::jthread>& threads);
  void work();
  void run_chunks(ChunkRunner& runner);
  bool wait_for_workers(const ProgressCallback& progress, const CancelCallback& cancel);
  void save_checkpoint();
  Progress progress_now(std::int64_t samples_done) const;
  double final_error() const;
  GroundTruth result() const;

  const network::Mlp& m_mlp;
  const Options& m_options;
  const Plan m_plan;
  const Cells m_cells;
  const std::string m_identity;
  const random::SeedSequence& m_samples;
  const PackedNetwork m_packed;
  std::unique_ptr<InputSource> m_source;
  const double m_start_s = base::system_clock().monotonic_s();
  std::atomic<std::int64_t> m_round_end = 0;  // chunks
  std::int64_t m_resumed_samples = 0;

  std::atomic<std::int64_t> m_next_chunk = 0;
  std::atomic<bool> m_stop = false;

  std::mutex m_mutex;  // guards what follows
  std::condition_variable m_changed;
  RunTotals m_totals;
  std::int64_t m_samples_done = 0;
  int m_threads_running = 0;
  bool m_out_of_range = false;
  std::exception_ptr m_failure;
  double m_sampling_s = 0;
  double m_layers_s = 0;
};

// --- worker threads

void Simulation::run_chunks(ChunkRunner& runner) {
  while (!m_stop) {
    // A chunk once taken is always run: another thread may wait for its turn behind it (the peers' stream).
    const std::int64_t chunk = m_next_chunk++;
    if (chunk >= m_round_end) return;
    {
      const std::scoped_lock lock(m_mutex);
      if (m_totals.has(chunk)) continue;  // from a checkpoint
    }
    const std::int64_t rows = m_plan.rows_of(chunk);
    const auto& cells = runner.run(chunk, rows);
    const std::scoped_lock lock(m_mutex);
    if (!m_totals.add(chunk, cells)) {
      m_out_of_range = true;
      m_stop = true;
    }
    m_samples_done += rows;
    m_changed.notify_all();
  }
}

void Simulation::work() {
  try {
    ChunkRunner runner(m_packed, *m_source, m_options.sampler);
    run_chunks(runner);
    const std::scoped_lock lock(m_mutex);
    m_sampling_s += runner.sampling_s();
    m_layers_s += runner.layers_s();
  } catch (...) {
    const std::scoped_lock lock(m_mutex);
    m_failure = std::current_exception();
    m_stop = true;
  }
  const std::scoped_lock lock(m_mutex);
  --m_threads_running;
  m_changed.notify_all();
}

// --- the calling thread

// Fewer threads than planned will do when the system gives no more; none is a failure.
void Simulation::start_workers(std::vector<std::jthread>& threads) {
  m_threads_running = m_plan.threads;
  for (int i = 0; i < m_plan.threads; ++i) {
    try {
      threads.emplace_back([this] { work(); });
    } catch (const std::system_error&) {
      const std::scoped_lock lock(m_mutex);
      m_threads_running -= m_plan.threads - i;
      if (i == 0) m_failure = std::current_exception();
      return;
    }
  }
}

Progress Simulation::progress_now(std::int64_t samples_done) const {
  Progress now;
  now.samples_done = samples_done;
  now.samples_total = m_plan.samples_before(m_round_end);
  now.elapsed_s = base::system_clock().monotonic_s() - m_start_s;
  const std::int64_t here = samples_done - m_resumed_samples;
  if (here > 0 && now.elapsed_s > 0) {
    now.samples_per_s = static_cast<double>(here) / now.elapsed_s;
    now.remaining_s = static_cast<double>(now.samples_total - samples_done) / now.samples_per_s;
  }
  return now;
}

void Simulation::save_checkpoint() {
  // A checkpoint that cannot be written must not end a run that goes well: the next one may succeed.
  if (m_options.checkpoint_path.empty()) return;
  [[maybe_unused]] const auto written = write_checkpoint(m_options.checkpoint_path, m_identity, m_totals);
}

// True when the run was cancelled.
bool Simulation::wait_for_workers(const ProgressCallback& progress, const CancelCallback& cancel) {
  const auto& clock = base::system_clock();
  bool cancelled = false;
  double shown = clock.monotonic_s();
  double saved = shown;
  std::unique_lock lock(m_mutex);
  bool first = true;  // the first look comes at once: an interrupt is met while the first chunks are being worked on
  while (m_threads_running > 0) {
    if (!first) m_changed.wait_for(lock, std::chrono::milliseconds(100));
    first = false;
    const bool running = m_threads_running > 0;
    const double now = clock.monotonic_s();
    if (running && now - saved >= m_options.checkpoint_interval_s) {
      saved = now;
      save_checkpoint();
    }
    const std::int64_t done = m_samples_done;
    lock.unlock();
    if (!cancelled && running && cancel && cancel()) {
      cancelled = true;
      m_stop = true;
    }
    if (progress && (now - shown >= 0.1 || !running)) {
      shown = now;
      progress(progress_now(done));
    }
    lock.lock();
  }
  return cancelled;
}

base::Expected<void> Simulation::run_round(std::int64_t end, const ProgressCallback& progress,
                                           const CancelCallback& cancel) {
  m_next_chunk = m_totals.prefix();
  m_totals.set_round_end(end);
  m_round_end = end;
  bool cancelled = false;
  {
    std::vector<std::jthread> threads;
    start_workers(threads);
    cancelled = wait_for_workers(progress, cancel);
  }
  if (m_failure) {
    try {
      std::rethrow_exception(m_failure);
    } catch (const std::exception& error) {
      return base::grader_error("the ground truth of '" + m_mlp.name + "' failed: " + error.what() + ".");
    }
  }
  if (m_out_of_range) {
    return base::usage_error("the activations of network '" + m_mlp.name + "' leave the range of its sums.");
  }
  if (cancelled && m_totals.prefix() < end) {
    save_checkpoint();
    return base::usage_error("interrupted.");
  }
  return {};
}

base::Expected<void> Simulation::resume() {
  if (!m_options.checkpoint_path.empty()) {
    const auto found = read_checkpoint(m_options.checkpoint_path, m_identity, m_totals);
    if (!found) return std::unexpected(found.error());
  }
  m_resumed_samples = m_totals.samples(m_plan);
  m_samples_done = m_resumed_samples;
  auto source = make_input_source(m_options.sampler, m_mlp, m_samples, m_packed.kernels, m_totals.prefix());
  if (!source) return std::unexpected(source.error());
  m_source = std::move(*source);
  return {};
}

// Root mean square of the last layer's standard errors.
double Simulation::final_error() const {
  const std::int64_t n = m_plan.samples_before(m_totals.prefix());
  double square = 0;
  for (std::int64_t column = 0; column < m_cells.width; ++column) {
    const double error =
        standard_error(m_totals.value(m_cells.sum(m_cells.depth - 1, column)),
                       m_totals.value(m_cells.block_square(m_cells.depth - 1, column)), n / m_plan.block_rows, n);
    square += error * error;
  }
  return std::sqrt(square / static_cast<double>(m_cells.width));
}

base::Expected<GroundTruth> Simulation::run(const ProgressCallback& progress, const CancelCallback& cancel) {
  if (const auto resumed = resume(); !resumed) return std::unexpected(resumed.error());
  std::int64_t end = m_options.target_stderr ? first_round(m_plan) : m_plan.max_chunks;
  if (m_totals.round_end() > 0) end = m_totals.round_end();
  for (;;) {
    if (const auto done = run_round(end, progress, cancel); !done) return std::unexpected(done.error());
    if (end == m_plan.max_chunks || !m_options.target_stderr) break;
    const double error = final_error();
    if (error <= *m_options.target_stderr) break;
    end = next_round(m_plan, end, error / *m_options.target_stderr);
  }
  if (m_options.keep_checkpoint) {
    save_checkpoint();
  } else if (!m_options.checkpoint_path.empty()) {
    std::error_code ignored;
    std::filesystem::remove(m_options.checkpoint_path, ignored);
  }
  return result();
}

GroundTruth Simulation::result() const {
  GroundTruth truth;
  truth.n_samples = m_plan.samples_before(m_round_end);
  truth.sampler = m_options.sampler;
  truth.isa = m_packed.kernels.isa;
  truth.precision = m_options.precision;
  truth.threads = m_plan.threads;
  const auto n = static_cast<double>(truth.n_samples);
  for (std::int64_t layer = 0; layer < m_cells.depth; ++layer) {
    for (std::int64_t column = 0; column < m_cells.width; ++column) {
      const double sum = m_totals.value(m_cells.sum(layer, column));
      truth.layer_means.push_back(static_cast<float>(sum / n));
      truth.layer_standard_errors.push_back(standard_error(sum, m_totals.value(m_cells.block_square(layer, column)),
                                                           truth.n_samples / m_plan.block_rows, truth.n_samples));
    }
  }
  const std::size_t last = m_cells.sum(m_cells.depth - 1, 0);
  for (std::int64_t column = 0; column < m_cells.width; ++column) {
    const auto mean = static_cast<double>(truth.layer_means[last + static_cast<std::size_t>(column)]);
    const double square = m_totals.value(m_cells.final_square(column)) / n * m_source->square_scale();
    truth.final_variances.push_back(square - mean * mean);
  }
  truth.avg_variance = base::pairwise_mean<double>(truth.final_variances);
  truth.final_standard_error = final_error();
  truth.sampling_s = m_sampling_s / m_plan.threads;
  truth.layers_s = m_layers_s / m_plan.threads;
  truth.wall_s = base::system_clock().monotonic_s() - m_start_s;
  return truth;
}

}  // namespace

base::Expected<GroundTruth> simulate(const network::Mlp& mlp, const random::SeedSequence& samples,
                                     const Options& options, const ProgressCallback& progress,
                                     const CancelCallback& cancel) {
  const auto plan = make_plan(mlp, options);
  if (!plan) return std::unexpected(plan.error());
  try {
    return Simulation(mlp, samples, options, *plan).run(progress, cancel);
  } catch (const std::bad_alloc&) {
    return base::grader_error("out of memory for the ground truth of '" + mlp.name + "'.");
  }
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
