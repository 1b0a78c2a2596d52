// SPDX-License-Identifier: MIT
// An estimator for whest: given a network, return the mean activation of every neuron behind its ReLU.
//
//   whest validate --estimator estimator.cpp
//   whest run --estimator estimator.cpp
//
// This one propagates a mean and a variance through the layers as if all neurons were independent and normal. Every
// flopscope operation is charged to the FLOP budget; a loop of your own is charged by its time.
#include <whest/estimator.hpp>

namespace fnp = flopscope::numpy;
namespace norm = flopscope::stats::norm;

class MyEstimator final : public whest::Estimator {
 public:
  fnp::ndarray predict(const whest::Mlp& mlp, std::int64_t /*flop_budget*/) override {
    fnp::ndarray mean = fnp::zeros({mlp.width()});
    fnp::ndarray variance = fnp::ones({mlp.width()});
    std::vector<fnp::ndarray> rows;
    for (const fnp::ndarray& weights : mlp.weights()) {
      // Before the ReLU: a weighted sum of independent inputs.
      const fnp::ndarray mean_in = fnp::matmul(weights.T(), mean);
      const fnp::ndarray variance_in = fnp::maximum(fnp::matmul((weights * weights).T(), variance), 1e-12);
      // Behind it: the first two moments of max(x, 0) of a normal x.
      const fnp::ndarray deviation = fnp::sqrt(variance_in);
      const fnp::ndarray ratio = mean_in / deviation;
      const fnp::ndarray density = norm::pdf(ratio);
      const fnp::ndarray mass = norm::cdf(ratio);
      mean = mean_in * mass + deviation * density;
      const fnp::ndarray square = (mean_in * mean_in + variance_in) * mass + mean_in * deviation * density;
      variance = fnp::maximum(square - mean * mean, 0.0);
      rows.push_back(mean);
    }
    return fnp::stack(rows, 0);
  }
};

WHEST_ESTIMATOR(MyEstimator)
