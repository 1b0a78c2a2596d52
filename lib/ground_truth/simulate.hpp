// SPDX-License-Identifier: MIT
// The Monte-Carlo driver: the mean activation of every neuron of a network under N(0, 1) inputs, with its error.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>
#include <whest/base/error.hpp>
#include <whest/ground_truth/breakdown.hpp>
#include <whest/ground_truth/options.hpp>
#include <whest/network/mlp.hpp>
#include <whest/random/seed_sequence.hpp>

namespace whest::ground_truth {

struct GroundTruth {
  std::vector<float> layer_means;             // depth x width
  std::vector<double> layer_standard_errors;  // depth x width, from independent blocks; 0 with fewer than two of them
  std::vector<double> final_variances;        // width: E[x^2] - m^2, m the float32 mean
  double avg_variance = 0;                    // NumPy's pairwise mean of them
  double final_standard_error = 0;  // root mean square over the last layer: squared, the noise floor of an MSE
  std::int64_t n_samples = 0;       // rows really drawn
  Sampler sampler = Sampler::philox;
  Isa isa = Isa::scalar;
  Precision precision = Precision::float32;
  int threads = 0;
  double wall_s = 0;
  double sampling_s = 0;  // drawing inputs, mean over threads
  double layers_s = 0;    // in layer kernels, mean over threads
};

struct Progress {
  std::int64_t samples_done = 0;
  std::int64_t samples_total = 0;  // with a target: of the present round
  double elapsed_s = 0;
  double samples_per_s = 0;  // 0 until the first chunk is done
  double remaining_s = 0;    // by the rate so far; 0 until there is one
};

// Called on the thread that called simulate(), about ten times a second and once at the end.
using ProgressCallback = std::function<void(const Progress&)>;
// Asked on the same thread; true stops the simulation within one chunk.
using CancelCallback = std::function<bool()>;

// `samples` is the network's sampling seed. Errors: usage for bad options, an instruction set that is not here,
// activations that are not finite (all samplers but `numpy`, which goes on as the peers do), and for a cancelled run
// ("interrupted").
base::Expected<GroundTruth> simulate(const network::Mlp& mlp, const random::SeedSequence& samples,
                                     const Options& options, const ProgressCallback& progress = {},
                                     const CancelCallback& cancel = {});

// price_sampling() with the times of this run: backend = sampling and layers, residual = the rest of the wall.
SamplingBreakdown sampling_breakdown(const GroundTruth& truth, std::int64_t width, std::int64_t depth,
                                     SamplingPrices prices);

}  // namespace whest::ground_truth
