// SPDX-License-Identifier: MIT
// Continuous distributions on a Stream, step by step as NumPy draws them: each has the algorithm of Generator and,
// where RandomState's differs, the legacy one. Parameters are not checked here (see catalogue.hpp).
#pragma once

#include <whest/random/stream.hpp>

namespace whest::random {

// Generator: the ziggurat. RandomState: the polar method (gauss), -log(1 - U).
double standard_normal(Stream& stream);
double standard_exponential(Stream& stream);
// Generator's method="inv": one word a number. The float one rounds differently from log1p.
double standard_exponential_by_inversion(BitGenerator& bits);
float standard_exponential_by_inversion_f(BitGenerator& bits);
double standard_gamma(Stream& stream, double shape);
float standard_gamma_f(Stream& stream, float shape);

double beta(Stream& stream, double a, double b);
double chisquare(Stream& stream, double df);
double f(Stream& stream, double dfnum, double dfden);
double gumbel(Stream& stream, double loc, double scale);
double laplace(Stream& stream, double loc, double scale);
double logistic(Stream& stream, double loc, double scale);
double lognormal(Stream& stream, double mean, double sigma);
double noncentral_chisquare(Stream& stream, double df, double nonc);
double noncentral_f(Stream& stream, double dfnum, double dfden, double nonc);
double normal(Stream& stream, double loc, double scale);
double pareto(Stream& stream, double a);
double power(Stream& stream, double a);
double rayleigh(Stream& stream, double scale);
double standard_cauchy(Stream& stream);
double standard_t(Stream& stream, double df);
double triangular(Stream& stream, double left, double mode, double right);
double uniform(Stream& stream, double low, double high);
double vonmises(Stream& stream, double mu, double kappa);
double wald(Stream& stream, double mean, double scale);
double weibull(Stream& stream, double a);

}  // namespace whest::random
