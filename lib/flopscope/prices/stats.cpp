// SPDX-License-Identifier: MIT
// Price formulas of the stats family. Facts: `in` elements of x (or q) alone, `out` elements of the broadcast with the
// parameters, `extra` the operations that one element takes.
#include <algorithm>
#include <whest/flopscope/core/price.hpp>

namespace flopscope {
namespace {

constexpr Formula k_formulas[] = {
    {"stats.argument", [](const PriceInput& x) { return std::max(x.in, 1.0); }},
    {"stats.broadcast", [](const PriceInput& x) { return std::max(x.out, 1.0); }},
    {"stats.audited", [](const PriceInput& x) { return std::max(x.out, 1.0) * x.extra; }},
};

}  // namespace

std::span<const Formula> stats_formulas() { return k_formulas; }

}  // namespace flopscope
