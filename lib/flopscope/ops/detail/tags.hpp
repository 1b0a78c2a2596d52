// SPDX-License-Identifier: MIT
// What pointwise operations and reductions need of symmetry tags.
#pragma once

#include <whest/flopscope/ops/detail/ufunc.hpp>

namespace flopscope::ufunc {

// The tag of a pointwise result (symmetry, C.1) and its orbits; null and all elements without tags.
struct Tagged {
  TagRef tag;
  double unique = 0;
};
Tagged pointwise_tag(std::span<const Input> inputs, std::span<const std::int64_t> shape, double elements);

}  // namespace flopscope::ufunc
