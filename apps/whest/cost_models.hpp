// SPDX-License-Identifier: MIT
// Which cost models this build has.
#pragma once

#include <string>
#include <whest/base/error.hpp>

namespace whest::app {

// A usage error, with the names there are, for any other.
base::Expected<void> check_cost_model(const std::string& name);

}  // namespace whest::app
