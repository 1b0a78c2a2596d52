// SPDX-License-Identifier: MIT
// Distributions whose samples are vectors; each call draws one of them into `out`.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <whest/random/stream.hpp>

namespace whest::random {

// Why the parameters are refused, in NumPy's words; nothing when they are not.
std::optional<std::string> refuse_dirichlet(Algorithms algorithms, std::span<const double> alpha);
std::optional<std::string> refuse_multinomial(std::int64_t n, std::span<const double> p);
std::optional<std::string> refuse_multivariate_hypergeometric(std::span<const std::int64_t> colours,
                                                              std::int64_t sample);

// Gammas over their sum; Generator breaks a stick of betas when every alpha is below 0.1.
void dirichlet(Stream& stream, std::span<const double> alpha, std::span<double> out);

// Conditional binomials. The last probability is taken to be what is left.
void multinomial(Stream& stream, std::int64_t n, std::span<const double> p, std::span<std::int64_t> out);

}  // namespace whest::random
