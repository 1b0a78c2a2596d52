// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <whest/base/parse.hpp>

namespace whest::base {

namespace {

constexpr double k_exact_limit = 9007199254740992.0;  // 2^53: whole floats above it need not be what was typed

// from_chars over the whole text: nothing before the number, nothing behind it.
template <class T>
bool whole(std::string_view text, T& value) {
  if (text.empty()) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

// "68_000" -> "68000"; a '_' that does not stand between two digits is kept, so that the number is refused.
std::string without_groups(std::string_view text) {
  const auto digit = [&](std::size_t i) { return i < text.size() && text[i] >= '0' && text[i] <= '9'; };
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool group = text[i] == '_' && i > 0 && digit(i - 1) && digit(i + 1);
    if (!group) plain += text[i];
  }
  return plain;
}

std::unexpected<Error> not_an_integer(std::string_view what, std::string_view text) {
  return usage_error(fmt::format("{} must be an integer, got '{}'.", what, text));
}

// An integer, but beyond what is counted exactly.
std::unexpected<Error> out_of_range(std::string_view what, std::string_view text, bool negative, std::int64_t max) {
  if (negative) return usage_error(fmt::format("{} is too small, got {}.", what, text));
  return usage_error(fmt::format("{} must be at most {}, got {}.", what, max, text));
}

}  // namespace

Expected<std::int64_t> check_integer(std::string_view what, std::int64_t value, std::int64_t min, std::int64_t max) {
  if (value >= min && value <= max) return value;
  if (value < min && min == 1) return usage_error(fmt::format("{} must be positive, got {}.", what, value));
  if (value < min && min == 0) return usage_error(fmt::format("{} must not be negative, got {}.", what, value));
  if (value < min) return usage_error(fmt::format("{} must be at least {}, got {}.", what, min, value));
  return usage_error(fmt::format("{} must be at most {}, got {}.", what, max, value));
}

Expected<std::int64_t> parse_integer(std::string_view what, std::string_view text, std::int64_t min, std::int64_t max) {
  const std::string plain = without_groups(text);
  std::int64_t value = 0;
  if (!whole(plain, value)) {
    double real = 0.0;
    const bool is_whole = whole(plain, real) && std::isfinite(real) && std::trunc(real) == real;
    if (is_whole && std::fabs(real) > k_exact_limit) return out_of_range(what, text, real < 0, max);
    if (!is_whole) return not_an_integer(what, text);
    value = static_cast<std::int64_t>(real);
  }
  return check_integer(what, value, min, max);
}

Expected<std::uint64_t> parse_seed(std::string_view what, std::string_view text) {
  const std::string plain = without_groups(text);
  std::uint64_t value = 0;
  if (whole(plain, value)) return value;
  std::int64_t negative = 0;
  if (whole(plain, negative)) return usage_error(fmt::format("{} must not be negative, got {}.", what, negative));
  if (!plain.empty() && plain.find_first_not_of("0123456789") == std::string::npos) {
    return usage_error(
        fmt::format("{} must be at most {}, got {}.", what, std::numeric_limits<std::uint64_t>::max(), text));
  }
  return not_an_integer(what, text);
}

Expected<double> check_real(std::string_view what, double value, Bound bound) {
  if (!std::isfinite(value)) return usage_error(fmt::format("{} must be a finite number, got {}.", what, value));
  if (bound == Bound::positive && !(value > 0.0)) {
    return usage_error(fmt::format("{} must be positive, got {}.", what, value));
  }
  if (bound == Bound::non_negative && value < 0.0) {
    return usage_error(fmt::format("{} must not be negative, got {}.", what, value));
  }
  return value;
}

Expected<double> parse_real(std::string_view what, std::string_view text, Bound bound) {
  double value = 0.0;
  if (!whole(without_groups(text), value))
    return usage_error(fmt::format("{} must be a number, got '{}'.", what, text));
  return check_real(what, value, bound);
}

Expected<std::int64_t> parse_bytes(std::string_view what, std::string_view text) {
  std::string_view digits = text;
  std::int64_t unit = 1;
  for (const std::string_view tail : {"iB", "B"}) {
    if (digits.ends_with(tail)) {
      digits.remove_suffix(tail.size());
      break;
    }
  }
  constexpr std::string_view k_letters = "KMGT";
  if (!digits.empty()) {
    const std::size_t power = k_letters.find(digits.back());
    if (power != std::string_view::npos) {
      unit = std::int64_t{1} << (10 * (power + 1));
      digits.remove_suffix(1);
    }
  }
  const auto count = parse_integer(what, digits, 1, std::numeric_limits<std::int64_t>::max() / unit);
  if (!count) return usage_error(fmt::format("{} must be a positive size such as 8G or 512M, got '{}'.", what, text));
  return *count * unit;
}

}  // namespace whest::base
