// SPDX-License-Identifier: MIT
#include <whest/random/pcg64.hpp>
#include <whest/random/philox4x64.hpp>

namespace whest::random {
namespace {

std::array<std::uint64_t, 4> philox4x64_10(std::array<std::uint64_t, 4> counter, std::array<std::uint64_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const Uint128 a = Uint128{counter[0]} * 0xd2e7470ee14c6c93;
    const Uint128 b = Uint128{counter[2]} * 0xca5a826395121157;
    counter = {static_cast<std::uint64_t>(b >> 64) ^ counter[1] ^ key[0], static_cast<std::uint64_t>(b),
               static_cast<std::uint64_t>(a >> 64) ^ counter[3] ^ key[1], static_cast<std::uint64_t>(a)};
    key[0] += 0x9e3779b97f4a7c15;
    key[1] += 0xbb67ae8584caa73b;
  }
  return counter;
}

}  // namespace

std::uint64_t Philox4x64::next_uint64() {
  if (m_used == m_block.size()) {
    for (std::uint64_t& word : m_counter) {
      if (++word != 0) break;
    }
    m_block = philox4x64_10(m_counter, m_key);
    m_used = 0;
  }
  return m_block[m_used++];
}

}  // namespace whest::random
