// SPDX-License-Identifier: MIT
// What to give a parameter, by its name: numbers in the domain of a distribution, words that it knows, a shape that
// fits.
#pragma once

#include <string_view>

#include "sensible.hpp"

namespace whest::fuzz {

using Recipe = Value (*)(Sensible&);

// By "operation/parameter", "family/parameter" or "/parameter"; null: there is none.
Recipe recipe_for(std::string_view key);

}  // namespace whest::fuzz
