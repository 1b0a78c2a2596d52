// SPDX-License-Identifier: MIT
// The discrete Fourier transform of lines of n complex doubles, for any n.
//
// Theory: n is split into factors, each a pass of a self-sorting (Stockham) decimation in frequency: radices 2 to 5 and
// 8 by hand, other small primes by the sum as it stands. A length with a large prime factor goes through Bluestein's
// identity jk = (j^2 + k^2 - (j - k)^2) / 2, a convolution of a longer smooth length. Roots of unity come from exact
// integer angles reduced to one eighth of the circle, those of long lines as products of two, so the error grows as
// log n only. Several lines are transformed together, element by element side by side, which fills vectors. A real line
// of even length goes through a complex one of half the length.
#pragma once

#include <complex>
#include <cstdint>
#include <memory>
#include <vector>
#include <whest/flopscope/core/scratch.hpp>

namespace flopscope::fft {

using Complex = std::complex<double>;

class Plan {
 public:
  explicit Plan(std::int64_t n, std::int64_t lines = 1);  // both >= 1
  // X_k = sum_j x_j exp(-+ 2 pi i j k / n), in place, not scaled; element j of line l is x[j * lines + l]. Not for use
  // from two threads at once.
  void forward(Complex* x);
  void backward(Complex* x);

 private:
  void passes(Complex* x);
  void chirp_transform(Complex* x);

  std::int64_t m_n, m_lines;
  std::vector<int> m_factors;  // product n; empty when the chirp is used
  Scratch<Complex> m_roots;    // exp(-2 pi i k / n), k < n
  Scratch<Complex> m_buffer;   // n, or the convolution's length, of each line
  // Bluestein
  std::unique_ptr<Plan> m_convolution;
  Scratch<Complex> m_chirp;     // exp(-pi i k^2 / n), k < n
  Scratch<Complex> m_spectrum;  // of the conjugate chirp, scaled by 1 / convolution length
};

// Real lines of even length n, two neighbours as one complex number, and the n/2 + 1 frequencies that are not negative,
// in one place. Of the first and the last frequency the imaginary parts do not count.
class RealPlan {
 public:
  explicit RealPlan(std::int64_t n, std::int64_t lines = 1);
  void forward(Complex* x);
  void backward(Complex* x);

 private:
  std::int64_t m_half, m_lines;
  Plan m_plan;
  Scratch<Complex> m_roots;  // exp(-2 pi i k / n), k <= n / 4
};

}  // namespace flopscope::fft
