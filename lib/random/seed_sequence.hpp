// SPDX-License-Identifier: MIT
// NumPy's SeedSequence (after O'Neill's seed_seq): mixes entropy into a pool, from which streams of words and
// independent children are made. The same entropy and key give the same words everywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>
#include <whest/random/entropy.hpp>

namespace whest::random {

class SeedSequence {
 public:
  static constexpr std::size_t k_default_pool_size = 4;

  // pool_size: at least 4 words (smaller ones are raised to 4).
  explicit SeedSequence(Entropy entropy, std::vector<std::uint64_t> spawn_key = {},
                        std::size_t pool_size = k_default_pool_size);

  // n words of the stream; every call begins anew.
  std::vector<std::uint32_t> generate_state32(std::size_t n) const;
  std::vector<std::uint64_t> generate_state64(std::size_t n) const;

  // The next n children: this key with n_children_spawned(), +1, ... behind it.
  std::vector<SeedSequence> spawn(std::size_t n);

  const Entropy& entropy() const { return m_entropy; }
  const std::vector<std::uint64_t>& spawn_key() const { return m_spawn_key; }
  std::span<const std::uint32_t> pool() const { return m_pool; }
  std::uint64_t n_children_spawned() const { return m_n_children_spawned; }

 private:
  Entropy m_entropy;
  std::vector<std::uint64_t> m_spawn_key;
  std::vector<std::uint32_t> m_pool;
  std::uint64_t m_n_children_spawned = 0;
};

}  // namespace whest::random
