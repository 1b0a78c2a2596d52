// SPDX-License-Identifier: MIT
#include <algorithm>
#include <whest/random/seed_sequence.hpp>

namespace whest::random {
namespace {

constexpr std::uint32_t k_init_a = 0x43b0d7e5;
constexpr std::uint32_t k_mult_a = 0x931e8875;
constexpr std::uint32_t k_init_b = 0x8b51f9dd;
constexpr std::uint32_t k_mult_b = 0x58f38ded;
constexpr std::uint32_t k_mix_mult_left = 0xca01f9dd;
constexpr std::uint32_t k_mix_mult_right = 0x4973f715;
constexpr int k_shift = 16;

// One word hashed; the constant moves on with every use.
class Hasher {
 public:
  explicit Hasher(std::uint32_t init, std::uint32_t mult) : m_constant(init), m_mult(mult) {}
  std::uint32_t operator()(std::uint32_t value) {
    value ^= m_constant;
    m_constant *= m_mult;
    value *= m_constant;
    return value ^ (value >> k_shift);
  }

 private:
  std::uint32_t m_constant;
  std::uint32_t m_mult;
};

std::uint32_t mix(std::uint32_t x, std::uint32_t y) {
  const std::uint32_t value = k_mix_mult_left * x - k_mix_mult_right * y;
  return value ^ (value >> k_shift);
}

std::vector<std::uint32_t> mixed_pool(const std::vector<std::uint32_t>& words, std::size_t size) {
  Hasher hash(k_init_a, k_mult_a);
  std::vector<std::uint32_t> pool(size);
  for (std::size_t i = 0; i < size; ++i) pool[i] = hash(i < words.size() ? words[i] : 0);
  for (std::size_t from = 0; from < size; ++from) {
    for (std::size_t to = 0; to < size; ++to) {
      if (from != to) pool[to] = mix(pool[to], hash(pool[from]));
    }
  }
  for (std::size_t from = size; from < words.size(); ++from) {
    for (std::uint32_t& to : pool) to = mix(to, hash(words[from]));
  }
  return pool;
}

}  // namespace

SeedSequence::SeedSequence(Entropy entropy, std::vector<std::uint64_t> spawn_key, std::size_t pool_size)
    : m_entropy(std::move(entropy)), m_spawn_key(std::move(spawn_key)) {
  pool_size = std::max(pool_size, k_default_pool_size);
  std::vector<std::uint32_t> words = m_entropy.words();
  // Zeros before the key keep a short entropy with a key apart from the longer entropy that has the same words.
  if (!m_spawn_key.empty() && words.size() < pool_size) words.resize(pool_size, 0);
  for (const std::uint64_t key : m_spawn_key) {
    const Entropy key_words(key);
    words.insert(words.end(), key_words.words().begin(), key_words.words().end());
  }
  m_pool = mixed_pool(words, pool_size);
}

std::vector<std::uint32_t> SeedSequence::generate_state32(std::size_t n) const {
  Hasher hash(k_init_b, k_mult_b);
  std::vector<std::uint32_t> words(n);
  for (std::size_t i = 0; i < n; ++i) words[i] = hash(m_pool[i % m_pool.size()]);
  return words;
}

std::vector<std::uint64_t> SeedSequence::generate_state64(std::size_t n) const {
  const std::vector<std::uint32_t> halves = generate_state32(2 * n);
  std::vector<std::uint64_t> words(n);
  for (std::size_t i = 0; i < n; ++i) words[i] = halves[2 * i] | (std::uint64_t{halves[2 * i + 1]} << 32);
  return words;
}

std::vector<SeedSequence> SeedSequence::spawn(std::size_t n) {
  std::vector<SeedSequence> children;
  children.reserve(n);
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<std::uint64_t> key = m_spawn_key;
    key.push_back(m_n_children_spawned++);
    children.emplace_back(m_entropy, std::move(key), m_pool.size());
  }
  return children;
}

}  // namespace whest::random
