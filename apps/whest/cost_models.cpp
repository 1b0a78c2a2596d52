// SPDX-License-Identifier: MIT
#include "cost_models.hpp"

#include <whest/flopscope/core/cost_model.hpp>

namespace whest::app {

std::vector<std::string> built_cost_models() {
  std::vector<std::string> built;
  for (const std::string& name : flopscope::cost_model_names()) {
    if (!flopscope::cost_model(name).rule("in_progress")) built.push_back(name);
  }
  return built;
}

base::Expected<void> check_cost_model_built(const contest::Round& round) {
  return contest::check_cost_model(round, built_cost_models());
}

}  // namespace whest::app
