// SPDX-License-Identifier: MIT
// Permutations and choices, as indices: whoever owns the data gathers by them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>
#include <whest/base/error.hpp>
#include <whest/random/stream.hpp>

namespace whest::random {

// Fisher and Yates from the back, the order of draws of shuffle, permutation and permuted.
void shuffle(Stream& stream, std::span<std::int64_t> values);

// 0 .. n-1 in random order.
std::vector<std::int64_t> permutation(Stream& stream, std::int64_t n);

enum class Replace { yes, no };
enum class ShuffleResult { yes, no };

struct ChoiceRequest {
  std::int64_t population = 0;
  std::int64_t count = 1;
  Replace replace = Replace::yes;
  // Generator only: may the result of a draw without replacement stay in the order in which it was made?
  ShuffleResult shuffle = ShuffleResult::yes;
};

// Why the request cannot be served, in NumPy's words (usage errors, nothing drawn).
base::Expected<void> check_choice(const ChoiceRequest& request);
base::Expected<void> check_choice(const ChoiceRequest& request, std::span<const double> p);

// Indices below the population, uniform or with the given probabilities (one for each, summing to 1).
base::Expected<std::vector<std::int64_t>> choice(Stream& stream, const ChoiceRequest& request);
base::Expected<std::vector<std::int64_t>> choice(Stream& stream, const ChoiceRequest& request,
                                                 std::span<const double> p);

}  // namespace whest::random
