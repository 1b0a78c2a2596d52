// SPDX-License-Identifier: MIT
// The discrete Fourier transform of one line of n complex doubles, for any n.
//
// Theory: n is split into factors, each a pass of a self-sorting (Stockham) decimation in frequency: radices 2 to 5 by
// hand, other small primes by the sum as it stands. A length with a large prime factor goes through Bluestein's
// identity jk = (j^2 + k^2 - (j - k)^2) / 2, a convolution of a longer smooth length. Roots of unity come from exact
// integer angles reduced to one eighth of the circle, so the error grows as log n only.
#pragma once

#include <complex>
#include <cstdint>
#include <memory>
#include <vector>

namespace flopscope::fft {

using Complex = std::complex<double>;

class Plan {
 public:
  explicit Plan(std::int64_t n);  // n >= 1
  std::int64_t size() const { return m_n; }
  // X_k = sum_j x_j exp(-+ 2 pi i j k / n), in place, not scaled. Not for use from two threads at once.
  void forward(Complex* x);
  void backward(Complex* x);

 private:
  void passes(Complex* x);
  void chirp_transform(Complex* x);

  std::int64_t m_n;
  std::vector<int> m_factors;     // product n; empty when the chirp is used
  std::vector<Complex> m_roots;   // exp(-2 pi i k / n), k < n
  std::vector<Complex> m_buffer;  // n, or the convolution's length
  // Bluestein
  std::unique_ptr<Plan> m_convolution;
  std::vector<Complex> m_chirp;     // exp(-pi i k^2 / n), k < n
  std::vector<Complex> m_spectrum;  // of the conjugate chirp, scaled by 1 / convolution length
};

}  // namespace flopscope::fft
