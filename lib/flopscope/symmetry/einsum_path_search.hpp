// SPDX-License-Identifier: MIT
// What the path searches share: label sets as bits, and paths by tensor number. Private to this room.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>
#include <whest/flopscope/symmetry/einsum_expression.hpp>
#include <whest/flopscope/symmetry/einsum_path.hpp>
#include <whest/flopscope/symmetry/permutation.hpp>

namespace flopscope::symmetry {

using LabelMask = std::uint64_t;  // einsum has 52 letters
// The inputs are tensors 0..n-1, each step makes the next number.
using NumberedPath = std::vector<std::pair<int, int>>;

struct PathProblem {
  explicit PathProblem(const Expression& expression);
  static LabelMask mask_of(const Word& word);
  Count size_of(LabelMask labels) const;

  std::vector<LabelMask> inputs;
  LabelMask output = 0;
  std::vector<std::int64_t> sizes;
};

// einsum_path_greedy.cpp
NumberedPath greedy_path(const PathProblem& problem);
// einsum_path_dynamic.cpp. Steps of one operand sum labels that it has alone.
Path dynamic_path(const PathProblem& problem);

}  // namespace flopscope::symmetry
