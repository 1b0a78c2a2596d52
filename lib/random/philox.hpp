// SPDX-License-Identifier: MIT
// Our own samples: Philox4x32-10 (Salmon et al. 2011) keyed by (seed, stream) with the counter (network, chunk, index).
// A number depends on its address alone, so threads, ranks and slices give the same ones.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <span>

namespace whest::random {

// One block: four 32-bit words of a 128-bit counter and a 64-bit key.
constexpr std::array<std::uint32_t, 4> philox4x32_10(std::array<std::uint32_t, 4> counter,
                                                     std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t{counter[0]} * 0xd2511f53U;
    const std::uint64_t b = std::uint64_t{counter[2]} * 0xcd9e8d57U;
    counter = {static_cast<std::uint32_t>(b >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(b),
               static_cast<std::uint32_t>(a >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(a)};
    key[0] += 0x9e3779b9U;
    key[1] += 0xbb67ae85U;
  }
  return counter;
}

// Where a chunk of normals lives.
struct PhiloxAddress {
  std::uint32_t seed = 0;
  std::uint32_t stream = 0;
  std::uint32_t network = 0;
  std::uint32_t chunk = 0;
};

// The four float32 normals of one block: Box-Muller on two pairs of 32-bit words. The radius takes (w + 1) / 2^32,
// which is never 0, so the values stay within 6.67. In double until the end: the rounding to float32 is then the only
// one that shows, whatever the libm.
inline std::array<float, 4> philox_normals(const PhiloxAddress& address, std::uint64_t block) {
  const auto words = philox4x32_10(
      {static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(block >> 32), address.chunk, address.network},
      {address.seed, address.stream});
  std::array<float, 4> out{};
  for (std::size_t pair = 0; pair < 2; ++pair) {
    const double radius = std::sqrt(-2.0 * std::log((words[2 * pair] + 1.0) * 0x1p-32));
    const double angle = (words[2 * pair + 1] * 0x1p-32) * (2.0 * std::numbers::pi);
    out[2 * pair] = static_cast<float>(radius * std::cos(angle));
    out[2 * pair + 1] = static_cast<float>(radius * std::sin(angle));
  }
  return out;
}

// Normals first, first + 1, ... of the chunk, one for each place of `out`.
inline void fill_philox_normals(const PhiloxAddress& address, std::uint64_t first, std::span<float> out) {
  std::size_t filled = 0;
  while (filled < out.size()) {
    const std::uint64_t index = first + filled;
    const auto four = philox_normals(address, index / 4);
    for (std::size_t lane = index % 4; lane < 4 && filled < out.size(); ++lane) out[filled++] = four[lane];
  }
}

}  // namespace whest::random
