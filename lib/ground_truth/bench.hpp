// SPDX-License-Identifier: MIT
// How fast this machine makes ground truth, beside what its units can do and beside the peers' path; and a signature
// over results that must be the same everywhere.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>
#include <whest/base/error.hpp>
#include <whest/ground_truth/isa.hpp>
#include <whest/ground_truth/options.hpp>
#include <whest/ground_truth/precision.hpp>

namespace whest::ground_truth {

struct BenchShape {
  std::string name;
  std::int64_t width = 0;
  std::int64_t depth = 0;
};

struct BenchOptions {
  std::vector<BenchShape> shapes = {{"warmup", 256, 8}, {"phase1", 256, 32}, {"phase2", 1024, 16}};
  std::optional<Isa> isa = std::nullopt;  // unset: resolve_isa()
  Precision precision = Precision::float32;
  int threads = 0;                // 0: all
  double seconds_per_item = 1.0;  // each rate is the best of several tries within about this time
  std::string peer_python = {};   // a Python with NumPy, for the ratio; empty: none
  // To be compared by their errors, too; those that cannot serve a width are left out there. Takes at least 24 blocks
  // of each.
  std::vector<Sampler> samplers = {};
};

struct SamplerRates {
  Sampler sampler = Sampler::philox;
  double samples_per_s = 0;
  // Variance of the last layer's means under independent rows, over that of this sampler, at equal samples.
  double variance_gain = 0;
  std::optional<double> ratio_to_peer_at_equal_error = std::nullopt;  // of the times
};

struct ShapeRates {
  BenchShape shape;
  double samples_per_s = 0;         // simulate(), default sampler, all threads
  double samples_per_cpu_s = 0;     // of one thread's CPU time: what else runs on the machine does not show in it
  double cpu_share = 0;             // of the threads' time in which they had a processor; below 0.9: a busy machine
  double flops_per_s = 0;           // of the samples per second, 2 width^2 depth per sample
  double share_of_peak = 0;         // of the float32 FMA peak of as many threads; above 1 as zero terms are left out
  double kernel_share_of_peak = 0;  // the first layer's kernel alone, which takes every term
  double kernel_time_share = 0;     // part of the threads' time that simulate() spent in layers and normals
  std::optional<double> peer_samples_per_s = std::nullopt;
  std::optional<double> peer_share_of_peak = std::nullopt;
  std::optional<double> ratio_to_peer = std::nullopt;
  std::vector<SamplerRates> samplers = {};
};

struct BenchResult {
  Isa isa = Isa::scalar;
  Precision precision = Precision::float32;
  int threads = 0;
  double fma_peak_one_thread = 0;  // FLOP/s of register-only float32 fused multiply-adds
  double fma_peak = 0;             // the same on all threads at once
  double normals_per_s = 0;        // one thread
  double rate_scaling = 0;         // samples/s of the first shape: all threads over one
  double peak_scaling = 0;         // fma_peak over fma_peak_one_thread
  std::vector<ShapeRates> shapes;
};

// `say` hears what is being measured. A usage error for an instruction set that is not here, no shapes, a peer Python
// that does not run.
base::Expected<BenchResult> run_bench(const BenchOptions& options,
                                      const std::function<void(const std::string&)>& say = {});

// SHA-256 over the weights of small networks, their normals' bits, and their ground truth by every sampler and in both
// precisions. The same on every machine, instruction set and number of threads; a change of any bit changes it.
base::Expected<std::string> ground_truth_signature(std::optional<Isa> isa = std::nullopt, int threads = 0);

}  // namespace whest::ground_truth
