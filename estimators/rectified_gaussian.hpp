// SPDX-License-Identifier: MIT
// The moments of max(z, 0) for normal z, and the two propagations built on them.
//
// With z ~ N(mu, sigma^2), alpha = mu / sigma, phi and Phi the standard normal density and distribution function:
//   E[max(z, 0)]   = mu Phi(alpha) + sigma phi(alpha)
//   E[max(z, 0)^2] = (mu^2 + sigma^2) Phi(alpha) + mu sigma phi(alpha)
#pragma once

#include <cmath>
#include <vector>
#include <whest/estimator.hpp>

namespace propagation {

namespace fnp = flopscope::numpy;

inline constexpr double k_variance_floor = 1e-12;  // keeps alpha finite where a neuron does not vary

struct Rectified {
  fnp::ndarray mean;
  fnp::ndarray variance;
  fnp::ndarray gain;  // Phi(alpha): how often the neuron is active, and the slope of its mean in mu
};

// `variance` must be positive.
inline Rectified rectify(const fnp::ndarray& mean, const fnp::ndarray& variance) {
  const auto sigma = fnp::sqrt(variance);
  const auto alpha = mean / sigma;
  const auto density = flopscope::stats::norm::pdf(alpha);
  const auto gain = flopscope::stats::norm::cdf(alpha);
  const auto rectified_mean = mean * gain + sigma * density;
  const auto second_moment = (mean * mean + variance) * gain + mean * sigma * density;
  return {rectified_mean, fnp::maximum(second_moment - rectified_mean * rectified_mean, 0.0), gain};
}

// Means and variances through the layers, as if the neurons of a layer were independent.
inline fnp::ndarray propagate_mean(const whest::Mlp& mlp) {
  auto mean = fnp::zeros({mlp.width()});
  auto variance = fnp::ones({mlp.width()});
  std::vector<fnp::ndarray> rows;
  for (const auto& w : mlp.weights()) {
    const auto mean_before = fnp::matmul(w.T(), mean);
    const auto variance_before = fnp::maximum(fnp::matmul((w * w).T(), variance), k_variance_floor);
    const auto unit = rectify(mean_before, variance_before);
    mean = unit.mean;
    variance = unit.variance;
    rows.push_back(mean);
  }
  return fnp::stack(rows, 0);
}

// Means and the whole covariance matrix. Behind a ReLU, Cov[i, j] ~ gain_i gain_j Cov[i, j] (the first term of its
// expansion in the correlation), with the exact variances on the diagonal.
inline fnp::ndarray propagate_covariance(const whest::Mlp& mlp) {
  // Far beyond any network of the contest; keeps products of two variances finite in deep networks of large weights.
  constexpr double k_largest_variance = 1e60;
  auto mean = fnp::zeros({mlp.width()});
  auto covariance = fnp::eye(mlp.width());
  double log_scale = 0.0;  // the true mean is exp(log_scale) * mean
  std::vector<fnp::ndarray> rows;
  for (const auto& w : mlp.weights()) {
    if (const double largest = fnp::max(fnp::diag(covariance)).item(); largest > k_largest_variance) {
      covariance = covariance * (1.0 / largest);
      mean = mean * (1.0 / std::sqrt(largest));
      log_scale += 0.5 * std::log(largest);
    }
    const auto mean_before = fnp::matmul(w.T(), mean);
    const auto covariance_before = fnp::einsum("ij,ia,jb->ab", covariance, w, w);
    const auto variance_before = fnp::maximum(fnp::diag(covariance_before), k_variance_floor);
    const auto unit = rectify(mean_before, variance_before);
    // A neuron that does not vary does not vary with others either.
    const auto varies = fnp::greater(fnp::asarray(variance_before), k_variance_floor);
    const auto gain = fnp::array(fnp::where(varies, fnp::asarray(unit.gain), 0.0).astype(fnp::float32));
    covariance = covariance_before * fnp::outer(gain, gain);
    fnp::fill_diagonal(covariance, unit.variance);
    mean = unit.mean;
    rows.push_back(mean * fnp::exp(log_scale));
  }
  return fnp::stack(rows, 0);
}

}  // namespace propagation
