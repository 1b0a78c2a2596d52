// SPDX-License-Identifier: MIT
// Price formulas of the pointwise family, and the two that every family uses.
#include <algorithm>
#include <whest/flopscope/core/price.hpp>

namespace flopscope {
namespace {

constexpr Formula k_formulas[] = {
    {"zero", [](const PriceInput&) { return 0.0; }},
    // One per orbit of the result's elements, at least 1.
    {"elements", [](const PriceInput& x) { return std::max(x.unique_out, 1.0); }},
};

}  // namespace

std::span<const Formula> pointwise_formulas() { return k_formulas; }

}  // namespace flopscope
