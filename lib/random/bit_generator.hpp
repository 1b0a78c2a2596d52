// SPDX-License-Identifier: MIT
// What every distribution draws from: 64-bit words, 32-bit words, uniform doubles and floats, as NumPy's bit generators
// give them. Pcg64 is final and inline: code that names it pays no virtual call.
#pragma once

#include <cstdint>
#include <memory>

namespace whest::random {

class BitGenerator {
 public:
  virtual ~BitGenerator() = default;

  virtual std::uint64_t next_uint64() = 0;
  virtual std::uint32_t next_uint32() = 0;
  // In [0, 1), 53 bits.
  virtual double next_double() = 0;
  // The generator's own word: 64 bits, of MT19937 32.
  virtual std::uint64_t next_raw() { return next_uint64(); }
  virtual std::unique_ptr<BitGenerator> clone() const = 0;

  // In [0, 1), 24 bits.
  float next_float() { return static_cast<float>(next_uint32() >> 8) * (1.0F / 16777216.0F); }
};

constexpr double to_unit_double(std::uint64_t word) {
  return static_cast<double>(word >> 11) * (1.0 / 9007199254740992.0);
}

// A 64-bit generator's 32-bit words: the low half first, the high half kept for the next call.
struct HalfWord {
  bool has_uint32 = false;
  std::uint32_t uinteger = 0;

  template <class Next64>
  std::uint32_t next(Next64&& next_uint64) {
    if (has_uint32) {
      has_uint32 = false;
      return uinteger;
    }
    const std::uint64_t word = next_uint64();
    has_uint32 = true;
    uinteger = static_cast<std::uint32_t>(word >> 32);
    return static_cast<std::uint32_t>(word);
  }
};

}  // namespace whest::random
