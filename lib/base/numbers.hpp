// SPDX-License-Identifier: MIT
// Numbers for people: grouped digits, short powers of ten, sizes.
#pragma once

#include <cstdint>
#include <string>

namespace whest::base {

std::string grouped(std::int64_t value);          // 68,000,000,000
std::string grouped_whole(double value);          // rounded, with all its digits, also above 2^63; inf, nan as they are
std::string short_count(double value);            // 2,715,648 below ten million, else 6.80e+10
std::string bytes_for_people(std::int64_t size);  // 23.5 GiB

}  // namespace whest::base
