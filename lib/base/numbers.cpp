// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cmath>
#include <whest/base/numbers.hpp>

namespace whest::base {

namespace {

std::string with_commas(std::string digits) {
  const std::size_t sign = digits.starts_with('-') ? 1 : 0;
  for (std::size_t i = digits.size(); i > sign + 3;) {
    i -= 3;
    digits.insert(i, ",");
  }
  return digits;
}

}  // namespace

std::string grouped(std::int64_t value) { return with_commas(fmt::format("{}", value)); }

std::string grouped_whole(double value) {
  const std::string digits = fmt::format("{:.0f}", std::round(value));
  return std::isfinite(value) ? with_commas(digits) : digits;
}

std::string short_count(double value) {
  if (!std::isfinite(value)) return "n/a";
  if (std::fabs(value) < 1e7) return grouped(std::llround(value));
  return fmt::format("{:.2e}", value);
}

std::string bytes_for_people(std::int64_t size) {
  constexpr const char* k_units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  double value = static_cast<double>(size);
  int unit = 0;
  while (value >= 1024.0 && unit < 4) {
    value /= 1024.0;
    ++unit;
  }
  return unit == 0 ? fmt::format("{} B", size) : fmt::format("{:.1f} {}", value, k_units[unit]);
}

}  // namespace whest::base
