// SPDX-License-Identifier: MIT
// Random orthogonal frames: Haar-distributed n x n matrices from counter-based normals.
#pragma once

#include <cstdint>
#include <whest/ground_truth/kernels/table.hpp>
#include <whest/ground_truth/layout.hpp>

namespace whest::ground_truth {

// E of the length of an n-dimensional standard normal vector: sqrt(2) Gamma((n + 1) / 2) / Gamma(n / 2).
double mean_chi(std::int64_t n);

// Frame f takes rows f n .. f n + n - 1 of the key's stream: the j-th, from its element 0 on, gives the reflection that
// acts on coordinates j..n-1 (Stewart, "The efficient generation of random orthogonal matrices", 1980).
class FrameMaker {
 public:
  FrameMaker(std::uint64_t key, std::int64_t n, const KernelTable& kernels);

  // Makes frame `frame` unless it is the present one.
  void make(std::int64_t frame);

  // Row 2 i of a blocked buffer becomes radius * v_i, row 2 i + 1 its negative, for vectors first..first + count of the
  // present frame (from row 0 of the buffer on).
  void fill_pairs(std::int64_t first, std::int64_t count, float radius, float* blocked) const;

  // Element k of vector i. Vectors are columns of the product of reflections: their signs, which the product does not
  // draw at random, are of no account where every vector comes with its negative.
  float element(std::int64_t i, std::int64_t k) const { return m_q[static_cast<std::size_t>(k * m_stride + i)]; }

 private:
  void draw_reflectors(std::int64_t frame);

  std::uint64_t m_key;
  std::int64_t m_n;
  std::int64_t m_stride;
  const KernelTable& m_kernels;
  std::int64_t m_frame = -1;
  AlignedBuffer<float> m_q;           // n x stride
  AlignedBuffer<float> m_reflectors;  // n x stride
  AlignedBuffer<float> m_work;
  AlignedBuffer<float> m_normals;  // one blocked row (with its block)
};

}  // namespace whest::ground_truth
