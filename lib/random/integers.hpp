// SPDX-License-Identifier: MIT
// integers / randint: uniform integers of every dtype between bounds, on a Stream.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <whest/random/bounded.hpp>
#include <whest/random/stream.hpp>

namespace whest::random {

enum class IntegerType { boolean, int8, uint8, int16, uint16, int32, uint32, int64, uint64 };

// Wide enough for every bound of every type.
using Int128 = __int128;

// Why [low, last] (both included) is refused for the type, in NumPy's words; `endpoint` says how the caller wrote it.
std::optional<std::string> refuse_integers(IntegerType type, Int128 low, Int128 last, bool endpoint);

// The integers of one call: narrow types share 32-bit words, so one call is one object.
class IntegerDraw {
 public:
  IntegerDraw(Stream& stream, IntegerType type);
  // Uniform on [low, last], as the two's complement bits of the type (in the low bytes; a signed type's sign extended).
  std::uint64_t operator()(Int128 low, Int128 last);

 private:
  Stream& m_stream;
  IntegerType m_type;
  std::variant<BoundedDraw<bool>, BoundedDraw<std::uint8_t>, BoundedDraw<std::uint16_t>, BoundedDraw<std::uint32_t>,
               BoundedDraw<std::uint64_t>>
      m_draw;
};

// length random bytes.
std::string random_bytes(Stream& stream, std::size_t length);

}  // namespace whest::random
