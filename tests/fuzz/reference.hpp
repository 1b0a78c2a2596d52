// SPDX-License-Identifier: MIT
// Slow references: naive loops for a few operations, orbits counted one by one. Each function draws a case and says
// what does not agree, or nothing.
#pragma once

#include <optional>
#include <string>

#include "arguments.hpp"

namespace whest::fuzz {

std::optional<std::string> einsum_case(Random& random);     // one to three operands, values against nested loops
std::optional<std::string> pointwise_case(Random& random);  // add, multiply, maximum broadcast, element by element
std::optional<std::string> reduction_case(Random& random);  // sum and max over an axis
std::optional<std::string> orbits_case(Random& random);     // unique_elements of a random group, by brute force

}  // namespace whest::fuzz
