// SPDX-License-Identifier: MIT
// Stands in for opt_einsum's dynamic programming ("dp", "auto-hq" from six operands). Such paths are only shown by
// einsum_path, never charged: the greedy path is shown instead.
#include <whest/flopscope/symmetry/einsum_path_search.hpp>

namespace flopscope::symmetry {

NumberedPath dynamic_path(const PathProblem& problem) { return greedy_path(problem); }

}  // namespace flopscope::symmetry
