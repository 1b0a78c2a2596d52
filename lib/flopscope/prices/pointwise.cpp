// SPDX-License-Identifier: MIT
// Price formulas of the pointwise family, and the two that every family uses.
#include <algorithm>
#include <whest/flopscope/core/price.hpp>

namespace flopscope {
namespace {

double elements(const PriceInput& x) { return std::max(x.unique_out, 1.0); }

constexpr Formula k_formulas[] = {
    {"zero", [](const PriceInput&) { return 0.0; }},
    // One per orbit of the result's elements, at least 1.
    {"elements", elements},
    // One per element, whatever its tag; an empty array costs nothing.
    {"elements.dense", [](const PriceInput& x) { return x.out; }},
    // Functions with two results, each counted (divmod, modf, frexp).
    {"elements.both", [](const PriceInput& x) { return 2 * elements(x); }},
};

}  // namespace

std::span<const Formula> pointwise_formulas() { return k_formulas; }

}  // namespace flopscope
