// SPDX-License-Identifier: MIT
// Price formulas of the pointwise family, and the two that every family uses.
#include <algorithm>
#include <cmath>
#include <whest/flopscope/core/price.hpp>

namespace flopscope {
namespace {

double elements(const PriceInput& x) { return std::max(x.unique_out, 1.0); }

double whole(const PriceInput& x) { return std::max(x.out, 1.0); }
double search_steps(double n) { return std::max(std::ceil(std::log2(n)), 1.0); }
double find_and_interpolate(double queries, double points) {
  return std::max(queries, 1.0) * (search_steps(points) + 3);
}

// Points brought into a period: 16 for each remainder, a sort and two gathers at 4, two joins, the two points beyond.
double interp_periodic(const PriceInput& x) {
  if (x.parts == 0) return find_and_interpolate(x.queries, x.length);
  const double n = x.length;
  return find_and_interpolate(x.queries, n + 2) + 16 * (x.queries + n) + 4 * n * search_steps(n) + 2 * 4 * n +
         2 * (n + 2) + 2;
}

constexpr Formula k_formulas[] = {
    {"zero", [](const PriceInput&) { return 0.0; }},
    // One per orbit of the result's elements, at least 1.
    {"elements", elements},
    // One per element, whatever its tag; an empty array costs nothing.
    {"elements.dense", [](const PriceInput& x) { return x.out; }},
    // One per element, whatever its tag, at least 1.
    {"elements.whole", whole},
    // Closeness: two subtractions, a multiplication, an addition and comparisons; all of it also for the whole array.
    {"closeness", [](const PriceInput& x) { return 6 * elements(x); }},
    {"closeness.all", [](const PriceInput& x) { return std::max(7 * x.out - 1, 1.0); }},
    // clip: the size of the array, or one comparison for each bound (`parts`) of the broadcast.
    {"clip.input", [](const PriceInput& x) { return std::max(x.unique_in, 1.0); }},
    {"clip.bounds", [](const PriceInput& x) { return elements(x) * std::max(x.parts, 1.0); }},
    {"trapezoid", [](const PriceInput& x) { return 4 * x.out; }},
    {"unwrap.short", [](const PriceInput& x) { return std::max(7 * x.out, 1.0); }},
    {"unwrap", [](const PriceInput& x) { return std::max(13 * x.out, 1.0); }},
    // gradient: `out` counts two per element inside along every axis, `extra` what uneven coordinates add, `parts` the
    // axes asked for, `rhs` what second-order ends add.
    {"gradient.inside", [](const PriceInput& x) { return std::max(x.out, 1.0); }},
    {"gradient.spaced", [](const PriceInput& x) { return std::max(x.out, 1.0) + x.extra; }},
    {"gradient", [](const PriceInput& x) { return std::max(2 * x.in * x.parts, 1.0) + x.extra + x.rhs; }},
    // interp: `queries` values looked up among `length` points, `parts` 1 with a period.
    {"interp.search", [](const PriceInput& x) { return std::max(x.queries, 1.0) * search_steps(x.length); }},
    {"interp", [](const PriceInput& x) { return find_and_interpolate(x.queries, x.length); }},
    {"interp.periodic", interp_periodic},
    // Functions with two results, each counted (divmod, modf, frexp).
    {"elements.both", [](const PriceInput& x) { return 2 * elements(x); }},
};

}  // namespace

std::span<const Formula> pointwise_formulas() { return k_formulas; }

}  // namespace flopscope
