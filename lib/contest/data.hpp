// SPDX-License-Identifier: MIT
// The data of a live run: networks from a seed, and the truth that their estimators are scored against.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>
#include <whest/base/cancel.hpp>
#include <whest/base/error.hpp>
#include <whest/contest/breakdown.hpp>
#include <whest/contest/progress.hpp>
#include <whest/contest/round.hpp>
#include <whest/ground_truth/precision.hpp>
#include <whest/network/mlp.hpp>

namespace whest::contest {

// Indices of a suite's networks, both ends included.
struct IndexRange {
  std::int64_t first = 0;
  std::int64_t last = 0;

  bool holds(std::int64_t index) const { return first <= index && index <= last; }
};

// "A-B" or "A" within [0, n_mlps).
base::Expected<IndexRange> parse_range(std::string_view text, std::int64_t n_mlps);

struct DataNetwork {
  std::int64_t mlp_index = 0;
  network::Mlp mlp;
  std::vector<float> truth;      // depth * width means
  double mse_noise_floor = 0.0;  // mean over final-layer neurons of the squared standard error
};

struct ContestData {
  std::vector<DataNetwork> networks;
  Breakdown sampling;          // what the peers' sampling would be billed, with the times of ours
  std::int64_t n_samples = 0;  // of a network; with a target, the most that any took
  std::string isa;
  double wall_s = 0.0;
};

// What a run asks of its ground truth beyond the round.
struct TruthRequest {
  ground_truth::Precision precision = ground_truth::Precision::float32;
  std::optional<double> target_stderr = std::nullopt;  // root mean square over the final layer, in place of a count ...
  bool count_is_limit = false;                         // ... beside which the round's count is the most to draw
  std::string checkpoint = {};  // network i keeps its progress in "<checkpoint>.<i>"; empty: none
};

struct DataOptions {
  std::uint64_t seed = 0;
  IndexRange range;
  std::set<std::int64_t> without_truth;  // these are named but neither generated nor sampled
  TruthRequest truth;
};

// Generates the networks of the range and samples their truth. A usage error for sizes that cannot be meant; a grader
// error with the message "interrupted" when the token was set.
base::Expected<ContestData> make_data(const Round& round, const DataOptions& options, const base::CancelToken& cancel,
                                      const ProgressFn& progress);

}  // namespace whest::contest
