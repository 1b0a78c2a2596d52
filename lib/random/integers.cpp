// SPDX-License-Identifier: MIT
#include <array>
#include <type_traits>
#include <whest/random/integers.hpp>

namespace whest::random {
namespace {

struct TypeFacts {
  std::string_view name;
  int bits;
  bool is_signed;
};

constexpr std::array<TypeFacts, 9> k_types = {{{"bool", 1, false},
                                               {"int8", 8, true},
                                               {"uint8", 8, false},
                                               {"int16", 16, true},
                                               {"uint16", 16, false},
                                               {"int32", 32, true},
                                               {"uint32", 32, false},
                                               {"int64", 64, true},
                                               {"uint64", 64, false}}};

const TypeFacts& facts_of(IntegerType type) { return k_types[static_cast<std::size_t>(type)]; }

}  // namespace

std::optional<std::string> refuse_integers(IntegerType type, Int128 low, Int128 last, bool endpoint) {
  const TypeFacts& facts = facts_of(type);
  const Int128 least = facts.is_signed ? -(Int128{1} << (facts.bits - 1)) : 0;
  const Int128 most = (Int128{1} << (facts.is_signed ? facts.bits - 1 : facts.bits)) - 1;
  if (low < least) return "low is out of bounds for " + std::string(facts.name);
  if (last > most) return "high is out of bounds for " + std::string(facts.name);
  if (low <= last) return std::nullopt;
  if (low == 0) return endpoint ? "high < 0" : "high <= 0";
  return endpoint ? "low > high" : "low >= high";
}

IntegerDraw::IntegerDraw(Stream& stream, IntegerType type)
    : m_stream(stream), m_type(type), m_draw(BoundedDraw<bool>(Rejection::lemire)) {
  const auto rejection = stream.algorithms == Algorithms::random_state ? Rejection::masked : Rejection::lemire;
  switch (facts_of(type).bits) {
    case 1:
      break;
    case 8:
      m_draw = BoundedDraw<std::uint8_t>(rejection);
      break;
    case 16:
      m_draw = BoundedDraw<std::uint16_t>(rejection);
      break;
    case 32:
      m_draw = BoundedDraw<std::uint32_t>(rejection);
      break;
    default:
      m_draw = BoundedDraw<std::uint64_t>(rejection);
  }
}

std::uint64_t IntegerDraw::operator()(Int128 low, Int128 last) {
  const auto range = static_cast<std::uint64_t>(last - low);
  const std::uint64_t drawn = std::visit(
      [&]<class Word>(BoundedDraw<Word>& draw) {
        return static_cast<std::uint64_t>(draw(*m_stream.bits, static_cast<Word>(range)));
      },
      m_draw);
  return static_cast<std::uint64_t>(low) + drawn;  // wraps into two's complement
}

std::string random_bytes(Stream& stream, std::size_t length) {
  std::string bytes;
  while (bytes.size() < length) {
    const std::uint32_t word = stream.bits->next_uint32();
    for (int byte = 0; byte < 4; ++byte) bytes.push_back(static_cast<char>(word >> (8 * byte)));
  }
  bytes.resize(length);
  return bytes;
}

}  // namespace whest::random
