// SPDX-License-Identifier: MIT
// Discrete distributions on a Stream, step by step as NumPy draws them (Generator's algorithms, or RandomState's where
// they differ). Parameters are not checked here (see catalogue.hpp).
#pragma once

#include <cstdint>
#include <whest/random/stream.hpp>

namespace whest::random {

std::int64_t binomial(Stream& stream, std::int64_t n, double p);
std::int64_t geometric(Stream& stream, double p);
std::int64_t hypergeometric(Stream& stream, std::int64_t good, std::int64_t bad, std::int64_t sample);
std::int64_t logseries(Stream& stream, double p);
std::int64_t negative_binomial(Stream& stream, double n, double p);
std::int64_t poisson(Stream& stream, double lam);
std::int64_t zipf(Stream& stream, double a);

}  // namespace whest::random
