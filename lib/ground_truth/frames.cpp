// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <numbers>
#include <whest/ground_truth/frames.hpp>

namespace whest::ground_truth {

double mean_chi(std::int64_t n) {
  // E_1 = sqrt(2 / pi), E_2 = sqrt(pi / 2), E_{n+2} = E_n (n + 1) / n: no gamma function, the same bits everywhere.
  double mean = std::sqrt(n % 2 == 1 ? 2.0 / std::numbers::pi : std::numbers::pi / 2.0);
  for (std::int64_t k = n % 2 == 1 ? 1 : 2; k < n; k += 2) mean *= static_cast<double>(k + 1) / static_cast<double>(k);
  return mean;
}

FrameMaker::FrameMaker(std::uint64_t key, std::int64_t n, const KernelTable& kernels)
    : m_key(key),
      m_n(n),
      m_stride(round_up(n, 64)),
      m_kernels(kernels),
      m_q(static_cast<std::size_t>(n * m_stride)),
      m_reflectors(m_q.size()),
      m_work(static_cast<std::size_t>(2 * m_stride)),
      m_normals(static_cast<std::size_t>(padded_columns(kernels, n) * kernels.row_block)) {}

void FrameMaker::make(std::int64_t frame) {
  if (frame == m_frame) return;
  draw_reflectors(frame);
  std::ranges::fill(m_q.span(), 0.0F);
  for (std::int64_t i = 0; i < m_n; ++i) m_q[static_cast<std::size_t>(i * m_stride + i)] = 1.0F;
  m_kernels.apply_reflectors(m_q.data(), m_n, m_stride, m_reflectors.data(), m_work.data());
  m_frame = frame;
}

// u = v sqrt(2) / |v|, v = x + sign(x_0) |x| e_0: H = I - u u^T takes x to the first axis. Lengths in double.
void FrameMaker::draw_reflectors(std::int64_t frame) {
  for (std::int64_t j = 0; j < m_n; ++j) {
    const std::int64_t length = m_n - j;
    const std::int64_t padded = padded_columns(m_kernels, length);
    m_kernels.fill_normals({.output = m_normals.data(),
                            .key = m_key,
                            .first_row = static_cast<std::uint64_t>(frame * m_n + j),
                            .rows = 1,
                            .padded_columns = padded});
    const auto x = [&](std::int64_t k) {
      return static_cast<double>(m_normals[static_cast<std::size_t>(blocked_index(m_kernels, padded, 0, k))]);
    };
    double square = 0;
    for (std::int64_t k = 0; k < length; ++k) square += x(k) * x(k);
    const double norm = std::sqrt(square);
    const double first = x(0) + std::copysign(norm, x(0));
    // |v|^2 = 2 |x| (|x| + |x_0|)
    const double scale = norm > 0 ? std::sqrt(1.0 / (norm * std::fabs(first))) : 0.0;
    float* u = m_reflectors.data() + j * m_stride + j;
    u[0] = static_cast<float>(first * scale);
    for (std::int64_t k = 1; k < length; ++k) u[k] = static_cast<float>(x(k) * scale);
  }
}

void FrameMaker::fill_pairs(std::int64_t first, std::int64_t count, float radius, float* blocked) const {
  const std::int64_t padded = padded_columns(m_kernels, m_n);
  const std::int64_t lanes = m_kernels.lanes;
  for (std::int64_t i = 0; i < count; ++i) {
    for (std::int64_t column = 0; column < m_n; column += lanes) {
      float* plus = blocked + blocked_index(m_kernels, padded, 2 * i, column);
      float* minus = blocked + blocked_index(m_kernels, padded, 2 * i + 1, column);
      const std::int64_t end = std::min(lanes, m_n - column);
      for (std::int64_t lane = 0; lane < end; ++lane) {
        const float x = radius * element(first + i, column + lane);
        plus[lane] = x;
        minus[lane] = -x;
      }
    }
  }
}

}  // namespace whest::ground_truth
