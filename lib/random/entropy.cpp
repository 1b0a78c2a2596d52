// SPDX-License-Identifier: MIT
#include <sodium.h>

#include <algorithm>
#include <array>
#include <whest/random/entropy.hpp>

namespace whest::random {

Entropy::Entropy(std::uint64_t value) {
  m_words.push_back(static_cast<std::uint32_t>(value));
  if (value >> 32 != 0) m_words.push_back(static_cast<std::uint32_t>(value >> 32));
}

base::Expected<Entropy> Entropy::from_decimal(std::string_view digits) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (digits.empty() || digits.size() > 1000 || !std::ranges::all_of(digits, is_digit)) {
    return base::usage_error("a seed is a non-negative whole number, got \"" + std::string(digits.substr(0, 80)) +
                             "\"");
  }
  Entropy out;
  for (const char c : digits) {
    std::uint64_t carry = static_cast<std::uint64_t>(c - '0');
    for (std::uint32_t& word : out.m_words) {
      carry += std::uint64_t{word} * 10;
      word = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    if (carry != 0) out.m_words.push_back(static_cast<std::uint32_t>(carry));
  }
  return out;
}

Entropy Entropy::from_list(const std::vector<Entropy>& members) {
  Entropy out;
  if (members.empty()) return out;
  out.m_words.clear();
  for (const Entropy& member : members)
    out.m_words.insert(out.m_words.end(), member.m_words.begin(), member.m_words.end());
  return out;
}

Entropy Entropy::from_system() {
  std::array<std::uint32_t, 4> words{};
  randombytes_buf(words.data(), sizeof words);
  Entropy out;
  out.m_words.assign(words.begin(), words.end());
  while (out.m_words.size() > 1 && out.m_words.back() == 0) out.m_words.pop_back();
  return out;
}

std::string Entropy::to_decimal() const {
  std::vector<std::uint32_t> rest = m_words;
  std::string digits;
  while (!rest.empty()) {
    std::uint64_t remainder = 0;
    for (auto word = rest.rbegin(); word != rest.rend(); ++word) {
      remainder = (remainder << 32) | *word;
      *word = static_cast<std::uint32_t>(remainder / 10);
      remainder %= 10;
    }
    digits.push_back(static_cast<char>('0' + remainder));
    while (!rest.empty() && rest.back() == 0) rest.pop_back();
  }
  std::ranges::reverse(digits);
  return digits;
}

}  // namespace whest::random
