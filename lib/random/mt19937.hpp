// SPDX-License-Identifier: MIT
// Matsumoto and Nishimura's Mersenne Twister, seeded as NumPy's RandomState does (an integer, or an array of words) or
// from a SeedSequence.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <whest/random/bit_generator.hpp>
#include <whest/random/seed_sequence.hpp>

namespace whest::random {

class Mt19937 final : public BitGenerator {
 public:
  explicit Mt19937(const SeedSequence& seed);
  // The legacy seeding of 2002: one word ...
  explicit Mt19937(std::uint32_t seed);
  // ... or an array of them (not empty).
  explicit Mt19937(std::span<const std::uint32_t> key);

  std::uint32_t next_uint32() override;
  std::uint64_t next_uint64() override {
    const std::uint64_t high = next_uint32();
    return (high << 32) | next_uint32();
  }
  double next_double() override {
    const std::uint32_t high = next_uint32() >> 5;
    const std::uint32_t low = next_uint32() >> 6;
    return (high * 67108864.0 + low) / 9007199254740992.0;
  }
  std::uint64_t next_raw() override { return next_uint32(); }
  std::unique_ptr<BitGenerator> clone() const override { return std::make_unique<Mt19937>(*this); }

 private:
  static constexpr std::size_t k_size = 624;

  void fill_from(std::uint32_t seed);
  void refill();

  std::array<std::uint32_t, k_size> m_key{};
  std::size_t m_position = k_size;
};

}  // namespace whest::random
