// SPDX-License-Identifier: MIT
// Permutations of the points 0..n-1, written as the list of images, and exact counts of what they leave alone.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace flopscope::symmetry {

// Exact counts: a grid of 64 axes may hold more than 2^63 elements.
__extension__ typedef __int128 Count;

// p[i] is the image of point i. Degrees stay below 256 (array axes, einsum labels).
using Permutation = std::vector<std::uint8_t>;
using Image = std::span<const std::uint8_t>;

Permutation identity_permutation(int degree);
bool is_identity(Image p);
// (a after b): i -> a[b[i]].
Permutation compose(Image a, Image b);
Permutation inverse(Image p);
// Two points exchanged, the rest fixed.
bool is_transposition(Image p);

// n * (n-1) * ... * (n-k+1) / k!, exact; 0 for n < k.
Count binomial(Count n, int k);
// How many multisets of k values there are over n values: C(n+k-1, k).
Count multisets(Count n, int k);
// Set partitions of n things (Bell number), saturating at 10^18.
Count bell_number(int n);

}  // namespace flopscope::symmetry
