// SPDX-License-Identifier: MIT
// Price formulas of the sorting family: sorting n elements is n ceil(log2 n), looking one up among n is ceil(log2 n).
#include <algorithm>
#include <cmath>
#include <whest/flopscope/core/price.hpp>

namespace flopscope {
namespace {

// ceil(log2 n), at least 1.
double levels(double n) { return n <= 2 ? 1 : std::ceil(std::log2(n)); }
double sorted(double n) { return std::max(n * levels(n), 1.0); }
double at_least_1(double x) { return std::max(x, 1.0); }

constexpr Formula k_formulas[] = {
    // `slices` lines of `length` elements.
    {"sort.lines", [](const PriceInput& x) { return at_least_1(x.slices * sorted(x.length)); }},
    // The same for each of `parts` keys; and with one line counted, whatever the number of lines.
    {"sort.keys", [](const PriceInput& x) { return at_least_1(x.parts * x.slices * sorted(x.length)); }},
    {"sort.keys_one_line", [](const PriceInput& x) { return at_least_1(x.parts * sorted(x.length)); }},
    // All `in` elements in one line.
    {"sort.all", [](const PriceInput& x) { return sorted(at_least_1(x.in)); }},
    // The same without a least price.
    {"sort.elements", [](const PriceInput& x) { return x.in * levels(x.in); }},
    // partition: every line is passed once for each of `parts` positions.
    {"select.lines", [](const PriceInput& x) { return at_least_1(x.slices * x.length * x.parts); }},
    // `queries` (at least 1) values looked up among `length`.
    {"search", [](const PriceInput& x) { return at_least_1(x.queries) * levels(x.length); }},
    // Sets of m and n elements, sorted together.
    {"set.sorted", [](const PriceInput& x) { return sorted(at_least_1(x.m + x.n)); }},
    // Each sorted first, unless they are known to have no repetitions (`parts` 1).
    {"set.each_sorted",
     [](const PriceInput& x) {
       const double m = at_least_1(x.m), n = at_least_1(x.n);
       return (x.parts > 0 ? 0 : sorted(m) + sorted(n)) + sorted(m + n);
     }},
    // Membership: sorted together, or each of m compared with each of n where that is how it is done (`parts` 1).
    {"set.membership",
     [](const PriceInput& x) { return std::max(sorted(at_least_1(x.m + x.n)), x.parts > 0 ? 2 * x.m * x.n : 0.0); }},
    // histogram: each of `in` elements looked up among `length` bins; bins chosen by a named rule (`parts` 1) are free.
    {"histogram.bins", [](const PriceInput& x) { return at_least_1(x.in * (x.parts > 0 ? 1 : levels(x.length))); }},
    // The same, the rule's own passes over the data (`extra`) and two for the range counted.
    {"histogram.bins_and_rule",
     [](const PriceInput& x) { return at_least_1(x.in * (levels(x.length) + (x.parts > 0 ? 2 + x.extra : 0))); }},
    {"histogram.rule", [](const PriceInput& x) { return at_least_1(x.in * (x.parts > 0 ? 2 + x.extra : 1)); }},
    // `extra`: the sum over the axes of ceil(log2 bins).
    {"histogram.axes", [](const PriceInput& x) { return at_least_1(x.in * x.extra); }},
    // trace: the main diagonal (n); of every plane (slices); the diagonal really taken (extra) of every plane.
    {"trace.main", [](const PriceInput& x) { return at_least_1(x.n); }},
    {"trace.planes", [](const PriceInput& x) { return x.n * x.slices; }},
    {"trace.offset_planes", [](const PriceInput& x) { return x.extra * x.slices; }},
};

}  // namespace

std::span<const Formula> sorting_formulas() { return k_formulas; }

}  // namespace flopscope
