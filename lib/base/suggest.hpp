// SPDX-License-Identifier: MIT
// "Did you mean ...?" for misspelt commands, options, keys and names.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace whest::base {

// The candidate nearest to `word` by edits (insertion, deletion, replacement, swap of neighbours), when it is near
// enough to be a slip: within a third of the word (one edit from three letters on). The first of equals wins.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates);

// " Did you mean 'run'?" or nothing, to be appended to a sentence.
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

}  // namespace whest::base
