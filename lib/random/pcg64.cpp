// SPDX-License-Identifier: MIT
#include <whest/random/pcg64.hpp>

namespace whest::random {
namespace {

constexpr std::uint64_t k_cheap_multiplier = 0xda942042e4dd58b5;

// The published seeding: the increment selects the stream, then the state is stirred in between two steps.
Pcg64::State seeded(const SeedSequence& seed) {
  const auto words = seed.generate_state64(4);
  Pcg64::State out;
  out.inc = (make_uint128(words[2], words[3]) << 1) | 1;
  out.state = (out.inc + make_uint128(words[0], words[1])) * Pcg64::k_multiplier + out.inc;
  return out;
}

}  // namespace

Pcg64::Pcg64(const SeedSequence& seed) : m_state(seeded(seed)) {}

// Brown, "Random number generation with arbitrary strides" (1994): the step squared, bit by bit of delta.
void Pcg64::advance(Uint128 delta) {
  Uint128 total_mult = 1;
  Uint128 total_plus = 0;
  Uint128 mult = k_multiplier;
  Uint128 plus = m_state.inc;
  for (; delta != 0; delta >>= 1) {
    if ((delta & 1) != 0) {
      total_mult *= mult;
      total_plus = total_plus * mult + plus;
    }
    plus *= mult + 1;
    mult *= mult;
  }
  m_state.state = total_mult * m_state.state + total_plus;
  m_state.half = {};
}

Pcg64 Pcg64::jumped(std::uint64_t jumps) const {
  constexpr Uint128 k_stride = make_uint128(0x9e3779b97f4a7c15, 0xf39cc0605cedc835);
  Pcg64 out = *this;
  out.advance(k_stride * jumps);
  return out;
}

// NumPy stirs its state with the full multiplier; only the steps behind it use the cheap one.
Pcg64Dxsm::Pcg64Dxsm(const SeedSequence& seed) : m_state(seeded(seed)) {}

std::uint64_t Pcg64Dxsm::next_uint64() {
  auto high = static_cast<std::uint64_t>(m_state.state >> 64);
  const std::uint64_t low = static_cast<std::uint64_t>(m_state.state) | 1;
  m_state.state = m_state.state * k_cheap_multiplier + m_state.inc;
  high ^= high >> 32;
  high *= k_cheap_multiplier;
  high ^= high >> 48;
  return high * low;
}

}  // namespace whest::random
