// SPDX-License-Identifier: MIT
// The arguments of a cost query by name, each checked for what it can mean.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>
#include <whest/base/error.hpp>
#include <whest/flopscope/core/cost_model.hpp>

namespace whest::app {

// What was given for each parameter, as typed; shapes are checked and rewritten as sizes joined by x ("256x" is one).
using QueryArguments = std::map<std::string, std::string>;

// Sizes joined by x or commas, in the form that the library reads. `what` names the argument in the error.
base::Expected<std::string> checked_shape(const std::string& what, const std::string& text);

// Checks the arguments of `query` ("svd"), one by one and then together; rewrites shapes. A usage error names the
// argument.
base::Expected<void> check_query_arguments(std::string_view query, QueryArguments& arguments,
                                           const flopscope::CostModel& model);

}  // namespace whest::app
