// SPDX-License-Identifier: MIT
// Binomial numbers: inversion for small means, Kachitvichyanukul and Schmeiser's BTPE (1988) above.
#pragma once

#include <cstdint>
#include <whest/random/bit_generator.hpp>

namespace whest::random {

// n >= 0, 0 <= p <= 1. n = 0 or p = 0 draws nothing.
std::int64_t draw_binomial(BitGenerator& bits, std::int64_t n, double p);

// The same as RandomState draws it: n = 0 or p = 0 costs a draw like any other.
std::int64_t draw_legacy_binomial(BitGenerator& bits, std::int64_t n, double p);

}  // namespace whest::random
