// SPDX-License-Identifier: MIT
#include <bit>
#include <whest/ground_truth/kerdock.hpp>

namespace whest::ground_truth {

namespace {

// GF(2^bits) for odd bits <= 11, elements as polynomials over GF(2) modulo an irreducible one.
class Field {
 public:
  explicit Field(int bits) : m_bits(bits) {
    constexpr std::uint32_t k_moduli[] = {0x3, 0xB, 0x25, 0x83, 0x211, 0x805};  // degrees 1, 3, 5, 7, 9, 11
    m_modulus = k_moduli[bits / 2];
  }

  std::uint32_t multiply(std::uint32_t a, std::uint32_t b) const {
    std::uint32_t product = 0;
    for (; b != 0; b >>= 1) {
      if ((b & 1) != 0) product ^= a;
      a <<= 1;
      if ((a >> m_bits) != 0) a ^= m_modulus;
    }
    return product;
  }
  // a + a^2 + a^4 + ...: 0 or 1.
  std::uint32_t trace(std::uint32_t a) const {
    std::uint32_t sum = 0;
    for (int i = 0; i < m_bits; ++i, a = multiply(a, a)) sum ^= a;
    return sum;
  }
  int bits() const { return m_bits; }

 private:
  int m_bits;
  std::uint32_t m_modulus;
};

// Kerdock's quadratic form on GF(2^bits) x GF(2), of y = s x and the last bit e:
// sum over i = 1..(bits - 1) / 2 of Tr(y^(2^i + 1)), plus e Tr(y).
std::uint32_t form(const Field& field, std::uint32_t y, std::uint32_t e) {
  std::uint32_t sum = e & field.trace(y);
  std::uint32_t power = y;
  for (int i = 1; i <= (field.bits() - 1) / 2; ++i) {
    power = field.multiply(power, power);
    sum ^= field.trace(field.multiply(power, y));
  }
  return sum;
}

}  // namespace

bool is_kerdock_width(std::int64_t n) {
  return n >= 4 && n <= 4096 && std::has_single_bit(static_cast<std::uint64_t>(n)) &&
         std::countr_zero(static_cast<std::uint64_t>(n)) % 2 == 0;
}

KerdockSet::KerdockSet(std::int64_t n)
    : m_n(n), m_forms(static_cast<std::size_t>(n / 2 * n)), m_hadamard(static_cast<std::size_t>(n * n)) {
  const Field field(std::countr_zero(static_cast<std::uint64_t>(n)) - 1);
  const auto half = static_cast<std::uint32_t>(n / 2);
  std::vector<std::uint8_t> values(static_cast<std::size_t>(n));  // the form of y and e, at y + e n / 2
  for (std::uint32_t y = 0; y < half; ++y) {
    values[y] = static_cast<std::uint8_t>(form(field, y, 0));
    values[y + half] = static_cast<std::uint8_t>(form(field, y, 1));
  }
  for (std::uint32_t s = 0; s < half; ++s) {
    std::uint8_t* row = m_forms.data() + static_cast<std::size_t>(s) * static_cast<std::size_t>(n);
    for (std::uint32_t x = 0; x < half; ++x) {
      const std::uint32_t y = field.multiply(s, x);
      row[x] = values[y];
      row[x + half] = values[y + half];
    }
  }
  for (std::uint32_t b = 0; b < 2 * half; ++b) {
    for (std::uint32_t v = 0; v < 2 * half; ++v) {
      m_hadamard[std::size_t{b} * 2 * half + v] = static_cast<std::uint8_t>(std::popcount(b & v) & 1);
    }
  }
}

}  // namespace whest::ground_truth
