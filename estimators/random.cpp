// SPDX-License-Identifier: MIT
// One uniform draw for each neuron, from the generator that the network's own seed starts.
#include <whest/estimator.hpp>

namespace fnp = flopscope::numpy;

class Random final : public whest::Estimator {
 public:
  fnp::ndarray predict(const whest::Mlp& mlp, std::int64_t) override {
    auto rng = fnp::random::default_rng(mlp.seed());
    return fnp::asarray(rng.uniform(0.0, 1.0, {mlp.depth(), mlp.width()}).astype(fnp::float32));
  }
};
WHEST_ESTIMATOR(Random)
