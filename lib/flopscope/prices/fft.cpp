// SPDX-License-Identifier: MIT
// Price formulas of the fft family. A transform of n points counts 5 n ceil(log2 n), one of real points half as many.
#include <algorithm>
#include <whest/flopscope/core/price.hpp>
#include <whest/flopscope/prices/fft.hpp>

namespace flopscope {

double fft_points(double points, double length) {
  int log = 0;
  for (double power = 1; power < length; power *= 2) ++log;
  return 5 * points * log;
}

namespace {

constexpr Formula k_formulas[] = {
    // extra: the sum over passes of lines x transform, each pass on the shape that it finds.
    {"fft.passes", [](const PriceInput& x) { return std::max(x.extra, 0.0); }},
    // parts: lines of length 1, which are copied (a complex number each).
    {"fft.passes_and_copies", [](const PriceInput& x) { return x.extra + 2 * x.parts; }},
    // in: points of the whole result (half of them for real ones); length: the sum of the axes' ceil(log2).
    {"fft.whole", [](const PriceInput& x) { return std::max(5 * x.in * x.length, 0.0); }},
    // k: a Hermitian transform priced as a complex one.
    {"fft.as_complex", [](const PriceInput& x) { return x.k; }},
    {"fft.elements", [](const PriceInput& x) { return x.out > 1 ? x.out : 1.0; }},
};

}  // namespace

std::span<const Formula> fft_formulas() { return k_formulas; }

}  // namespace flopscope
