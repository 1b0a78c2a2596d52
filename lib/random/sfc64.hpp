// SPDX-License-Identifier: MIT
// Doty-Humphrey's small fast chaotic generator SFC64, as NumPy seeds it.
#pragma once

#include <bit>
#include <cstdint>
#include <memory>
#include <whest/random/bit_generator.hpp>
#include <whest/random/seed_sequence.hpp>

namespace whest::random {

class Sfc64 final : public BitGenerator {
 public:
  explicit Sfc64(const SeedSequence& seed) {
    const auto words = seed.generate_state64(3);
    m_a = words[0];
    m_b = words[1];
    m_c = words[2];
    for (int i = 0; i < 12; ++i) next_uint64();
  }

  std::uint64_t next_uint64() override {
    const std::uint64_t out = m_a + m_b + m_counter++;
    m_a = m_b ^ (m_b >> 11);
    m_b = m_c + (m_c << 3);
    m_c = std::rotl(m_c, 24) + out;
    return out;
  }
  std::uint32_t next_uint32() override {
    return m_half.next([this] { return next_uint64(); });
  }
  double next_double() override { return to_unit_double(next_uint64()); }
  std::unique_ptr<BitGenerator> clone() const override { return std::make_unique<Sfc64>(*this); }

 private:
  std::uint64_t m_a = 0;
  std::uint64_t m_b = 0;
  std::uint64_t m_c = 0;
  std::uint64_t m_counter = 1;
  HalfWord m_half;
};

}  // namespace whest::random
