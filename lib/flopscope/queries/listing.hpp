// SPDX-License-Identifier: MIT
// Every operation name that participants may look for, and how it stands under a model.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <whest/flopscope/core/cost_model.hpp>

namespace flopscope::queries {

enum class Standing : std::uint8_t {
  counted,      // has a price
  free,         // costs nothing
  refused,      // known to the model, which does not support it: every call ends in an error
  not_provided  // left out of the library, for a reason
};
std::string_view name_of(Standing standing);  // "counted", "free", "refused", "not provided"

Standing standing_of(const CostModel& model, const OpPrice& price);
// The formula's name, or "as add".
std::string formula_text(const OpPrice& price);

struct ListedOperation {
  std::string_view name;
  Standing standing = Standing::counted;
  std::string formula;  // of a counted operation
  double weight = 1;
  double complex_factor = 1;
  std::string_view reason;  // why it is not provided
};

// In alphabetical order.
std::vector<ListedOperation> list_operations(const CostModel& model);

// Names of NumPy that are not provided, with one reason each.
struct LeftOut {
  std::string_view name, reason;
};
std::span<const LeftOut> left_out_operations();

}  // namespace flopscope::queries
