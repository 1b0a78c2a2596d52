// SPDX-License-Identifier: MIT
// Queries of transforms, polynomials and windows.
#include <algorithm>
#include <cmath>
#include <whest/flopscope/prices/fft.hpp>
#include <whest/flopscope/queries/table.hpp>

namespace flopscope::queries {
namespace {

PriceInput read_fft(const Arguments& a) {
  const double n = a.number(0);
  PriceInput x;
  x.extra = x.k = fft_points(n, n);
  x.parts = n == 1 ? 1 : 0;
  return x;
}
PriceInput read_rfft(const Arguments& a) {
  PriceInput x = read_fft(a);
  x.extra = fft_points(std::floor(a.number(0) / 2), a.number(0));
  return x;
}

// All axes, the last one first: the whole price, and the lines of length 1 that the passes copy.
PriceInput read_many(const Arguments& a, bool real) {
  const Shape shape = a.shape(0);
  PriceInput x;
  if (shape.empty()) return x;
  const double points = product(shape);
  x.in = real ? std::floor(points / 2) : points;
  for (const double d : shape) x.length += fft_points(1, d) / 5;
  x.extra = 5 * x.in * x.length;
  Shape now = shape;
  for (std::size_t i = shape.size(); i-- > 0;) {
    if (shape[i] == 1) x.parts += product(now);
    if (real && i + 1 == shape.size()) now[i] = std::floor(now[i] / 2) + 1;
  }
  return x;
}
PriceInput read_fftn(const Arguments& a) { return read_many(a, false); }
PriceInput read_rfftn(const Arguments& a) { return read_many(a, true); }

PriceInput of_lengths(const Arguments& a) {
  PriceInput x;
  x.m = a.number(0);
  x.n = a.number(1);
  return x;
}
PriceInput of_n(const Arguments& a) {
  PriceInput x;
  x.m = x.n = a.number(0);
  return x;
}
PriceInput read_orders(const Arguments& a) {  // n, m=1
  PriceInput x = of_n(a);
  x.k = a.number_or(1, 1);
  return x;
}
PriceInput read_polyval(const Arguments& a) {  // deg, m
  PriceInput x;
  x.n = a.number(0) + 1;
  x.in = x.out = a.number(1);
  return x;
}
PriceInput read_polyfit(const Arguments& a) {  // m, deg, ncols=1
  PriceInput x;
  x.m = a.number(0);
  x.n = a.number(1) + 1;
  x.rhs = a.number_or(2, 1);
  require_contraction_sizes(a.model(), {x.m, x.n});
  return x;
}

constexpr Query window(std::string_view name, std::string_view operation) { return {name, operation, "n", {}, of_n}; }
constexpr Query pair(std::string_view name, std::string_view operation) {
  return {name, operation, "n1, n2", {}, of_lengths};
}

constexpr Query k_queries[] = {
    {"fft_cost", "fft.fft", "n", {}, read_fft, Beside::fft},
    {"rfft_cost", "fft.rfft", "n", {}, read_rfft, Beside::fft},
    {"hfft_cost", "fft.hfft", "n_out", {}, read_rfft, Beside::fft},
    {"fftn_cost", "fft.fftn", "shape", {}, read_fftn, Beside::fft},
    {"rfftn_cost", "fft.rfftn", "shape", {}, read_rfftn, Beside::fft},
    pair("polyadd_cost", "polyadd"),
    pair("polysub_cost", "polysub"),
    pair("polymul_cost", "polymul"),
    pair("polydiv_cost", "polydiv"),
    {"polyval_cost", "polyval", "deg, m", {}, read_polyval},
    {"polyfit_cost", "polyfit", "m, deg", "m, deg, ncols=1", read_polyfit},
    {"poly_cost", "poly", "n", {}, of_n},
    {"roots_cost", "roots", "n", {}, of_n},
    {"polyder_cost", "polyder", "n", "n, m=1", read_orders},
    {"polyint_cost", "polyint", "n", "n, m=1", read_orders},
    window("bartlett_cost", "bartlett"),
    window("blackman_cost", "blackman"),
    window("hamming_cost", "hamming"),
    window("hanning_cost", "hanning"),
    window("kaiser_cost", "kaiser"),
};

}  // namespace

std::span<const Query> other_queries() { return k_queries; }

}  // namespace flopscope::queries
