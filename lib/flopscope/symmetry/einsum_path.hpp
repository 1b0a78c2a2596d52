// SPDX-License-Identifier: MIT
// Contraction paths with opt_einsum's choices (B.6), tie for tie, because the price of a contraction of three operands
// or more is the price of the steps of its path.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>
#include <whest/flopscope/symmetry/einsum_expression.hpp>
#include <whest/flopscope/symmetry/permutation.hpp>

namespace flopscope::symmetry {

// Positions contracted by each step, ascending; the result is appended to the list.
using Path = std::vector<std::vector<int>>;

enum class PathStrategy : std::uint8_t { automatic, auto_hq, optimal, branch_all, branch_2, branch_1, greedy, dynamic };

// Throws Error (KeyError) for a name that opt_einsum does not know. "eager", "opportunistic" and the random greedy
// strategies are taken as greedy.
PathStrategy path_strategy(std::string_view name);

Path find_path(const Expression& expression, PathStrategy strategy);

}  // namespace flopscope::symmetry
