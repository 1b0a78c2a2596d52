// SPDX-License-Identifier: MIT
// One pass of a self-sorting Fourier transform (ops/detail/fft_plan.hpp), over as many neighbouring columns at once as
// a vector holds; each instruction set's source includes this with flags of its own. The same bits in all of them.
#pragma once

#include <cstring>
#include <whest/flopscope/ops/elementary/kernels.hpp>

namespace flopscope::elementary {
namespace {

#if defined(__AVX512F__)
constexpr int k_widest = 64;
#elif defined(__AVX__)
constexpr int k_widest = 32;
#else
constexpr int k_widest = 16;
#endif

template <int Bytes>
struct Doubles;
template <>
struct Doubles<16> {
  using Vector [[gnu::vector_size(16)]] = double;
};
template <>
struct Doubles<32> {
  using Vector [[gnu::vector_size(32)]] = double;
};
template <>
struct Doubles<64> {
  using Vector [[gnu::vector_size(64)]] = double;
};

// Complex numbers side by side: real part, imaginary part, and so on.
template <int Bytes>
struct Row {
  using Vector = typename Doubles<Bytes>::Vector;
  Vector v;

  static Row at(const double* p) {
    Row row;
    std::memcpy(&row.v, p, sizeof row.v);
    return row;
  }
  void store(double* p) const { std::memcpy(p, &v, sizeof v); }
  // `odd` in the imaginary parts, `even` in the real ones.
  static Vector alternating(double even, double odd) {
    Vector out;
    for (int i = 0; i < Bytes / 8; ++i) out[i] = i % 2 == 0 ? even : odd;
    return out;
  }
  Vector swapped() const {
    if constexpr (Bytes == 16)
      return __builtin_shufflevector(v, v, 1, 0);
    else if constexpr (Bytes == 32)
      return __builtin_shufflevector(v, v, 1, 0, 3, 2);
    else
      return __builtin_shufflevector(v, v, 1, 0, 3, 2, 5, 4, 7, 6);
  }
  Row times_minus_i() const { return {swapped() * alternating(1, -1)}; }
  Row times(const double* w) const { return {v * w[0] + swapped() * alternating(-w[1], w[1])}; }
  friend Row operator+(Row a, Row b) { return {a.v + b.v}; }
  friend Row operator-(Row a, Row b) { return {a.v - b.v}; }
  friend Row operator*(double s, Row a) { return {s * a.v}; }
};

template <class R>
void transform_2(const R* x, R* y) {
  y[0] = x[0] + x[1];
  y[1] = x[0] - x[1];
}

template <class R>
void transform_3(const R* x, R* y) {
  constexpr double k_sin = 0.86602540378443864676;  // sqrt(3) / 2
  const R sum = x[1] + x[2], mid = x[0] - 0.5 * sum, turned = (k_sin * (x[1] - x[2])).times_minus_i();
  y[0] = x[0] + sum;
  y[1] = mid + turned;
  y[2] = mid - turned;
}

template <class R>
void transform_4(const R* x, R* y) {
  const R s02 = x[0] + x[2], d02 = x[0] - x[2], s13 = x[1] + x[3], d13 = (x[1] - x[3]).times_minus_i();
  y[0] = s02 + s13;
  y[1] = d02 + d13;
  y[2] = s02 - s13;
  y[3] = d02 - d13;
}

template <class R>
void transform_5(const R* x, R* y) {
  constexpr double k_c1 = 0.30901699437494742410, k_c2 = -0.80901699437494742410;  // cos(2 pi/5), cos(4 pi/5)
  constexpr double k_s1 = 0.95105651629515357212, k_s2 = 0.58778525229247312917;   // sines of the same
  const R s1 = x[1] + x[4], d1 = x[1] - x[4], s2 = x[2] + x[3], d2 = x[2] - x[3];
  const R m1 = x[0] + k_c1 * s1 + k_c2 * s2, m2 = x[0] + k_c2 * s1 + k_c1 * s2;
  const R t1 = (k_s1 * d1 + k_s2 * d2).times_minus_i(), t2 = (k_s2 * d1 - k_s1 * d2).times_minus_i();
  y[0] = x[0] + s1 + s2;
  y[1] = m1 + t1;
  y[2] = m2 + t2;
  y[3] = m2 - t2;
  y[4] = m1 - t1;
}

template <class R>
void transform_8(const R* x, R* y) {
  constexpr double k_half_root = 0.70710678118654752440;
  const R even[] = {x[0], x[2], x[4], x[6]}, odd[] = {x[1], x[3], x[5], x[7]};
  R e[4], o[4];
  transform_4(even, e);
  transform_4(odd, o);
  const R turned = o[1].times_minus_i(), turned_3 = o[3].times_minus_i();
  o[1] = k_half_root * (o[1] + turned);
  o[2] = o[2].times_minus_i();
  o[3] = k_half_root * (turned_3 - o[3]);
  for (int k = 0; k < 4; ++k) {
    y[k] = e[k] + o[k];
    y[k + 4] = e[k] - o[k];
  }
}

// Any odd number of values: those that mirror each other are added and subtracted first, which leaves real factors.
struct CircleOf {
  int n;
  double cosine[k_largest_fft_radix], sine[k_largest_fft_radix];
};
template <class R>
void transform_odd(const R* x, R* y, const CircleOf& circle) {
  const int n = circle.n, half = n / 2;
  R sums[k_largest_fft_radix / 2], differences[k_largest_fft_radix / 2];
  y[0] = x[0];
  for (int j = 1; j <= half; ++j) {
    sums[j - 1] = x[j] + x[n - j];
    differences[j - 1] = x[j] - x[n - j];
    y[0] = y[0] + sums[j - 1];
  }
  for (int k = 1; k <= half; ++k) {
    R across = x[0] + circle.cosine[k] * sums[0], along = circle.sine[k] * differences[0];
    for (int j = 2, at = k; j <= half; ++j) {
      at = at + k < n ? at + k : at + k - n;
      across = across + circle.cosine[at] * sums[j - 1];
      along = along + circle.sine[at] * differences[j - 1];
    }
    const R turned = along.times_minus_i();
    y[k] = across + turned;
    y[n - k] = across - turned;
  }
}

// Column q of a part p: `Radix` values in, transformed, turned by the roots of the part, and out. 0: `circle.n` values.
template <int Radix, int Bytes>
void fft_column(const FftPass& pass, const double* from, double* to, const double* const* turns, bool turned,
                const CircleOf& circle) {
  using R = Row<Bytes>;
  constexpr int k_most = Radix == 0 ? k_largest_fft_radix : Radix;
  const int radix = Radix == 0 ? circle.n : Radix;
  R x[k_most], y[k_most];
  for (int j = 0; j < radix; ++j) x[j] = R::at(from + 2 * pass.stride * pass.parts * j);
  if constexpr (Radix == 2) transform_2(x, y);
  if constexpr (Radix == 3) transform_3(x, y);
  if constexpr (Radix == 4) transform_4(x, y);
  if constexpr (Radix == 5) transform_5(x, y);
  if constexpr (Radix == 8) transform_8(x, y);
  if constexpr (Radix == 0) transform_odd(x, y, circle);
  y[0].store(to);
  for (int k = 1; k < radix; ++k) (turned ? y[k].times(turns[k]) : y[k]).store(to + 2 * pass.stride * k);
}

template <int Radix>
void fft_pass_of(const FftPass& pass, const double* from, double* to) {
  CircleOf circle{pass.radix, {}, {}};
  if constexpr (Radix == 0)
    for (int i = 0; i < pass.radix; ++i) {
      const double* root = pass.roots + 2 * (i * (pass.n / pass.radix));
      circle.cosine[i] = root[0];
      circle.sine[i] = -root[1];
    }
  constexpr int k_columns = k_widest / 16;
  const double* turns[k_largest_fft_radix];
  for (std::int64_t p = 0; p < pass.parts; ++p) {
    for (int k = 0; k < pass.radix; ++k) turns[k] = pass.roots + 2 * p * k * pass.root_step;
    const double* in = from + 2 * pass.stride * p;
    double* out = to + 2 * pass.stride * pass.radix * p;
    std::int64_t q = 0;
    for (; q + k_columns <= pass.stride; q += k_columns)
      fft_column<Radix, k_widest>(pass, in + 2 * q, out + 2 * q, turns, p > 0, circle);
    for (; q < pass.stride; ++q) fft_column<Radix, 16>(pass, in + 2 * q, out + 2 * q, turns, p > 0, circle);
  }
}

void fft_pass(const FftPass& pass, const double* from, double* to) {
  switch (pass.radix) {
    case 2:
      return fft_pass_of<2>(pass, from, to);
    case 3:
      return fft_pass_of<3>(pass, from, to);
    case 4:
      return fft_pass_of<4>(pass, from, to);
    case 5:
      return fft_pass_of<5>(pass, from, to);
    case 8:
      return fft_pass_of<8>(pass, from, to);
    default:
      return fft_pass_of<0>(pass, from, to);
  }
}

}  // namespace
}  // namespace flopscope::elementary
