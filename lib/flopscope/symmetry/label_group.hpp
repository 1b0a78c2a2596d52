// SPDX-License-Identifier: MIT
// Which permutations of an expression's labels leave it as it is, given the tags of its operands and which operands are
// the same object (B.2, B.7).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>
#include <whest/flopscope/symmetry/einsum_expression.hpp>
#include <whest/flopscope/symmetry/group.hpp>

namespace flopscope::symmetry {

struct LabelledOperand {
  Word word;
  Group group;     // on the positions of the word
  int object = 0;  // operands with equal numbers are the same object
};

// The group of label permutations that come from permuting the rows (operand, axis) of the operands: each operand's own
// group, and equal objects exchanged. Every label 0..sizes.size()-1 occurs in some word. Permutations that would mix
// labels of different sizes are left out. nullopt: too many to list.
std::optional<Group> label_group(std::span<const LabelledOperand> operands, std::span<const std::int64_t> sizes);

// The same for a subset of the operands that is contracted to the labels marked `kept`: the permutations keep that
// set, and where all copies of an object carry the same word, their summed axes may be exchanged in all of them at
// once.
std::optional<Group> subset_group(std::span<const LabelledOperand> operands, std::span<const std::int64_t> sizes,
                                  const std::vector<bool>& kept);

}  // namespace flopscope::symmetry
