// SPDX-License-Identifier: MIT
// Ground-truth samples per second at the rounds' shapes, kernels alone and normals, against the machine's FMA peak.
#include <benchmark/benchmark.h>

#include <string>
#include <whest/ground_truth/layout.hpp>
#include <whest/ground_truth/simulate.hpp>
#include <whest/network/generate.hpp>

using namespace whest;
using namespace whest::ground_truth;

namespace {

void simulate_samples(benchmark::State& state, Sampler sampler) {
  const std::int64_t width = state.range(0);
  const std::int64_t depth = state.range(1);
  auto suite = network::generate_suite(random::Entropy(0), 1, width, depth);
  if (!suite) return state.SkipWithError(suite.error().message.c_str());
  Options options;
  options.sampler = sampler;
  options.n_samples = 8 * chunk_rows(sampler, width);
  std::int64_t samples = 0;
  for (auto _ : state) {
    const auto truth = simulate((*suite)[0].mlp, (*suite)[0].samples, options);
    if (!truth) return state.SkipWithError(truth.error().message.c_str());
    samples += truth->n_samples;
    benchmark::DoNotOptimize(truth->layer_means.data());
  }
  state.SetItemsProcessed(samples);
  state.counters["flop/s"] =
      benchmark::Counter(2.0 * static_cast<double>(width * width * depth * samples), benchmark::Counter::kIsRate);
}

void layer_kernel(benchmark::State& state, Isa isa) {
  const KernelTable& kernels = kernel_table(isa);
  const std::int64_t width = state.range(0);
  const std::int64_t rows = 224 / kernels.row_block * kernels.row_block;
  const std::int64_t padded = padded_columns(kernels, width);
  AlignedBuffer<float> input(static_cast<std::size_t>(rows * padded));
  AlignedBuffer<float> output(static_cast<std::size_t>(rows * row_stride(padded)));
  AlignedBuffer<std::uint32_t> active(static_cast<std::size_t>(rows * mask_words(padded)));
  AlignedBuffer<float> panels(static_cast<std::size_t>(width * padded));
  AlignedBuffer<double> sums(static_cast<std::size_t>(padded));
  AlignedBuffer<double> squares(sums.size());
  kernels.fill_normals({input.data(), 1, 0, rows, padded});
  kernels.normals(panels.data(), width * padded / 64 * 64, 2);
  LayerPass pass{.input = input.data(),
                 .panels = panels.data(),
                 .output = output.data(),
                 .rows = rows,
                 .inner = width,
                 .padded_columns = padded,
                 .row_stride = row_stride(padded),
                 .mask_words = mask_words(padded),
                 .sums = sums.data(),
                 .squares = squares.data(),
                 .output_active = active.data()};
  for (auto _ : state) kernels.first_fused(pass);
  state.counters["flop/s"] =
      benchmark::Counter(2.0 * static_cast<double>(width * width * rows) * static_cast<double>(state.iterations()),
                         benchmark::Counter::kIsRate);
}

void fma_peak(benchmark::State& state, Isa isa) {
  double flops = 0;
  for (auto _ : state) flops += kernel_table(isa).fma_burst(100'000);
  state.counters["flop/s"] = benchmark::Counter(flops, benchmark::Counter::kIsRate);
}

void normals(benchmark::State& state, Isa isa) {
  AlignedBuffer<float> out(1 << 16);
  for (auto _ : state) kernel_table(isa).normals(out.data(), 1 << 16, 1);
  state.SetItemsProcessed(state.iterations() * (1 << 16));
}

[[maybe_unused]] const bool k_registered = [] {
  for (const Isa isa : {Isa::scalar, Isa::avx2, Isa::avx512}) {
    if (!isa_available(isa)) continue;
    const std::string name(isa_name(isa));
    benchmark::RegisterBenchmark(("fma_peak/" + name).c_str(), fma_peak, isa);
    benchmark::RegisterBenchmark(("normals/" + name).c_str(), normals, isa);
    benchmark::RegisterBenchmark(("layer/" + name).c_str(), layer_kernel, isa)->Arg(256)->Arg(1024);
  }
  for (const Sampler sampler : {Sampler::philox, Sampler::numpy}) {
    benchmark::RegisterBenchmark(("ground_truth/" + std::string(sampler_name(sampler))).c_str(), simulate_samples,
                                 sampler)
        ->Args({256, 8})
        ->Args({256, 32})
        ->Args({1024, 16})
        ->UseRealTime()
        ->Unit(benchmark::kMillisecond);
  }
  return true;
}();

}  // namespace
