// SPDX-License-Identifier: MIT
// Arrays whose values have the symmetry that their tag states, with the group spelled out for the slow references.
#pragma once

#include <whest/flopscope/core/array.hpp>

#include "brute.hpp"
#include "random.hpp"

namespace whest::fuzz {

struct TaggedArray {
  flopscope::ArrayRef array;
  brute::Group group;  // all permutations of all its axes that the tag states; the identity without a tag
};

// Small whole numbers; axes of equal extent may be tagged.
TaggedArray tagged_array(Random& random, const brute::Index& shape, flopscope::DType dtype);
double at(const flopscope::Array& a, const brute::Index& index);
brute::Index dims_of(const flopscope::Array& a);

}  // namespace whest::fuzz
