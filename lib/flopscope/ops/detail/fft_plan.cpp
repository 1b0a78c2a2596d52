// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <numbers>
#include <whest/flopscope/ops/detail/fft_plan.hpp>

namespace flopscope::fft {
namespace {

// Primes above this are cheaper through the chirp.
constexpr int k_largest_radix = 47;

// Plain products: no test for NaN after them, as the standard operator has.
Complex times(Complex a, Complex b) {
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}
Complex times_minus_i(Complex a) { return {a.imag(), -a.real()}; }

// exp(-2 pi i k / n), 0 <= k < n: k is folded into the first eighth of the circle, where sine and cosine are accurate.
Complex root_of_unity(std::int64_t k, std::int64_t n) {
  // 8k = octant * n + rest; odd octants count back from their end.
  const auto eight_k = static_cast<__int128>(8) * k;
  const int octant = static_cast<int>(eight_k / n);
  const auto rest = static_cast<double>(eight_k % n);
  const auto size = static_cast<double>(n);
  const double angle = std::numbers::pi / 4 * ((octant & 1) != 0 ? (size - rest) / size : rest / size);
  const double c = std::cos(angle), s = std::sin(angle);
  switch (octant) {
    case 0:
      return {c, -s};
    case 1:
      return {s, -c};
    case 2:
      return {-s, -c};
    case 3:
      return {-c, -s};
    case 4:
      return {-c, s};
    case 5:
      return {-s, c};
    case 6:
      return {s, c};
    default:
      return {c, s};
  }
}

std::vector<int> factors_of(std::int64_t n) {
  std::vector<int> out;
  for (const int f : {4, 2, 3, 5})
    while (n % f == 0) {
      out.push_back(f);
      n /= f;
    }
  for (int f = 7; f <= k_largest_radix; f += 2)
    while (n % f == 0) {
      out.push_back(f);
      n /= f;
    }
  if (n != 1) return {};
  return out;
}

std::int64_t smooth_length(std::int64_t least) {
  std::int64_t best = 1;
  while (best < least) best *= 2;
  for (std::int64_t f5 = 1; f5 < best; f5 *= 5)
    for (std::int64_t f3 = f5; f3 < best; f3 *= 3) {
      std::int64_t x = f3;
      while (x < least) x *= 2;
      best = std::min(best, x);
    }
  return best;
}

// The transform of r values taken `step` apart, before the twiddles; `roots` of order n, of which r is a factor.
void small_transform(int r, const Complex* x, std::int64_t step, Complex* y, const Complex* roots, std::int64_t n) {
  switch (r) {
    case 2: {
      const Complex a = x[0], b = x[step];
      y[0] = a + b;
      y[1] = a - b;
      return;
    }
    case 3: {
      constexpr double k_sin = 0.86602540378443864676;  // sqrt(3) / 2
      const Complex a = x[0], sum = x[step] + x[2 * step], difference = x[step] - x[2 * step];
      const Complex mid = a - 0.5 * sum, turned = times_minus_i(k_sin * difference);
      y[0] = a + sum;
      y[1] = mid + turned;
      y[2] = mid - turned;
      return;
    }
    case 4: {
      const Complex s02 = x[0] + x[2 * step], d02 = x[0] - x[2 * step];
      const Complex s13 = x[step] + x[3 * step], d13 = times_minus_i(x[step] - x[3 * step]);
      y[0] = s02 + s13;
      y[1] = d02 + d13;
      y[2] = s02 - s13;
      y[3] = d02 - d13;
      return;
    }
    case 5: {
      constexpr double k_c1 = 0.30901699437494742410, k_c2 = -0.80901699437494742410;  // cos(2 pi/5), cos(4 pi/5)
      constexpr double k_s1 = 0.95105651629515357212, k_s2 = 0.58778525229247312917;   // sines of the same
      const Complex a = x[0], s1 = x[step] + x[4 * step], d1 = x[step] - x[4 * step];
      const Complex s2 = x[2 * step] + x[3 * step], d2 = x[2 * step] - x[3 * step];
      const Complex m1 = a + k_c1 * s1 + k_c2 * s2, m2 = a + k_c2 * s1 + k_c1 * s2;
      const Complex t1 = times_minus_i(k_s1 * d1 + k_s2 * d2), t2 = times_minus_i(k_s2 * d1 - k_s1 * d2);
      y[0] = a + s1 + s2;
      y[1] = m1 + t1;
      y[2] = m2 + t2;
      y[3] = m2 - t2;
      y[4] = m1 - t1;
      return;
    }
    default:
      for (int k = 0; k < r; ++k) {
        Complex sum = x[0];
        for (int j = 1; j < r; ++j) sum += times(x[j * step], roots[(static_cast<std::int64_t>(j) * k % r) * (n / r)]);
        y[k] = sum;
      }
  }
}

}  // namespace

Plan::Plan(std::int64_t n) : m_n(n) {
  m_factors = factors_of(n);
  if (n == 1) return;
  if (!m_factors.empty()) {
    m_roots.reserve(static_cast<std::size_t>(n));
    for (std::int64_t k = 0; k < n; ++k) m_roots.push_back(root_of_unity(k, n));
    m_buffer.resize(static_cast<std::size_t>(n));
    return;
  }
  const std::int64_t length = smooth_length(2 * n - 1);
  m_convolution = std::make_unique<Plan>(length);
  m_buffer.resize(static_cast<std::size_t>(length));
  m_spectrum.resize(static_cast<std::size_t>(length));
  std::int64_t square = 0;  // k^2 mod 2n
  for (std::int64_t k = 0; k < n; ++k) {
    m_chirp.push_back(root_of_unity(square, 2 * n));
    const auto at = static_cast<std::size_t>(k);
    m_spectrum[at] = std::conj(m_chirp[at]) / static_cast<double>(length);
    if (k > 0) m_spectrum[static_cast<std::size_t>(length - k)] = m_spectrum[at];
    square = (square + 2 * k + 1) % (2 * n);
  }
  m_convolution->forward(m_spectrum.data());
}

void Plan::passes(Complex* x) {
  Complex* from = x;
  Complex* to = m_buffer.data();
  Complex y[k_largest_radix];
  std::int64_t length = m_n, stride = 1;
  for (const int r : m_factors) {
    const std::int64_t part = length / r;
    for (std::int64_t p = 0; p < part; ++p) {
      for (std::int64_t q = 0; q < stride; ++q) {
        small_transform(r, from + q + stride * p, stride * part, y, m_roots.data(), m_n);
        Complex* out = to + q + stride * r * p;
        out[0] = y[0];
        for (int k = 1; k < r; ++k)
          out[stride * k] = p == 0 ? y[k] : times(y[k], m_roots[static_cast<std::size_t>(p * k * stride)]);
      }
    }
    std::swap(from, to);
    length = part;
    stride *= r;
  }
  if (from != x) std::copy(from, from + m_n, x);
}

void Plan::chirp_transform(Complex* x) {
  const auto n = static_cast<std::size_t>(m_n);
  std::fill(m_buffer.begin(), m_buffer.end(), Complex(0));
  for (std::size_t k = 0; k < n; ++k) m_buffer[k] = times(x[k], m_chirp[k]);
  m_convolution->forward(m_buffer.data());
  for (std::size_t k = 0; k < m_buffer.size(); ++k) m_buffer[k] = times(m_buffer[k], m_spectrum[k]);
  m_convolution->backward(m_buffer.data());
  for (std::size_t k = 0; k < n; ++k) x[k] = times(m_buffer[k], m_chirp[k]);
}

void Plan::forward(Complex* x) {
  if (m_n == 1) return;
  if (m_convolution)
    chirp_transform(x);
  else
    passes(x);
}

void Plan::backward(Complex* x) {
  for (std::int64_t k = 0; k < m_n; ++k) x[k] = std::conj(x[k]);
  forward(x);
  for (std::int64_t k = 0; k < m_n; ++k) x[k] = std::conj(x[k]);
}

}  // namespace flopscope::fft
