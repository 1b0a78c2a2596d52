// SPDX-License-Identifier: MIT
// Covariance propagation where the budget has room for it (30 width^2 FLOPs or more), mean propagation elsewhere.
#include "rectified_gaussian.hpp"

class Combined final : public whest::Estimator {
 public:
  flopscope::numpy::ndarray predict(const whest::Mlp& mlp, std::int64_t flop_budget) override {
    if (flop_budget >= 30 * mlp.width() * mlp.width()) return propagation::propagate_covariance(mlp);
    return propagation::propagate_mean(mlp);
  }
};
WHEST_ESTIMATOR(Combined)
