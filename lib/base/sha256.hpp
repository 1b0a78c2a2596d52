// SPDX-License-Identifier: MIT
// SHA-256 as lowercase hex, by libsodium.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace whest::base {

std::string sha256_hex(std::span<const std::byte> bytes);
std::string sha256_hex(std::string_view text);

}  // namespace whest::base
