// SPDX-License-Identifier: MIT
#include <algorithm>
#include <whest/ground_truth/breakdown.hpp>
#include <whest/ground_truth/options.hpp>

namespace whest::ground_truth {

SamplingBreakdown price_sampling(std::int64_t width, std::int64_t depth, std::int64_t n_samples,
                                 SamplingPrices prices) {
  const bool dtypes = prices == SamplingPrices::dtype_aware;
  const std::int64_t twice = dtypes ? 2 : 1;  // float64
  const std::int64_t rows = peer_chunk_rows(width);
  const std::int64_t chunks = (n_samples + rows - 1) / rows;
  const std::int64_t inputs = n_samples * width;
  const std::int64_t sums = chunks * (depth + 1);  // one per layer, one of squares
  const std::int64_t means = depth * width;

  SamplingBreakdown out;
  const auto add = [&](const char* name, std::int64_t cost, std::int64_t calls) {
    out.operations.push_back({name, cost, calls, 0, 0});
    out.flops_used += cost;
    out.calls += calls;
  };
  if (dtypes) add("zeros", 0, depth + 1);
  add("random.Generator.standard_normal", 16 * inputs, chunks);
  add("array", inputs, chunks);
  add("matmul", depth * inputs * (2 * width - 1), chunks * depth);
  add("maximum", depth * inputs, chunks * depth);
  // every layer to double, the last once more for its squares; then the two results
  add("asarray", dtypes ? 2 * ((depth + 1) * inputs + means + width) : 0, sums + 2);
  add("sum", twice * ((depth + 1) * inputs - sums * width), sums);
  add("add", twice * sums * width, sums);
  add("power", twice * 16 * (inputs + width), chunks + 1);
  if (dtypes) add("stack", 2 * means, 1);
  add("true_divide", twice * (means + width), 2);
  if (dtypes) add("copy", width, 1);
  add("subtract", twice * width, 1);
  add("mean", twice * width, 1);
  return out;
}

void add_breakdown(SamplingBreakdown& total, const SamplingBreakdown& more) {
  total.flops_used += more.flops_used;
  total.calls += more.calls;
  total.wall_time_s += more.wall_time_s;
  total.backend_time_s += more.backend_time_s;
  total.overhead_time_s += more.overhead_time_s;
  total.residual_time_s += more.residual_time_s;
  for (const OperationCost& operation : more.operations) {
    const auto same = std::ranges::find(total.operations, operation.name, &OperationCost::name);
    if (same == total.operations.end()) {
      total.operations.push_back(operation);
      continue;
    }
    same->flop_cost += operation.flop_cost;
    same->calls += operation.calls;
    same->backend_time_s += operation.backend_time_s;
    same->overhead_time_s += operation.overhead_time_s;
  }
}

}  // namespace whest::ground_truth
