// SPDX-License-Identifier: MIT
// Pricing the steps of a path (B.7). Private to this room.
#pragma once

#include <span>
#include <vector>
#include <whest/flopscope/symmetry/einsum_price.hpp>
#include <whest/flopscope/symmetry/label_group.hpp>

namespace flopscope::symmetry {

std::vector<LabelledOperand> labelled_operands(const Expression& expression, std::span<const EinsumOperand> operands);

// Two copies of one object are no longer one once a reduction has left them different numbers of axes, or none.
void forget_identity_of_unequal(std::span<LabelledOperand> operands);

TagRef tag_of_one_operand(const Expression& expression, const TagRef& tag);

// `path` contracts one or two tensors a step (others throw ValueError); positions are checked (IndexError).
std::vector<StepPrice> price_steps(const Expression& expression, std::span<const LabelledOperand> originals,
                                   const Path& path, const EinsumRules& rules);

}  // namespace flopscope::symmetry
