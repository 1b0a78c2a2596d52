// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <whest/random/binomial.hpp>

namespace whest::random {
namespace {

std::int64_t by_inversion(BitGenerator& bits, std::int64_t n, double p) {
  const auto trials = static_cast<double>(n);
  const double q = 1.0 - p;
  const double at_zero = std::exp(trials * std::log(q));
  const double mean = trials * p;
  const auto bound = static_cast<std::int64_t>(std::min(trials, mean + 10.0 * std::sqrt(mean * q + 1)));
  std::int64_t x = 0;
  double px = at_zero;
  double u = bits.next_double();
  while (u > px) {
    ++x;
    if (x > bound) {
      x = 0;
      px = at_zero;
      u = bits.next_double();
    } else {
      u -= px;
      px = (static_cast<double>(n - x + 1) * p * px) / (static_cast<double>(x) * q);
    }
  }
  return x;
}

// BTPE for p <= 1/2: a triangle, two parallelograms and two exponential tails over the mode, then a squeeze.
class Btpe {
 public:
  Btpe(std::int64_t n, double p);
  std::int64_t draw(BitGenerator& bits) const;

 private:
  struct Candidate {
    std::int64_t y = 0;
    double v = 0;
    bool rejected = false;
    bool accepted = false;
  };
  Candidate propose(double u, double v) const;
  bool accepts(const Candidate& candidate) const;
  bool accepts_by_recursion(std::int64_t y, double v) const;
  bool accepts_by_stirling(std::int64_t y, double log_v) const;

  std::int64_t m_n;
  double m_r, m_q;
  std::int64_t m_mode;
  double m_p1, m_xm, m_xl, m_xr, m_c, m_lambda_left, m_lambda_right, m_p2, m_p3, m_p4, m_nrq;
};

Btpe::Btpe(std::int64_t n, double p) : m_n(n), m_r(std::min(p, 1.0 - p)), m_q(1.0 - m_r) {
  const auto trials = static_cast<double>(n);
  const double fm = trials * m_r + m_r;
  m_mode = static_cast<std::int64_t>(std::floor(fm));
  m_p1 = std::floor(2.195 * std::sqrt(trials * m_r * m_q) - 4.6 * m_q) + 0.5;
  m_xm = static_cast<double>(m_mode) + 0.5;
  m_xl = m_xm - m_p1;
  m_xr = m_xm + m_p1;
  m_c = 0.134 + 20.5 / (15.3 + static_cast<double>(m_mode));
  const double left = (fm - m_xl) / (fm - m_xl * m_r);
  m_lambda_left = left * (1.0 + left / 2.0);
  const double right = (m_xr - fm) / (m_xr * m_q);
  m_lambda_right = right * (1.0 + right / 2.0);
  m_p2 = m_p1 * (1.0 + 2.0 * m_c);
  m_p3 = m_p2 + m_c / m_lambda_left;
  m_p4 = m_p3 + m_c / m_lambda_right;
  m_nrq = trials * m_r * m_q;
}

Btpe::Candidate Btpe::propose(double u, double v) const {
  Candidate out;
  if (u <= m_p1) {
    out.y = static_cast<std::int64_t>(std::floor(m_xm - m_p1 * v + u));
    out.accepted = true;
  } else if (u <= m_p2) {
    const double x = m_xl + (u - m_p1) / m_c;
    out.v = v * m_c + 1.0 - std::fabs(static_cast<double>(m_mode) - x + 0.5) / m_p1;
    out.rejected = out.v > 1.0;
    if (!out.rejected) out.y = static_cast<std::int64_t>(std::floor(x));
  } else if (v == 0.0) {
    out.rejected = true;
  } else if (u <= m_p3) {
    out.y = static_cast<std::int64_t>(std::floor(m_xl + std::log(v) / m_lambda_left));
    out.rejected = out.y < 0;
    out.v = v * (u - m_p2) * m_lambda_left;
  } else {
    out.y = static_cast<std::int64_t>(std::floor(m_xr - std::log(v) / m_lambda_right));
    out.rejected = out.y > m_n;
    out.v = v * (u - m_p3) * m_lambda_right;
  }
  return out;
}

bool Btpe::accepts_by_recursion(std::int64_t y, double v) const {
  const double s = m_r / m_q;
  const double a = s * static_cast<double>(m_n + 1);
  double f = 1.0;
  for (std::int64_t i = m_mode + 1; i <= y; ++i) f *= a / static_cast<double>(i) - s;
  for (std::int64_t i = y + 1; i <= m_mode; ++i) f /= a / static_cast<double>(i) - s;
  return !(v > f);
}

bool Btpe::accepts_by_stirling(std::int64_t y, double log_v) const {
  const auto correction = [](double x) {
    const double x2 = x * x;
    return (13680. - (462. - (132. - (99. - 140. / x2) / x2) / x2) / x2) / x / 166320.;
  };
  const auto x1 = static_cast<double>(y + 1);
  const auto f1 = static_cast<double>(m_mode + 1);
  const auto z = static_cast<double>(m_n + 1 - m_mode);
  const auto w = static_cast<double>(m_n - y + 1);
  const double bound = m_xm * std::log(f1 / x1) + (static_cast<double>(m_n - m_mode) + 0.5) * std::log(z / w) +
                       static_cast<double>(y - m_mode) * std::log(w * m_r / (x1 * m_q)) + correction(f1) +
                       correction(z) + correction(x1) + correction(w);
  return !(log_v > bound);
}

bool Btpe::accepts(const Candidate& candidate) const {
  const std::int64_t distance = std::abs(candidate.y - m_mode);
  const auto k = static_cast<double>(distance);
  if (distance <= 20 || k >= m_nrq / 2.0 - 1) return accepts_by_recursion(candidate.y, candidate.v);
  const double rho = (k / m_nrq) * ((k * (k / 3.0 + 0.625) + 0.16666666666666666) / m_nrq + 0.5);
  const double t = -k * k / (2 * m_nrq);
  const double log_v = std::log(candidate.v);
  if (log_v < t - rho) return true;
  if (log_v > t + rho) return false;
  return accepts_by_stirling(candidate.y, log_v);
}

std::int64_t Btpe::draw(BitGenerator& bits) const {
  for (;;) {
    const double u = bits.next_double() * m_p4;
    const double v = bits.next_double();
    const Candidate candidate = propose(u, v);
    if (!candidate.rejected && (candidate.accepted || accepts(candidate))) return candidate.y;
  }
}

std::int64_t draw_at_most_half(BitGenerator& bits, std::int64_t n, double p) {
  if (p * static_cast<double>(n) <= 30.0) return by_inversion(bits, n, p);
  return Btpe(n, p).draw(bits);
}

}  // namespace

std::int64_t draw_binomial(BitGenerator& bits, std::int64_t n, double p) {
  return n == 0 || p == 0.0 ? 0 : draw_legacy_binomial(bits, n, p);
}

std::int64_t draw_legacy_binomial(BitGenerator& bits, std::int64_t n, double p) {
  return p <= 0.5 ? draw_at_most_half(bits, n, p) : n - draw_at_most_half(bits, n, 1.0 - p);
}

}  // namespace whest::random
