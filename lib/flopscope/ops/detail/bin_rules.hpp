// SPDX-License-Identifier: MIT
// The named rules by which a histogram chooses its number of bins (sturges, fd, scott, ...).
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace flopscope::detail {

// Bins of equal width over [first, last] by the rule; at least 1. `x` are the values in range. Throws ValueError for an
// unknown rule.
std::int64_t bins_by_rule(std::string_view rule, const std::vector<double>& x, double first, double last,
                          bool range_given, bool integers);

// Passes over the data that the rule itself is billed for, besides the two that find the range.
double passes_of_rule(std::string_view rule, double n);

}  // namespace flopscope::detail
