// SPDX-License-Identifier: MIT
// Which cost models this build has.
#pragma once

#include <string>
#include <vector>
#include <whest/base/error.hpp>
#include <whest/contest/round.hpp>

namespace whest::app {

// Models whose prices are complete, by name.
std::vector<std::string> built_cost_models();

// A usage error when the round's model is not among them.
base::Expected<void> check_cost_model_built(const contest::Round& round);

}  // namespace whest::app
