// SPDX-License-Identifier: MIT
// Names for networks: a lowercase slug of two words, a pure function of a seed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace whest::network {

// [a-z]+-[a-z]+; 16,384 different ones.
std::string name_of_seed(std::uint64_t seed);

// Within a suite the second of a name gets "-2", the third "-3", in order.
void number_repeated_names(std::vector<std::string>& names);

}  // namespace whest::network
