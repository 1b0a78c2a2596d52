// SPDX-License-Identifier: MIT
// The price of contracting one or two operands at once (B.4). Private to this room.
#pragma once

#include <cstdint>
#include <span>
#include <vector>
#include <whest/flopscope/symmetry/accumulation.hpp>
#include <whest/flopscope/symmetry/einsum_price.hpp>
#include <whest/flopscope/symmetry/label_group.hpp>

namespace flopscope::symmetry {

struct FlatPrice {
  Count total = 0;
  Count mu = 0;
  bool fallback = false;
  Accumulation counts;
};

// Labels are numbers into `sizes` and `free`, of which the operands may use a part.
struct LabelFacts {
  std::span<const std::int64_t> sizes;
  std::vector<bool> free;
};

// Without reducing anything beforehand.
FlatPrice flat_price(std::span<const LabelledOperand> operands, const LabelFacts& labels, const EinsumRules& rules);

// Sums what only one of several operands has and the output does not: rewrites the operands (word, and the group that
// is left: what keeps the set of the other positions) and returns what was done, with its price: on the operands' own
// `shapes`, where they are given, else on the sizes of the labels.
std::vector<PreReduction> reduce_isolated(std::span<LabelledOperand> operands, const LabelFacts& labels,
                                          const EinsumRules& rules, bool& fallback,
                                          std::span<const std::vector<std::int64_t>> shapes = {});

// The dense price: 2 * product of all sizes - product of the output's for two operands, one product for one.
Count dense_product(const Word& labels, std::span<const std::int64_t> sizes);
Word used_labels(std::span<const LabelledOperand> operands);  // ascending

// Operands renumbered so that their labels are 0..n-1, in ascending order of the old numbers.
struct Compact {
  Word labels;  // old numbers
  std::vector<LabelledOperand> operands;
  std::vector<std::int64_t> sizes;
  std::vector<bool> free;
};
Compact compact(std::span<const LabelledOperand> operands, const LabelFacts& labels);

}  // namespace flopscope::symmetry
