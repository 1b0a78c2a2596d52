// SPDX-License-Identifier: MIT
// Price formulas of the families that move elements: what is read, what is written, each counted once. `in` and `out`
// are plain element counts (moving a symmetric array moves all of it); `extra` is what an operation says it is.
#include <algorithm>
#include <whest/flopscope/core/price.hpp>

namespace flopscope {
namespace {

double at_least_1(double x) { return std::max(x, 1.0); }

constexpr Formula k_formulas[] = {
    {"read", [](const PriceInput& x) { return x.in; }},
    {"read.at_least_1", [](const PriceInput& x) { return at_least_1(x.in); }},
    {"written", [](const PriceInput& x) { return x.out; }},
    {"written.at_least_1", [](const PriceInput& x) { return at_least_1(x.out); }},
    {"written.twice", [](const PriceInput& x) { return 2 * x.out; }},
    // The elements that an operation really touches (diagonal cells, inserted or removed values, a triangle).
    {"touched", [](const PriceInput& x) { return x.extra; }},
    {"touched.at_least_1", [](const PriceInput& x) { return at_least_1(x.extra); }},
    // What leaves for a file: four for each element (`in`) and each byte of names and shapes (`extra`).
    {"egress", [](const PriceInput& x) { return 4 * at_least_1(x.in + x.extra); }},
    // A scan of `queries` mask elements, then one element written each.
    {"scanned_and_written", [](const PriceInput& x) { return x.queries + x.out; }},
};

}  // namespace

std::span<const Formula> movement_formulas() { return k_formulas; }

}  // namespace flopscope
