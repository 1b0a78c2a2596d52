// SPDX-License-Identifier: MIT
// The price of a contraction (B.4 to B.8): of one or two operands directly, of more by the path that opt_einsum's
// "auto" takes on the dense sizes, each pairwise step at the cheapest of three bounds.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <whest/flopscope/symmetry/accumulation.hpp>
#include <whest/flopscope/symmetry/einsum_expression.hpp>
#include <whest/flopscope/symmetry/einsum_path.hpp>
#include <whest/flopscope/symmetry/label_group.hpp>
#include <whest/flopscope/symmetry/tag.hpp>

namespace flopscope::symmetry {

// What is known of an operand beside its shape.
struct EinsumOperand {
  TagRef tag;
  int object = 0;  // operands with equal numbers are the same object
};

enum class StepSource : std::uint8_t { per_input, joint_burnside, output_burnside, dense };
std::string_view name_of(StepSource source);  // "per-input", ...

// Axes that only one operand of a step has are summed before it.
struct PreReduction {
  int operand = 0;  // of the step
  Word removed;     // ascending
  Word left;
  Count cost = 0;
};

struct StepPrice {
  Word first, second, result;  // in the order of the step
  Count cost = 0, dense_cost = 0, mu = 0;
  Count alpha = 0;  // accumulation events
  bool mu_known = true;
  bool fallback = false;  // a limit was passed in pricing it
  StepSource source = StepSource::per_input;
  std::vector<PreReduction> reductions;
};

struct EinsumPrice {
  Count total = 0;  // FLOPs before dtype and complex factors; may be negative under 0.5's rules (the charge is not)
  Count mu = 0;     // multiplications in it
  bool mu_known = true;
  bool fallback = false;  // too large a group or too many partitions: operands * product of sizes, no path
  Path path;              // three operands or more
  std::vector<StepPrice> steps;
  // Of one or two operands, which have no steps:
  Accumulation counts;
  std::vector<PreReduction> reductions;
};

EinsumPrice price_einsum(const Expression& expression, std::span<const EinsumOperand> operands,
                         const EinsumRules& rules);

// B.8: what the total is multiplied by for complex operands.
double complex_factor_of(const EinsumPrice& price);

// B.11: the tag of the result.
TagRef einsum_result_tag(const Expression& expression, std::span<const EinsumOperand> operands);

}  // namespace flopscope::symmetry
