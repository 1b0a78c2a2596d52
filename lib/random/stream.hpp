// SPDX-License-Identifier: MIT
// A stream as a user holds it: a bit generator and which of NumPy's two sets of algorithms draws from it, those of
// Generator or those of the legacy RandomState (with the second normal of its polar method kept for the next call).
#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <whest/random/bit_generator.hpp>
#include <whest/random/mt19937.hpp>
#include <whest/random/pcg64.hpp>
#include <whest/random/seed_sequence.hpp>

namespace whest::random {

enum class Algorithms {
  generator,     // numpy.random.Generator
  random_state,  // numpy.random.RandomState, frozen
};

struct Stream {
  std::unique_ptr<BitGenerator> bits;
  Algorithms algorithms = Algorithms::generator;
  bool has_gauss = false;
  double gauss = 0;

  // A copy that goes on by itself.
  Stream clone() const { return {bits->clone(), algorithms, has_gauss, gauss}; }
};

// numpy.random.default_rng(seed).
inline Stream default_rng(const SeedSequence& seed) {
  return {std::make_unique<Pcg64>(seed), Algorithms::generator, false, 0};
}

// numpy.random.RandomState(seed), and what numpy.random.seed(seed) makes of the global one.
inline Stream random_state(std::uint32_t seed) {
  return {std::make_unique<Mt19937>(seed), Algorithms::random_state, false, 0};
}

}  // namespace whest::random
