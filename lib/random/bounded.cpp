// SPDX-License-Identifier: MIT
#include <type_traits>
#include <whest/random/bounded.hpp>

namespace whest::random {
namespace {

// The smallest 2^k - 1 that covers the range.
template <class Word>
constexpr Word mask_of(Word range) {
  return static_cast<Word>(range == 0 ? 0 : std::numeric_limits<Word>::max() >> std::countl_zero(range));
}

template <class Word, class Next>
Word masked(Word range, Next&& next) {
  const Word mask = mask_of(range);
  for (;;) {
    const Word value = next() & mask;
    if (value <= range) return value;
  }
}

// Wide holds Word squared. The range is below the type's maximum.
template <class Word, class Wide, class Next>
Word lemire(Word range, Next&& next) {
  const auto count = static_cast<Word>(range + 1);
  Wide product = static_cast<Wide>(next()) * count;
  if (static_cast<Word>(product) < count) {
    const auto threshold = static_cast<Word>(static_cast<Word>(std::numeric_limits<Word>::max() - range) % count);
    while (static_cast<Word>(product) < threshold) product = static_cast<Wide>(next()) * count;
  }
  return static_cast<Word>(product >> std::numeric_limits<Word>::digits);
}

template <class Word, class Wide, class Next>
Word bounded(Word range, Rejection rejection, Next&& next) {
  if (range == 0) return 0;
  if (range == std::numeric_limits<Word>::max()) return next();
  return rejection == Rejection::masked ? masked<Word>(range, next) : lemire<Word, Wide>(range, next);
}

}  // namespace

std::uint64_t bounded_uint64(BitGenerator& bits, std::uint64_t range, Rejection rejection) {
  if (range <= std::numeric_limits<std::uint32_t>::max()) {
    return bounded<std::uint32_t, std::uint64_t>(static_cast<std::uint32_t>(range), rejection,
                                                 [&] { return bits.next_uint32(); });
  }
  return bounded<std::uint64_t, Uint128>(range, rejection, [&] { return bits.next_uint64(); });
}

template <class Word>
Word BoundedDraw<Word>::next_word(BitGenerator& bits) {
  if constexpr (sizeof(Word) == 4) return bits.next_uint32();
  constexpr int k_width = std::numeric_limits<Word>::digits;  // bool: 1
  if (m_left == 0) {
    m_buffer = bits.next_uint32();
    m_left = 32 / k_width - 1;
  } else {
    m_buffer >>= k_width % 32;
    --m_left;
  }
  if constexpr (std::is_same_v<Word, bool>) return (m_buffer & 1) != 0;
  return static_cast<Word>(m_buffer);
}

template <class Word>
Word BoundedDraw<Word>::operator()(BitGenerator& bits, Word range) {
  if constexpr (std::is_same_v<Word, bool>) {
    return range && next_word(bits);
  } else if constexpr (sizeof(Word) == 8) {
    return bounded_uint64(bits, range, m_rejection);
  } else {
    using Wide = std::conditional_t<sizeof(Word) == 4, std::uint64_t, std::uint32_t>;
    return bounded<Word, Wide>(range, m_rejection, [&] { return next_word(bits); });
  }
}

template class BoundedDraw<bool>;
template class BoundedDraw<std::uint8_t>;
template class BoundedDraw<std::uint16_t>;
template class BoundedDraw<std::uint32_t>;
template class BoundedDraw<std::uint64_t>;

}  // namespace whest::random
