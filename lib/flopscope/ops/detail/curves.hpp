// SPDX-License-Identifier: MIT
// The eight distributions of stats: density, distribution function and its inverse, in double.
#pragma once

#include <whest/flopscope/core/dtype.hpp>

namespace flopscope::stats {

// Location and scale, and the shape parameters of those distributions that have them: lognorm a = s, the standard
// deviation of the logarithm; truncnorm a and b, the ends in units of the scale.
struct CurveParameters {
  double loc = 0, scale = 1, a = 0, b = 0;
  DType scale_dtype = DType::float64;  // of an array: where the packages multiply it by a number, they round
};
using Curve = double (*)(double x, const CurveParameters& p);

// Standard normal. The distribution function is accurate in both tails. The quantile is Acklam's approximation and one
// Newton step with erf, as the packages compute it: 1e-12 and better for q above 1e-12, a few digits far below, where
// erf has none left; NaN outside [0, 1].
double normal_density(double z);
double normal_distribution(double z);
double normal_quantile(double q);

double norm_pdf(double x, const CurveParameters& p);
double norm_cdf(double x, const CurveParameters& p);
double norm_ppf(double q, const CurveParameters& p);
double uniform_pdf(double x, const CurveParameters& p);
double uniform_cdf(double x, const CurveParameters& p);
double uniform_ppf(double q, const CurveParameters& p);
double expon_pdf(double x, const CurveParameters& p);
double expon_cdf(double x, const CurveParameters& p);
double expon_ppf(double q, const CurveParameters& p);
double cauchy_pdf(double x, const CurveParameters& p);
double cauchy_cdf(double x, const CurveParameters& p);
double cauchy_ppf(double q, const CurveParameters& p);
double logistic_pdf(double x, const CurveParameters& p);
double logistic_cdf(double x, const CurveParameters& p);
double logistic_ppf(double q, const CurveParameters& p);
double laplace_pdf(double x, const CurveParameters& p);
double laplace_cdf(double x, const CurveParameters& p);
double laplace_ppf(double q, const CurveParameters& p);
double lognorm_pdf(double x, const CurveParameters& p);
double lognorm_cdf(double x, const CurveParameters& p);
double lognorm_ppf(double q, const CurveParameters& p);
double truncnorm_pdf(double x, const CurveParameters& p);
double truncnorm_cdf(double x, const CurveParameters& p);
double truncnorm_ppf(double q, const CurveParameters& p);

}  // namespace flopscope::stats
