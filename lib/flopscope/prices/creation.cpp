// SPDX-License-Identifier: MIT
// Price formulas of the creation family; plain counts of elements are in movement.cpp.
#include <algorithm>
#include <whest/flopscope/core/price.hpp>

namespace flopscope {
namespace {

constexpr Formula k_formulas[] = {
    // diag: the whole matrix when it builds one (out), the main diagonal's length (n) when it extracts one.
    {"diag.built_or_extracted", [](const PriceInput& x) { return x.parts > 0 ? x.out : x.n; }},
    // diag: the values placed when it builds a matrix (in); an extracted diagonal is a view.
    // vander: one multiplication for each power above the first (`length` rows, `parts` columns).
    {"vander.powers_after_first", [](const PriceInput& x) { return std::max(x.length * (x.parts - 2), 1.0); }},
    // The same, the first power counted too.
    {"vander.powers", [](const PriceInput& x) { return std::max(x.length * (x.parts - 1), 1.0); }},
    {"diag.placed", [](const PriceInput& x) { return x.parts > 0 ? x.in : 0.0; }},
};

}  // namespace

std::span<const Formula> creation_formulas() { return k_formulas; }

}  // namespace flopscope
