// SPDX-License-Identifier: MIT
// What pointwise operations and reductions need of symmetry tags.
#pragma once

#include <whest/flopscope/core/cost_model.hpp>
#include <whest/flopscope/ops/detail/fold.hpp>

namespace flopscope::ufunc {

// The tag of a pointwise result (symmetry, C.1) and its orbits; null and all elements without tags.
struct Tagged {
  TagRef tag;
  double unique = 0;
};
Tagged pointwise_tag(std::span<const Input> inputs, std::span<const std::int64_t> shape, double elements);

// What a reduction is priced by, and the tag of its result (symmetry, B.3, C.5).
struct ReducedTag {
  double unique_in = 0, alpha = 0, orbits_out = 0;
  TagRef tag;
};
ReducedTag reduced_tag(const CostModel& model, const Array& a, const Axes& axes, bool keepdims);

// The tag after a scan along `axis`: what fixes the axis.
TagRef scan_tag(const Array& a, int axis);

// Whether the tag of `out` is the tag of what is written into it; and whether it was declared and is not.
bool keeps_tag(const Array& out, const TagRef& written);
bool declares_more(const Array& out, const TagRef& written);

// The tag of an array of `ndim` axes that gets `leading` (0 or 1) new axes in front.
TagRef shifted_tag(const TagRef& tag, int ndim, int leading);

}  // namespace flopscope::ufunc
