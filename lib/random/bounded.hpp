// SPDX-License-Identifier: MIT
// Integers of a closed range, without bias: Lemire's multiplication (arXiv:1805.10941), or masking and rejection, as
// NumPy's Generator and RandomState do. Narrow types cut several numbers out of one 32-bit word.
#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <whest/random/bit_generator.hpp>
#include <whest/random/pcg64.hpp>

namespace whest::random {

enum class Rejection { lemire, masked };

// Uniform on [0, range], 64 bits: 32-bit words where the range allows.
std::uint64_t bounded_uint64(BitGenerator& bits, std::uint64_t range, Rejection rejection);

// Uniform on [0, range] by masking: what RandomState shuffles with.
inline std::uint64_t random_interval(BitGenerator& bits, std::uint64_t range) {
  return bounded_uint64(bits, range, Rejection::masked);
}

// Numbers of one call, of one width: keeps what is left of the last 32-bit word between them. Word is the unsigned type
// of the result; signed results wrap: low + static_cast<Word>(drawn). bool draws single bits.
template <class Word>
class BoundedDraw {
 public:
  explicit BoundedDraw(Rejection rejection) : m_rejection(rejection) {}
  // Uniform on [0, range].
  Word operator()(BitGenerator& bits, Word range);

 private:
  Word next_word(BitGenerator& bits);

  Rejection m_rejection;
  std::uint32_t m_buffer = 0;
  int m_left = 0;
};

extern template class BoundedDraw<bool>;
extern template class BoundedDraw<std::uint8_t>;
extern template class BoundedDraw<std::uint16_t>;
extern template class BoundedDraw<std::uint32_t>;
extern template class BoundedDraw<std::uint64_t>;

}  // namespace whest::random
