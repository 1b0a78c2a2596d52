// SPDX-License-Identifier: MIT
// Hypergeometric numbers, of one colour and of several.
#pragma once

#include <cstdint>
#include <span>
#include <whest/random/bit_generator.hpp>

namespace whest::random {

// Good ones among `sample` of good + bad.
std::int64_t draw_hypergeometric(BitGenerator& bits, std::int64_t good, std::int64_t bad, std::int64_t sample);

// The same as RandomState draws it.
std::int64_t draw_legacy_hypergeometric(BitGenerator& bits, std::int64_t good, std::int64_t bad, std::int64_t sample);

enum class ColourMethod { marginals, count };

// How many of each colour are among `sample` of them all, again and again: out is (draws, colours), row-major. The
// draws of one call belong together: `count` goes on with the urn as the draw before has stirred it.
void draw_colours(BitGenerator& bits, std::span<const std::int64_t> colours, std::int64_t sample, ColourMethod method,
                  std::span<std::int64_t> out);

}  // namespace whest::random
