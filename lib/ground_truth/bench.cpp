// SPDX-License-Identifier: MIT
#include <algorithm>
#include <functional>
#include <string>
#include <thread>
#include <whest/base/clock.hpp>
#include <whest/ground_truth/bench.hpp>
#include <whest/ground_truth/kerdock.hpp>
#include <whest/ground_truth/layout.hpp>
#include <whest/ground_truth/peer.hpp>
#include <whest/ground_truth/plan.hpp>
#include <whest/ground_truth/simulate.hpp>
#include <whest/network/generate.hpp>

namespace whest::ground_truth {

namespace {

double now_s() { return base::system_clock().monotonic_s(); }

// The best rate of repeated calls within `seconds`; `work` returns what it did (operations, samples).
double best_rate(double seconds, const std::function<double()>& work) {
  work();
  double best = 0;
  const double end = now_s() + seconds;
  do {
    const double start = now_s();
    const double done = work();
    best = std::max(best, done / (now_s() - start));
  } while (now_s() < end);
  return best;
}

// `work` on all threads at once; the sum of what they did.
double on_threads(int threads, const std::function<double()>& work) {
  std::vector<double> done(static_cast<std::size_t>(threads));
  {
    std::vector<std::jthread> running;
    for (double& mine : done) running.emplace_back([&] { mine = work(); });
  }
  double sum = 0;
  for (const double part : done) sum += part;
  return sum;
}

double fma_peak(Isa isa, int threads, double seconds) {
  const KernelTable& kernels = kernel_table(isa);
  const std::int64_t rounds = isa == Isa::scalar ? 200'000 : 10'000'000;  // tens of milliseconds
  return best_rate(seconds, [&] { return on_threads(threads, [&] { return kernels.fma_burst(rounds); }); });
}

// The product of the first layer alone, which takes every term (bf16x3: of any layer), on all threads.
double kernel_rate(const KernelTable& kernels, std::int64_t width, int threads, double seconds) {
  const std::int64_t rows = 224 / kernels.row_block * kernels.row_block;
  const std::int64_t padded = padded_columns(kernels, width);
  const auto suite = network::generate_suite(random::Entropy(1), 1, width, 1);
  if (!suite) return 0;
  AlignedBuffer<float> panels(static_cast<std::size_t>(packed_floats(kernels, width)));
  pack_weights(kernels, suite->front().mlp.weights[0].data(), width, panels.data());
  const LayerKernelFunction kernel = kernels.first_fused != nullptr ? kernels.first_fused : kernels.layer_bf16x3;
  const auto slabs = std::max<std::int64_t>(1, 500'000'000 / (2 * width * width * rows));
  const auto work = [&] {
    AlignedBuffer<float> input(static_cast<std::size_t>(rows * padded));
    AlignedBuffer<float> output(static_cast<std::size_t>(rows * row_stride(padded)));
    AlignedBuffer<std::uint32_t> active(static_cast<std::size_t>(rows * mask_words(padded)));
    AlignedBuffer<float> scratch(static_cast<std::size_t>(scratch_floats(kernels, width)));
    AlignedBuffer<double> sums(static_cast<std::size_t>(padded));
    AlignedBuffer<double> squares(sums.size());
    kernels.fill_normals({input.data(), 1, 0, rows, padded});
    for (std::int64_t i = 0; i < slabs; ++i) {
      kernel({.input = input.data(),
              .panels = panels.data(),
              .output = output.data(),
              .rows = rows,
              .inner = width,
              .padded_columns = padded,
              .row_stride = row_stride(padded),
              .mask_words = mask_words(padded),
              .sums = sums.data(),
              .squares = squares.data(),
              .scratch = scratch.data(),
              .output_active = active.data()});
    }
    return 2.0 * static_cast<double>(width * width * rows * slabs);
  };
  return best_rate(seconds, [&] { return on_threads(threads, work); });
}

struct SimulationRate {
  double samples_per_s = 0;
  double samples_per_cpu_s = 0;
  double cpu_share = 0;
  double kernel_time_share = 0;
};

base::Expected<SimulationRate> simulation_rate(const BenchShape& shape, Options options, double seconds) {
  const auto suite = network::generate_suite(random::Entropy(1), 1, shape.width, shape.depth);
  if (!suite) return std::unexpected(suite.error());
  const auto& network = suite->front();
  options.n_samples = 4 * chunk_rows(options.sampler, shape.width);
  SimulationRate best;
  double calibrated = 0;
  const double end = now_s() + seconds;
  do {
    const double cpu_start = base::process_cpu_s();
    const auto truth = simulate(network.mlp, network.samples, options);
    if (!truth) return std::unexpected(truth.error());
    const double cpu_s = base::process_cpu_s() - cpu_start;
    const auto samples = static_cast<double>(truth->n_samples);
    const double rate = samples / truth->wall_s;
    best.samples_per_cpu_s = std::max(best.samples_per_cpu_s, samples / cpu_s);
    if (rate > best.samples_per_s) {
      best.samples_per_s = rate;
      best.cpu_share = cpu_s / (truth->wall_s * truth->threads);
      best.kernel_time_share = (truth->sampling_s + truth->layers_s) / truth->wall_s;
    }
    if (calibrated == 0) {  // long enough for the start and the last chunks not to count, short enough to be repeated
      calibrated = rate;
      const auto chunk = chunk_rows(options.sampler, shape.width);
      options.n_samples = round_up(static_cast<std::int64_t>(rate * seconds / 3), chunk);
    }
  } while (now_s() < end);
  return best;
}

// Rate and error of one sampler in one run of enough blocks to tell both.
base::Expected<SamplerRates> sampler_rates(const BenchShape& shape, Options options, double seconds,
                                           double samples_per_s) {
  const auto suite = network::generate_suite(random::Entropy(1), 1, shape.width, shape.depth);
  if (!suite) return std::unexpected(suite.error());
  options.n_samples =
      std::max(24 * block_rows(options.sampler, shape.width), static_cast<std::int64_t>(seconds * samples_per_s));
  const auto truth = simulate(suite->front().mlp, suite->front().samples, options);
  if (!truth) return std::unexpected(truth.error());
  SamplerRates rates;
  rates.sampler = options.sampler;
  const auto n = static_cast<double>(truth->n_samples);
  rates.samples_per_s = n / truth->wall_s;
  rates.variance_gain = truth->avg_variance / (truth->final_standard_error * truth->final_standard_error * n);
  return rates;
}

base::Expected<void> measure_samplers(ShapeRates& rates, const BenchOptions& options, Options run) {
  for (const Sampler sampler : options.samplers) {
    if (sampler == Sampler::kerdock && !is_kerdock_width(rates.shape.width)) continue;
    if (sampler == Sampler::numpy && run.precision != Precision::float32) continue;
    run.sampler = sampler;
    auto measured = sampler_rates(rates.shape, run, options.seconds_per_item, rates.samples_per_s);
    if (!measured) return std::unexpected(measured.error());
    if (rates.peer_samples_per_s) {
      measured->ratio_to_peer_at_equal_error =
          measured->samples_per_s * measured->variance_gain / *rates.peer_samples_per_s;
    }
    rates.samplers.push_back(*measured);
  }
  return {};
}

base::Expected<ShapeRates> measure_shape(const BenchShape& shape, const BenchOptions& options, const Options& run,
                                         double peak) {
  ShapeRates rates;
  rates.shape = shape;
  const double flops_per_sample = 2.0 * static_cast<double>(shape.width * shape.width * shape.depth);
  const auto rate = simulation_rate(shape, run, options.seconds_per_item);
  if (!rate) return std::unexpected(rate.error());
  rates.samples_per_s = rate->samples_per_s;
  rates.samples_per_cpu_s = rate->samples_per_cpu_s;
  rates.cpu_share = rate->cpu_share;
  rates.kernel_time_share = rate->kernel_time_share;
  rates.flops_per_s = flops_per_sample * rates.samples_per_s;
  rates.share_of_peak = rates.flops_per_s / peak;
  const double kernel =
      kernel_rate(kernel_table(*run.isa, run.precision), shape.width, run.threads, options.seconds_per_item);
  rates.kernel_share_of_peak = kernel / peak;
  if (!options.peer_python.empty()) {
    const auto peer =
        peer_samples_per_s(options.peer_python, shape.width, shape.depth, run.threads, options.seconds_per_item);
    if (!peer) return std::unexpected(peer.error());
    rates.peer_samples_per_s = *peer;
    rates.peer_share_of_peak = flops_per_sample * *peer / peak;
    rates.ratio_to_peer = rates.samples_per_s / *peer;
  }
  if (const auto done = measure_samplers(rates, options, run); !done) return std::unexpected(done.error());
  return rates;
}

}  // namespace

base::Expected<BenchResult> run_bench(const BenchOptions& options, const std::function<void(const std::string&)>& say) {
  if (options.shapes.empty()) return base::usage_error("a benchmark needs a shape.");
  Options run;
  run.precision = options.precision;
  run.isa = options.isa;
  run.n_samples = std::int64_t{1} << 30;
  run.threads = options.threads;
  network::Mlp probe{.width = 1, .depth = 1, .weights = {{1.0F}}, .name = {}, .seed = 0};
  const auto plan = make_plan(probe, run);  // checks, and resolves the instruction set and the threads
  if (!plan) return std::unexpected(plan.error());
  run.isa = plan->isa;
  run.threads = plan->threads;

  const auto tell = [&](const std::string& what) {
    if (say) say(what);
  };
  BenchResult result;
  result.isa = plan->isa;
  result.precision = options.precision;
  result.threads = plan->threads;
  tell("FMA peak");
  result.fma_peak_one_thread = fma_peak(plan->isa, 1, options.seconds_per_item);
  result.fma_peak = fma_peak(plan->isa, plan->threads, options.seconds_per_item);
  result.peak_scaling = result.fma_peak / result.fma_peak_one_thread;
  tell("normals");
  AlignedBuffer<float> normals(1 << 16);
  result.normals_per_s = best_rate(options.seconds_per_item, [&] {
    for (std::uint64_t key = 0; key < 16; ++key) kernel_table(plan->isa).normals(normals.data(), 1 << 16, key);
    return 16.0 * (1 << 16);
  });
  for (const BenchShape& shape : options.shapes) {
    tell(shape.name);
    auto rates = measure_shape(shape, options, run, result.fma_peak);
    if (!rates) return std::unexpected(rates.error());
    result.shapes.push_back(std::move(*rates));
  }
  tell("scaling");
  run.threads = 1;
  const auto alone = simulation_rate(options.shapes.front(), run, options.seconds_per_item);
  if (!alone) return std::unexpected(alone.error());
  result.rate_scaling = result.shapes.front().samples_per_s / alone->samples_per_s;
  return result;
}

}  // namespace whest::ground_truth
