// SPDX-License-Identifier: MIT
// How the golden random files write numbers: decimal strings beyond 32 bits, hex floats.
#pragma once

#include <cstdint>
#include <golden.hpp>
#include <string>
#include <vector>
#include <whest/random/entropy.hpp>
#include <whest/random/pcg64.hpp>

namespace whest::test {

using nlohmann::ordered_json;

inline std::string decimal_of(const ordered_json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

inline std::uint64_t uint64_of(const ordered_json& value) { return std::stoull(decimal_of(value)); }

inline random::Entropy entropy_of(const ordered_json& value) {
  if (!value.is_array()) return random::Entropy::from_decimal(decimal_of(value)).value();
  std::vector<random::Entropy> members;
  for (const auto& member : value) members.push_back(entropy_of(member));
  return random::Entropy::from_list(members);
}

inline std::vector<std::uint64_t> spawn_key_of(const ordered_json& value) {
  std::vector<std::uint64_t> key;
  for (const auto& part : value) key.push_back(uint64_of(part));
  return key;
}

// Up to 2^128, with a sign (two's complement).
inline random::Uint128 uint128_of(const ordered_json& value) {
  const std::string digits = decimal_of(value);
  const bool negative = digits.starts_with('-');
  random::Uint128 out = 0;
  for (const char c : digits.substr(negative ? 1 : 0)) out = out * 10 + static_cast<random::Uint128>(c - '0');
  return negative ? ~out + 1 : out;
}

inline bool same_state(const random::Pcg64& got, const ordered_json& want) {
  const auto& state = got.state();
  return state.state == uint128_of(want["state"]) && state.inc == uint128_of(want["inc"]) &&
         state.half.has_uint32 == (want["has_uint32"] != 0) &&
         state.half.uinteger == want["uinteger"].get<std::uint32_t>();
}

}  // namespace whest::test
