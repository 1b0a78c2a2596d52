// SPDX-License-Identifier: MIT
// log(k!) and log(gamma(x)), with the roundings that NumPy's samplers have.
#pragma once

#include <cstdint>

namespace whest::random {

// log(k!) for k >= 0: rounded correctly to 125, by Stirling's series above.
double log_factorial(std::int64_t k);

// log(gamma(x)) for x > 0: Zhang and Jin, Computation of Special Functions (1996).
double log_gamma(double x);

}  // namespace whest::random
