// SPDX-License-Identifier: MIT
// What a price is made of. An operation states facts about a call (element counts, orbits, matrix sizes); a named
// formula turns them into a FLOP cost; the cost model says which formula and which factors apply.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace flopscope {

// All counts are doubles: a price may pass 2^63 (exp of 9e18 elements) and is truncated once, at the end. What a field
// means for a family is said where the family's formulas are; fields that do not apply stay 0.
struct PriceInput {
  double in = 0;               // elements of the (broadcast) input
  double out = 0;              // elements of the result
  double unique_in = 0;        // orbits of the input's elements under its tag (= in when untagged)
  double unique_out = 0;       // orbits of the result's elements under its tag (= out when untagged)
  double alpha = 0;            // accumulation events of a reduction (symmetry, B.3)
  double length = 0;           // length of the axis worked along
  double slices = 0;           // number of such slices
  double m = 0, n = 0, k = 0;  // matrix sizes
  double batch = 1;            // matrices worked on
  double rhs = 0;              // right-hand sides
  double queries = 0;          // values looked up
  double parts = 0;            // operands joined, digits, orders, degrees...
  double extra = 0;            // named by the formula that uses it
  double mu = 0;               // multiplications of a contraction (B.4)
  // Replaces the model's complex factor where the operation knows it exactly (contractions).
  std::optional<double> complex_factor = {};
};

struct Formula {
  std::string_view name;               // unique over all families, e.g. "elements", "reduction.in_minus_out"
  double (*price)(const PriceInput&);  // unweighted FLOPs
};

// Defined by prices/<family>.cpp, one table each.
std::span<const Formula> pointwise_formulas();
std::span<const Formula> reduction_formulas();
std::span<const Formula> contraction_formulas();
std::span<const Formula> creation_formulas();
std::span<const Formula> movement_formulas();
std::span<const Formula> gather_formulas();
std::span<const Formula> sorting_formulas();
std::span<const Formula> polynomial_formulas();
std::span<const Formula> linalg_formulas();
std::span<const Formula> fft_formulas();
std::span<const Formula> random_formulas();
std::span<const Formula> stats_formulas();

// nullptr when no family has a formula of that name.
const Formula* find_formula(std::string_view name);

}  // namespace flopscope
