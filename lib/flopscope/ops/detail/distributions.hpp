// SPDX-License-Identifier: MIT
// The eight distributions of stats in standard form (location 0, scale 1): density, distribution function and its
// inverse, in double. a and b are the shape parameters of those that have them.
#pragma once

namespace flopscope::stats {

using Curve = double (*)(double x, double a, double b);

double norm_pdf(double x, double, double);
double norm_cdf(double x, double, double);
double norm_ppf(double q, double, double);  // NaN outside [0, 1]

double uniform_pdf(double x, double, double);
double uniform_cdf(double x, double, double);
double uniform_ppf(double q, double, double);

double expon_pdf(double x, double, double);
double expon_cdf(double x, double, double);
double expon_ppf(double q, double, double);

double cauchy_pdf(double x, double, double);
double cauchy_cdf(double x, double, double);
double cauchy_ppf(double q, double, double);

double logistic_pdf(double x, double, double);
double logistic_cdf(double x, double, double);
double logistic_ppf(double q, double, double);

double laplace_pdf(double x, double, double);
double laplace_cdf(double x, double, double);
double laplace_ppf(double q, double, double);

// a: the standard deviation of the logarithm.
double lognorm_pdf(double x, double s, double);
double lognorm_cdf(double x, double s, double);
double lognorm_ppf(double q, double s, double);

// A standard normal between a and b.
double truncnorm_pdf(double x, double a, double b);
double truncnorm_cdf(double x, double a, double b);
double truncnorm_ppf(double q, double a, double b);

}  // namespace flopscope::stats
