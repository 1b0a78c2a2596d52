// SPDX-License-Identifier: MIT
#include "cost_models.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <whest/base/suggest.hpp>
#include <whest/flopscope/core/cost_model.hpp>

namespace whest::app {

base::Expected<void> check_cost_model(const std::string& name) {
  const std::vector<std::string> known = flopscope::cost_model_names();
  if (std::find(known.begin(), known.end(), name) != known.end()) return {};
  return base::usage_error(fmt::format("unknown cost model '{}': use one of {}.{}", name, fmt::join(known, ", "),
                                       base::did_you_mean(name, known)));
}

}  // namespace whest::app
