// SPDX-License-Identifier: MIT
// What einsum_path tells: the path that `optimize` asks for, beside the costs that are charged (B.12), and a table of
// it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>
#include <whest/flopscope/symmetry/einsum_price.hpp>

namespace flopscope::symmetry {

// The `optimize` argument: the name of a strategy, True or None (automatic), False, or a path.
struct PathRequest {
  enum class Kind : std::uint8_t { named, on, off, given } kind = Kind::named;
  std::string name = "auto";
  Path path;
};

// Throws Error: KeyError for an unknown name, IndexError for positions that do not exist.
void check_request(const PathRequest& request, std::size_t operands);
Path shown_path(const PathRequest& request, const Expression& expression, const EinsumRules& rules);

struct PathStep {
  std::string subscripts;
  std::vector<int> positions;
  Count cost = 0;  // of the charged path's step at this place
  Count dense_cost = 0;
  std::optional<StepSource> source;  // none: the whole was priced dense
  std::vector<PreReduction> reductions;
};

struct PathInfo {
  std::string subscripts;
  Path path;
  std::vector<PathStep> steps;
  Count naive_cost = 0;      // sum of the steps' dense costs
  Count optimized_cost = 0;  // what einsum charges, before dtype and complex factors
  Count largest_intermediate = 0;
  double speedup = 1;  // dense costs over costs of the steps shown
  std::string optimizer;
  std::string sizes;  // "i=3, j=4"

  std::string table() const;
};

PathInfo make_path_info(const Expression& expression, std::span<const EinsumOperand> operands, const EinsumPrice& price,
                        const PathRequest& request, const EinsumRules& rules);

}  // namespace flopscope::symmetry
