// SPDX-License-Identifier: MIT
// Values and symmetry: reading a group argument, testing that an array has a symmetry, averaging over a group.
#pragma once

#include <whest/flopscope/core/cost_model.hpp>
#include <whest/flopscope/core/value.hpp>
#include <whest/flopscope/symmetry/tag.hpp>

namespace flopscope::contract {

inline constexpr double k_default_atol = 1e-6, k_default_rtol = 1e-5;

// A group; a list of axes (one symmetric block) or a list of such lists (Young). Throws TypeError, ValueError.
TagRef to_tag(const Value& v);

// The largest |x - permuted x| and whether every one passes |d| <= atol + rtol * |x|, over the group's generators.
struct Deviation {
  double largest = 0;
  bool passes = true;
};
Deviation deviation(const Array& a, const symmetry::Tag& tag, double atol, double rtol);

// Throws SymmetryError unless the array has the symmetry; ValueError where the axes do not exist.
void require_symmetric(const Array& a, const symmetry::Tag& tag, double atol, double rtol);

// Whether a product is tagged as its operands declare. SymmetryError unless it has the symmetry; where an element is
// not finite nothing can be said, and where the model's writes void tags none is given then.
bool takes_tag(const CostModel& model, const Array& product, const symmetry::Tag& tag);

// The mean over the group (Reynolds projection), in float64 or complex128, to the bit as the packages add it up:
// symmetric but for rounding.
ArrayRef projected(const Array& a, const symmetry::Tag& tag);
// Every element replaced by the one at the first index of its orbit.
ArrayRef canonical_copy(const Array& a, const symmetry::Tag& tag);

// What a tag that a caller declared is put on: `a` itself, or, where the model's tags are exact and rounding has left
// it not quite symmetric, its canonical copy.
ArrayRef declared_values(const CostModel& model, const ArrayRef& a, const symmetry::Tag& tag);

}  // namespace flopscope::contract
