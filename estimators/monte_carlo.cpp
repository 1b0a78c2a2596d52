// SPDX-License-Identifier: MIT
// Samples pushed through the network, as many as a share of the budget allows.
#include <algorithm>
#include <vector>
#include <whest/estimator.hpp>

namespace fnp = flopscope::numpy;

class MonteCarlo final : public whest::Estimator {
 public:
  fnp::ndarray predict(const whest::Mlp& mlp, std::int64_t flop_budget) override {
    const std::int64_t n = samples(mlp, flop_budget);
    auto rng = fnp::random::default_rng(mlp.seed());
    std::vector<fnp::ndarray> totals;
    for (std::int64_t l = 0; l < mlp.depth(); ++l) totals.push_back(fnp::zeros({mlp.width()}));
    for (std::int64_t done = 0; done < n; done += k_rows) {
      auto x = rng.standard_normal({std::min(k_rows, n - done), mlp.width()}, fnp::float32);
      for (std::size_t l = 0; l < totals.size(); ++l) {
        x = fnp::maximum(fnp::matmul(x, mlp.weights()[l]), 0.0);
        totals[l] = totals[l] + x.sum(0);
      }
    }
    return fnp::stack(totals, 0) * (1.0 / static_cast<double>(std::max<std::int64_t>(n, 1)));
  }

 private:
  // A score is not better below a tenth of the budget; what is counted outside FLOPs needs a part of it.
  static constexpr double k_share = 0.09;
  static constexpr std::int64_t k_rows = 1024;

  // A sample costs width normals (16 each) and, for each layer, a row times a matrix, a maximum and a sum. Dearer cost
  // models count up to four times as much for all but the product.
  static std::int64_t samples(const whest::Mlp& mlp, std::int64_t flop_budget) {
    const auto width = static_cast<double>(mlp.width());
    const auto depth = static_cast<double>(mlp.depth());
    const double per_sample = depth * width * (2 * width + 8) + 64 * width;
    const double per_chunk = 8 * depth * width;
    const double chunks = k_share * static_cast<double>(flop_budget) / (per_sample * k_rows + per_chunk);
    return static_cast<std::int64_t>(chunks * k_rows);
  }
};
WHEST_ESTIMATOR(MonteCarlo)
