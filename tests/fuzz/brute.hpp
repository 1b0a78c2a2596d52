// SPDX-License-Identifier: MIT
// Slow and plain: every index of a shape, every element of a group, every orbit, one by one. Shares no code with the
// library.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace whest::fuzz::brute {

using Index = std::vector<std::int64_t>;
using Permutation = std::vector<int>;    // image of each position
using Group = std::vector<Permutation>;  // all elements

// Every index of a shape, in C order.
std::vector<Index> indices_of(const Index& shape);

// All that the generators generate; the identity alone where there is none.
Group generated(int degree, const std::vector<Permutation>& generators);

// Position p goes to image[p].
Index moved(const Index& index, const Permutation& image);

// The number of each index's orbit, counted from 0. The group may exchange only axes of equal extent.
std::map<Index, int> orbit_numbers(const Index& shape, const Group& group);
std::int64_t orbits(const Index& shape, const Group& group);

// ---- The price of contracting one or two operands (docs/flopscope.md, "Products") ----

// An operand: the labels of its axes, and the permutations of the axes that leave it as it is.
struct Operand {
  std::string labels;
  Group group;
};

struct ContractionCounts {
  std::int64_t products = 0;  // multiplications of two operands
  std::int64_t total = 0;     // multiplications and additions
  bool nothing = false;       // an extent is 0
};

// How a model counts.
struct Counting {
  bool multiply_add_is_one = false;
};

// `same_object`: both operands are one array. Not for two that are one array of which axes are summed alone.
ContractionCounts contraction(std::vector<Operand> operands, bool same_object, const std::string& output,
                              const std::map<char, std::int64_t>& extents, const Counting& counting);
// Whether some label is in one of two operands only, and not in the output.
bool has_isolated(const std::vector<Operand>& operands, const std::string& output);

// Reduction of an array over axes: orbits of its elements, of the result's, and pairs of both.
struct ReductionCounts {
  std::int64_t in = 0, out = 0, pairs = 0;
};
ReductionCounts reduction(const Index& shape, const Group& group, const std::vector<bool>& reduced);

}  // namespace whest::fuzz::brute
