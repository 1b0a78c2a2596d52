// SPDX-License-Identifier: MIT
// What the peers' sampling of a ground truth is billed at (namespace `sampling.sample_layer_statistics` of a report):
// the operations of their loop, whatever sampler ours used, so that the figures of two reports can be compared.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace whest::ground_truth {

enum class SamplingPrices {
  by_elements,  // every element at its operation's price
  dtype_aware,  // of models with rates for dtypes: float64 counts twice, conversions and stacking are billed
};

struct OperationCost {
  std::string name;
  std::int64_t flop_cost = 0;
  std::int64_t calls = 0;
  double backend_time_s = 0;
  double overhead_time_s = 0;
};

struct SamplingBreakdown {
  std::int64_t flops_used = 0;
  std::int64_t calls = 0;
  // wall = backend + overhead + residual. Backend: inside normals and kernels, mean over threads.
  double wall_time_s = 0;
  double backend_time_s = 0;
  double overhead_time_s = 0;
  double residual_time_s = 0;
  std::vector<OperationCost> operations;  // in the order of first use
};

// One network: counts and prices as functions of the shape, the samples and the peers' chunks; times are left at 0.
SamplingBreakdown price_sampling(std::int64_t width, std::int64_t depth, std::int64_t n_samples, SamplingPrices prices);

// Adds `more` (another network of the same prices) to `total`, operation by operation; an empty total takes it as it
// is.
void add_breakdown(SamplingBreakdown& total, const SamplingBreakdown& more);

}  // namespace whest::ground_truth
