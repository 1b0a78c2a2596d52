// SPDX-License-Identifier: MIT
// What is known of a contraction before it runs: its price under a model and the tag of its result. Cached by
// subscripts, shapes, tags and which operands are the same object, so that a repeated call only looks it up.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>
#include <whest/flopscope/core/operation.hpp>
#include <whest/flopscope/symmetry/einsum_price.hpp>

namespace flopscope::contract {

// The rules of a model for counting symmetric sums; remembered per model.
const symmetry::EinsumRules& einsum_rules(const CostModel& model);

struct Plan {
  symmetry::Expression expression;
  symmetry::EinsumPrice price;
  TagRef tag;       // of the result
  double cost = 0;  // before factors, never negative
  double complex_factor = 1;
  symmetry::Path path;  // to execute
};

// `objects[i]` numbers the operands by identity. Throws ValueError for subscripts or shapes that do not agree.
std::shared_ptr<const Plan> plan_for(const CostModel& model, std::string_view subscripts,
                                     std::span<const ArrayRef> operands, std::span<const int> objects);

// Numbers operands by identity: arrays by their body, sequences by their own memory; scalars are never the same.
std::vector<int> identities(std::span<const Value> values);

}  // namespace flopscope::contract
