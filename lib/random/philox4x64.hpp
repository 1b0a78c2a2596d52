// SPDX-License-Identifier: MIT
// NumPy's bit generator Philox: Philox4x64-10 of Salmon et al. (2011), its key from a SeedSequence, its counter from 1.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <whest/random/bit_generator.hpp>
#include <whest/random/seed_sequence.hpp>

namespace whest::random {

class Philox4x64 final : public BitGenerator {
 public:
  explicit Philox4x64(const SeedSequence& seed) {
    const auto words = seed.generate_state64(2);
    m_key = {words[0], words[1]};
  }

  std::uint64_t next_uint64() override;
  std::uint32_t next_uint32() override {
    return m_half.next([this] { return next_uint64(); });
  }
  double next_double() override { return to_unit_double(next_uint64()); }
  std::unique_ptr<BitGenerator> clone() const override { return std::make_unique<Philox4x64>(*this); }

 private:
  std::array<std::uint64_t, 4> m_counter{};
  std::array<std::uint64_t, 2> m_key{};
  std::array<std::uint64_t, 4> m_block{};
  std::size_t m_used = 4;
  HalfWord m_half;
};

}  // namespace whest::random
