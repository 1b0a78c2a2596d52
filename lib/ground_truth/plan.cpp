// SPDX-License-Identifier: MIT
#include <sched.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <thread>
#include <whest/ground_truth/layout.hpp>
#include <whest/ground_truth/plan.hpp>

namespace whest::ground_truth {

namespace {

// With neither a count nor a limit: no run comes near, and rows still fit 64 bits.
constexpr std::int64_t k_no_limit = std::int64_t{1} << 50;

int available_threads() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

base::Expected<void> check(const network::Mlp& mlp, const Options& options) {
  if (mlp.width < 1 || mlp.depth < 1) return base::usage_error("a network needs a positive width and depth.");
  bool whole = mlp.weights.size() == static_cast<std::size_t>(mlp.depth);
  for (const auto& layer : mlp.weights)
    whole = whole && layer.size() == static_cast<std::size_t>(mlp.width * mlp.width);
  if (!whole) return base::usage_error("the network's weights do not have its width and depth.");
  if (options.target_stderr) {
    if (!(*options.target_stderr > 0) || !std::isfinite(*options.target_stderr)) {
      return base::usage_error("the target standard error must be positive and finite.");
    }
    if (options.n_samples < 0) return base::usage_error("the limit of ground-truth samples must not be negative.");
  } else if (options.n_samples < 1) {
    return base::usage_error("the number of ground-truth samples must be positive.");
  }
  if (options.n_samples > k_no_limit) return base::usage_error("the number of ground-truth samples is above 2^50.");
  if (options.sampler == Sampler::numpy && options.precision != Precision::float32) {
    return base::usage_error("the sampler 'numpy' is float32 by definition: it cannot be run in another precision.");
  }
  if (options.threads < 0) return base::usage_error("the number of threads must not be negative.");
  return {};
}

base::Expected<Isa> choose_isa(const Options& options) {
  if (!options.isa) return resolve_isa(options.precision);
  if (isa_available(*options.isa)) return *options.isa;
  return base::usage_error("this machine does not have the instruction set '" + std::string(isa_name(*options.isa)) +
                           "'.");
}

}  // namespace

std::int64_t Plan::rows_of(std::int64_t chunk) const { return std::min(chunk_rows, max_samples - chunk * chunk_rows); }

std::int64_t Plan::samples_before(std::int64_t end) const { return std::min(end * chunk_rows, max_samples); }

base::Expected<Plan> make_plan(const network::Mlp& mlp, const Options& options) {
  if (const auto checked = check(mlp, options); !checked) return std::unexpected(checked.error());
  const auto isa = choose_isa(options);
  if (!isa) return std::unexpected(isa.error());
  Plan plan;
  plan.sampler = options.sampler;
  plan.isa = *isa;
  plan.block_rows = block_rows(options.sampler, mlp.width);
  plan.chunk_rows = chunk_rows(options.sampler, mlp.width);
  plan.chunks_per_block = std::max<std::int64_t>(1, plan.block_rows / plan.chunk_rows);
  plan.max_samples = round_up(options.n_samples == 0 ? k_no_limit : options.n_samples, plan.block_rows);
  plan.max_chunks = (plan.max_samples + plan.chunk_rows - 1) / plan.chunk_rows;
  const int threads = options.threads == 0 ? available_threads() : options.threads;
  plan.threads = static_cast<int>(std::min<std::int64_t>(threads, plan.max_chunks));
  return plan;
}

std::int64_t first_round(const Plan& plan) {
  // An error from fewer than some thirty blocks is itself too uncertain to decide by.
  const std::int64_t rows = std::max(32 * plan.block_rows, 4 * plan.chunk_rows);
  return std::min(plan.max_chunks, round_up((rows + plan.chunk_rows - 1) / plan.chunk_rows, plan.chunks_per_block));
}

std::int64_t next_round(const Plan& plan, std::int64_t done, double ratio) {
  const double wanted = std::ceil(static_cast<double>(done) * std::min(4.0, 1.01 * ratio * ratio));
  const std::int64_t end = std::max(done + 1, static_cast<std::int64_t>(wanted));
  return std::min(plan.max_chunks, round_up(end, plan.chunks_per_block));
}

}  // namespace whest::ground_truth
