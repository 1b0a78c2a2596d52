// SPDX-License-Identifier: MIT
// Price formulas of the gather family.
#include <algorithm>
#include <whest/flopscope/core/price.hpp>

namespace flopscope {
namespace {

constexpr Formula k_formulas[] = {
    // fill_diagonal: the length of the main diagonal.
    {"diagonal_length", [](const PriceInput& x) { return x.n; }},
    // copyto: the source's elements, or the true elements of the mask, as given.
    {"copied_from_source", [](const PriceInput& x) { return x.queries; }},
    // Four per gathered element (the price of `take` with its weight), one per mask element scanned (`queries`).
    // select: every condition is looked at for every element of the result (`parts` conditions).
    {"gather.select", [](const PriceInput& x) { return x.out * std::max(x.parts, 1.0); }},
    {"gather.index", [](const PriceInput& x) { return x.queries + 4 * x.out; }},
};

}  // namespace

std::span<const Formula> gather_formulas() { return k_formulas; }

}  // namespace flopscope
