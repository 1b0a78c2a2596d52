// SPDX-License-Identifier: MIT
#include <algorithm>
#include <whest/random/mt19937.hpp>

namespace whest::random {

Mt19937::Mt19937(const SeedSequence& seed) {
  const auto words = seed.generate_state32(k_size);
  std::ranges::copy(words, m_key.begin());
  m_key[0] = 0x80000000;  // never all zero
  m_position = k_size - 1;
}

Mt19937::Mt19937(std::uint32_t seed) { fill_from(seed); }

Mt19937::Mt19937(std::span<const std::uint32_t> key) {
  fill_from(19650218);
  std::size_t i = 1;
  std::size_t j = 0;
  const auto mixed = [&](std::uint32_t factor) { return m_key[i] ^ ((m_key[i - 1] ^ (m_key[i - 1] >> 30)) * factor); };
  const auto step = [&] {
    if (++i < k_size) return;
    m_key[0] = m_key[k_size - 1];
    i = 1;
  };
  for (std::size_t k = std::max(k_size, key.size()); k > 0; --k) {
    m_key[i] = mixed(1664525) + key[j] + static_cast<std::uint32_t>(j);
    step();
    if (++j >= key.size()) j = 0;
  }
  for (std::size_t k = k_size - 1; k > 0; --k) {
    m_key[i] = mixed(1566083941) - static_cast<std::uint32_t>(i);
    step();
  }
  m_key[0] = 0x80000000;
}

void Mt19937::fill_from(std::uint32_t seed) {
  for (std::size_t i = 0; i < k_size; ++i) {
    m_key[i] = seed;
    seed = 1812433253U * (seed ^ (seed >> 30)) + static_cast<std::uint32_t>(i) + 1;
  }
  m_position = k_size;
}

void Mt19937::refill() {
  constexpr std::size_t k_shift = 397;
  for (std::size_t i = 0; i < k_size; ++i) {
    const std::uint32_t y = (m_key[i] & 0x80000000U) | (m_key[(i + 1) % k_size] & 0x7fffffffU);
    m_key[i] = m_key[(i + k_shift) % k_size] ^ (y >> 1) ^ ((y & 1U) != 0 ? 0x9908b0dfU : 0U);
  }
  m_position = 0;
}

std::uint32_t Mt19937::next_uint32() {
  if (m_position == k_size) refill();
  std::uint32_t y = m_key[m_position++];
  y ^= y >> 11;
  y ^= (y << 7) & 0x9d2c5680U;
  y ^= (y << 15) & 0xefc60000U;
  return y ^ (y >> 18);
}

}  // namespace whest::random
