// SPDX-License-Identifier: MIT
// Two estimator classes, none called Estimator: one must be chosen.
#include <whest/estimator.hpp>

namespace fnp = flopscope::numpy;

struct One : whest::Estimator {
  fnp::ndarray predict(const whest::Mlp& mlp, std::int64_t) override { return fnp::zeros({mlp.depth(), mlp.width()}); }
};
WHEST_ESTIMATOR(One)

struct Two : whest::Estimator {
  fnp::ndarray predict(const whest::Mlp& mlp, std::int64_t) override { return fnp::ones({mlp.depth(), mlp.width()}); }
};
WHEST_ESTIMATOR(Two)
