// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <numbers>
#include <whest/flopscope/ops/detail/fft_plan.hpp>
#include <whest/flopscope/ops/elementary/kernels.hpp>

namespace flopscope::fft {
namespace {

// Primes above this are cheaper through the chirp.
constexpr int k_largest_radix = elementary::k_largest_fft_radix;

// Plain products: no test for NaN after them, as the standard operator has.
Complex times(Complex a, Complex b) {
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

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
  for (const int f : {8, 4, 2, 3, 5})
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

// exp(-2 pi i k / n), 0 <= k < count.
Scratch<Complex> roots_of_unity(std::int64_t n, std::int64_t count) {
  constexpr std::int64_t k_few = 4096;
  Scratch<Complex> out;
  out.reserve(static_cast<std::size_t>(count));
  if (count <= k_few) {
    for (std::int64_t k = 0; k < count; ++k) out.push_back(root_of_unity(k, n));
    return out;
  }
  constexpr std::int64_t k_block = 1024;
  Scratch<Complex> fine;
  for (std::int64_t k = 0; k < k_block; ++k) fine.push_back(root_of_unity(k, n));
  for (std::int64_t from = 0; from < count; from += k_block) {
    const Complex coarse = root_of_unity(from, n);
    for (std::int64_t k = 0; k < std::min(k_block, count - from); ++k)
      out.push_back(times(coarse, fine[static_cast<std::size_t>(k)]));
  }
  return out;
}

}  // namespace

Plan::Plan(std::int64_t n, std::int64_t lines) : m_n(n), m_lines(lines) {
  m_factors = factors_of(n);
  if (n == 1) return;
  if (!m_factors.empty()) {
    m_roots = roots_of_unity(n, n);
    m_buffer.resize(static_cast<std::size_t>(n * lines));
    return;
  }
  const std::int64_t length = smooth_length(2 * n - 1);
  m_convolution = std::make_unique<Plan>(length, lines);
  m_buffer.resize(static_cast<std::size_t>(length * lines));
  m_spectrum.assign(static_cast<std::size_t>(length), Complex(0));
  std::int64_t square = 0;  // k^2 mod 2n
  for (std::int64_t k = 0; k < n; ++k) {
    m_chirp.push_back(root_of_unity(square, 2 * n));
    const auto at = static_cast<std::size_t>(k);
    m_spectrum[at] = std::conj(m_chirp[at]) / static_cast<double>(length);
    if (k > 0) m_spectrum[static_cast<std::size_t>(length - k)] = m_spectrum[at];
    square = (square + 2 * k + 1) % (2 * n);
  }
  Plan(length).forward(m_spectrum.data());
}

void Plan::passes(Complex* x) {
  Complex *from = x, *to = m_buffer.data();
  const auto parts_of = [](Complex* p) { return reinterpret_cast<double*>(p); };
  std::int64_t length = m_n, stride = 1;
  for (const int r : m_factors) {
    const elementary::FftPass pass{.radix = r,
                                   .n = m_n,
                                   .parts = length / r,
                                   .stride = stride * m_lines,
                                   .roots = parts_of(m_roots.data()),
                                   .root_step = stride};
    elementary::best_kernels().fft_pass(pass, parts_of(from), parts_of(to));
    std::swap(from, to);
    length /= r;
    stride *= r;
  }
  if (from != x) std::copy(from, from + m_n * m_lines, x);
}

void Plan::chirp_transform(Complex* x) {
  const auto lines = static_cast<std::size_t>(m_lines);
  // Each element of all lines by one factor.
  const auto turn = [lines](const Complex* from, Complex* to, const Scratch<Complex>& by) {
    for (const Complex& factor : by)
      for (std::size_t l = 0; l < lines; ++l) *to++ = times(*from++, factor);
  };
  std::fill(m_buffer.begin(), m_buffer.end(), Complex(0));
  turn(x, m_buffer.data(), m_chirp);
  m_convolution->forward(m_buffer.data());
  turn(m_buffer.data(), m_buffer.data(), m_spectrum);
  m_convolution->backward(m_buffer.data());
  turn(m_buffer.data(), x, m_chirp);
}

void Plan::forward(Complex* x) {
  if (m_n == 1) return;
  if (m_convolution)
    chirp_transform(x);
  else
    passes(x);
}

void Plan::backward(Complex* x) {
  for (std::int64_t k = 0; k < m_n * m_lines; ++k) x[k] = std::conj(x[k]);
  forward(x);
  for (std::int64_t k = 0; k < m_n * m_lines; ++k) x[k] = std::conj(x[k]);
}

RealPlan::RealPlan(std::int64_t n, std::int64_t lines)
    : m_half(n / 2), m_lines(lines), m_plan(m_half, lines), m_roots(roots_of_unity(n, m_half / 2 + 1)) {}

// With E and O the transforms of the even and the odd elements, Z = E + iO is what the half-length transform gives, and
// X_k = E_k + exp(-2 pi i k / n) O_k; the frequencies k and n/2 - k come from the same two elements of Z.
void RealPlan::forward(Complex* x) {
  m_plan.forward(x);
  for (std::int64_t l = 0; l < m_lines; ++l) {
    const Complex both = x[l];
    x[l] = both.real() + both.imag();
    x[m_half * m_lines + l] = both.real() - both.imag();
  }
  for (std::int64_t k = 1; k <= m_half / 2; ++k)
    for (std::int64_t l = 0; l < m_lines; ++l) {
      Complex &low = x[k * m_lines + l], &high = x[(m_half - k) * m_lines + l];
      const Complex even = 0.5 * (low + std::conj(high)), difference = 0.5 * (low - std::conj(high));
      const Complex odd = times({difference.imag(), -difference.real()}, m_roots[static_cast<std::size_t>(k)]);
      low = even + odd;
      high = std::conj(even - odd);
    }
}

void RealPlan::backward(Complex* x) {
  for (std::int64_t l = 0; l < m_lines; ++l) {
    const double first = x[l].real(), last = x[m_half * m_lines + l].real();
    x[l] = {first + last, first - last};
  }
  for (std::int64_t k = 1; k <= m_half / 2; ++k)
    for (std::int64_t l = 0; l < m_lines; ++l) {
      Complex &low = x[k * m_lines + l], &high = x[(m_half - k) * m_lines + l];
      const Complex even = low + std::conj(high);
      const Complex odd = times(low - std::conj(high), std::conj(m_roots[static_cast<std::size_t>(k)]));
      low = {even.real() - odd.imag(), even.imag() + odd.real()};
      high = {even.real() + odd.imag(), odd.real() - even.imag()};
    }
  m_plan.backward(x);
}

}  // namespace flopscope::fft
