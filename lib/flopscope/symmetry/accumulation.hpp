// SPDX-License-Identifier: MIT
// What a sum costs under a group of label permutations: joint orbits M, accumulation events alpha, output orbits O,
// component by component (B.3, B.5).
#pragma once

#include <cstdint>
#include <span>
#include <vector>
#include <whest/flopscope/symmetry/group.hpp>

namespace flopscope::symmetry {

// Where the versions of the library differ in pricing contractions. Data of a cost model, never a version number.
struct EinsumRules {
  // The generators of a label group are sought one element at a time, and the effort is bounded: beyond the limit the
  // price is dense (B.5 c). Off: only the group's order and the number of partitions are bounded.
  bool effort_limit = true;
  // An expression that accumulates nothing costs nothing. Off: it costs minus its outputs, inside a sum of steps; the
  // charge is never below 0.
  bool empty_is_free = true;
  // Multiplications and additions of complex numbers are told apart, and the promoted dtype is billed (B.8).
  bool complex_and_dtype_factors = true;
  // The path shown by einsum_path from 8 operands is greedy for every strategy but a given path or one of the greedy
  // family; off: for "auto" only (B.12).
  bool long_paths_shown_greedy = true;
  // A multiply-add counts as one: a product costs its multiplications, a sum its input (the Budget Planning document).
  bool multiply_add_is_one = false;
};

struct ComponentCounts {
  std::vector<int> labels;  // ascending
  Count dense = 1;          // grid points
  Count m = 1;              // joint orbits
  Count alpha = 1;          // pairs of a joint orbit and an output orbit it reaches
  Count outputs = 1;        // output orbits
  std::int64_t order = 1;   // of the group on these labels
};

struct Accumulation {
  Count m = 1, alpha = 1, outputs = 1;  // products over the components
  std::vector<ComponentCounts> components;
  bool too_many = false;  // a limit was passed: the counts mean nothing, the price is dense
};

// `group` acts on labels 0..n-1 of these sizes; sizes agree within orbits. `free` marks the labels of the output.
Accumulation accumulate(const Group& group, std::span<const std::int64_t> sizes, const std::vector<bool>& free,
                        const EinsumRules& rules);

// Whether the search for generators among the sorted elements passes the limit (B.5 c).
bool passes_effort_limit(const Group& group);

// The finest split of the labels such that the group is the product of its restrictions; each ascending.
std::vector<std::vector<int>> independent_parts(const Group& group);

}  // namespace flopscope::symmetry
