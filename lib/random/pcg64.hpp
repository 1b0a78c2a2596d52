// SPDX-License-Identifier: MIT
// O'Neill's PCG with 128 bits of state, as NumPy seeds it: PCG64 (XSL-RR output) and PCG64DXSM.
#pragma once

#include <bit>
#include <cstdint>
#include <memory>
#include <whest/random/bit_generator.hpp>
#include <whest/random/seed_sequence.hpp>

namespace whest::random {

using Uint128 = unsigned __int128;

constexpr Uint128 make_uint128(std::uint64_t high, std::uint64_t low) { return (Uint128{high} << 64) | low; }

class Pcg64 final : public BitGenerator {
 public:
  static constexpr Uint128 k_multiplier = make_uint128(0x2360ed051fc65da4, 0x4385df649fccf645);

  struct State {
    Uint128 state = 0;
    Uint128 inc = 1;  // odd
    HalfWord half;
  };

  explicit Pcg64(const SeedSequence& seed);
  explicit Pcg64(const State& state) : m_state(state) {}

  std::uint64_t next_uint64() override {
    m_state.state = m_state.state * k_multiplier + m_state.inc;
    const auto high = static_cast<std::uint64_t>(m_state.state >> 64);
    return std::rotr(high ^ static_cast<std::uint64_t>(m_state.state), static_cast<int>(high >> 58));
  }
  std::uint32_t next_uint32() override {
    return m_state.half.next([this] { return next_uint64(); });
  }
  double next_double() override { return to_unit_double(next_uint64()); }
  std::unique_ptr<BitGenerator> clone() const override { return std::make_unique<Pcg64>(*this); }

  // As if delta words had been drawn (modulo 2^128, so a negative delta steps back). The kept half word is dropped.
  void advance(Uint128 delta);
  // A copy that is `jumps` times 2^128 / golden ratio words ahead.
  Pcg64 jumped(std::uint64_t jumps = 1) const;

  const State& state() const { return m_state; }

 private:
  State m_state;
};

class Pcg64Dxsm final : public BitGenerator {
 public:
  explicit Pcg64Dxsm(const SeedSequence& seed);

  std::uint64_t next_uint64() override;
  std::uint32_t next_uint32() override {
    return m_state.half.next([this] { return next_uint64(); });
  }
  double next_double() override { return to_unit_double(next_uint64()); }
  std::unique_ptr<BitGenerator> clone() const override { return std::make_unique<Pcg64Dxsm>(*this); }

 private:
  Pcg64::State m_state;
};

}  // namespace whest::random
