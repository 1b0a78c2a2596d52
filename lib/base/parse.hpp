// SPDX-License-Identifier: MIT
// Numbers typed by a person: the whole text must be one number within bounds, or there is an error that says why.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <whest/base/error.hpp>

namespace whest::base {

// A decimal integer in [min, max]; digits may be grouped by '_' or be written as a whole float such as 1e9 or 68e9.
// `what` names the option in the error.
Expected<std::int64_t> parse_integer(std::string_view what, std::string_view text, std::int64_t min,
                                     std::int64_t max = std::numeric_limits<std::int64_t>::max());

// A seed: an integer in [0, 2^64).
Expected<std::uint64_t> parse_seed(std::string_view what, std::string_view text);

enum class Bound { positive, non_negative };

// A finite decimal number, greater than zero or at least zero; never NaN, never infinite.
Expected<double> parse_real(std::string_view what, std::string_view text, Bound bound);

// Checks of values that are numbers already (from a JSON file), with the same sentences.
Expected<double> check_real(std::string_view what, double value, Bound bound);
Expected<std::int64_t> check_integer(std::string_view what, std::int64_t value, std::int64_t min, std::int64_t max);

// Bytes with an optional suffix K, M, G or T (powers of 1024; "KiB" and so on too): "8G", "65536M", "8589934592".
Expected<std::int64_t> parse_bytes(std::string_view what, std::string_view text);

}  // namespace whest::base
