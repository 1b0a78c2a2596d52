// SPDX-License-Identifier: MIT
#include "cost_models.hpp"

#include <whest/flopscope/core/cost_model.hpp>

namespace whest::app {

std::vector<std::string> built_cost_models() { return flopscope::cost_model_names(); }

base::Expected<void> check_cost_model_built(const contest::Round& round) {
  return contest::check_cost_model(round, built_cost_models());
}

}  // namespace whest::app
