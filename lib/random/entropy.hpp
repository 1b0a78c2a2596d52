// SPDX-License-Identifier: MIT
// Entropy for a SeedSequence: a non-negative integer of any size, or a list of them, as 32-bit words.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>
#include <whest/base/error.hpp>

namespace whest::random {

class Entropy {
 public:
  Entropy() : m_words{0} {}
  Entropy(std::uint64_t value);  // NOLINT(google-explicit-constructor): an integer is an entropy

  // Decimal digits only: no sign, no blank, nothing after them.
  static base::Expected<Entropy> from_decimal(std::string_view digits);
  // A list: the words of its members, one after the other.
  static Entropy from_list(const std::vector<Entropy>& members);
  // 128 bits of the operating system's.
  static Entropy from_system();

  // Least significant word first; never empty. [0] for 0.
  const std::vector<std::uint32_t>& words() const { return m_words; }
  // The words as one integer. from_decimal(to_decimal()) gives the same words back (but for a list's leading zeros).
  std::string to_decimal() const;

 private:
  std::vector<std::uint32_t> m_words;
};

}  // namespace whest::random
