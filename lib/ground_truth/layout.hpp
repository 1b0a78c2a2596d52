// SPDX-License-Identifier: MIT
// Memory in the layouts that kernels read (kernels/table.hpp): aligned buffers, packed weights, blocked rows.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <whest/ground_truth/kernels/table.hpp>

namespace whest::ground_truth {

// Zeroed memory, 64-byte aligned; large pieces on huge pages where the system gives them. Throws std::bad_alloc.
void* allocate_zeroed(std::size_t bytes);

// 64-byte aligned, zero at first.
template <class T>
class AlignedBuffer {
 public:
  AlignedBuffer() = default;
  explicit AlignedBuffer(std::size_t size) : m_data(static_cast<T*>(allocate_zeroed(size * sizeof(T)))), m_size(size) {}

  T* data() { return m_data.get(); }
  const T* data() const { return m_data.get(); }
  std::size_t size() const { return m_size; }
  T& operator[](std::size_t i) { return m_data.get()[i]; }
  const T& operator[](std::size_t i) const { return m_data.get()[i]; }
  std::span<T> span() { return {m_data.get(), m_size}; }

 private:
  struct Free {
    void operator()(T* p) const { std::free(p); }
  };
  std::unique_ptr<T, Free> m_data;
  std::size_t m_size = 0;
};

constexpr std::int64_t round_up(std::int64_t n, std::int64_t unit) { return (n + unit - 1) / unit * unit; }

inline std::int64_t padded_columns(const KernelTable& kernels, std::int64_t width) {
  return round_up(width, kernels.panel_columns);
}

// Where element (row, column) of a blocked buffer lies.
inline std::int64_t blocked_index(const KernelTable& kernels, std::int64_t padded, std::int64_t row,
                                  std::int64_t column) {
  return ((row / kernels.row_block * (padded / kernels.lanes) + column / kernels.lanes) * kernels.row_block +
          row % kernels.row_block) *
             kernels.lanes +
         column % kernels.lanes;
}

// Buffers in rows: floats from one row to the next (a line more than the columns: rows do not meet in the same sets of
// a cache), words of a row's mask.
constexpr std::int64_t row_stride(std::int64_t padded) { return round_up(padded, 16) + 16; }
constexpr std::int64_t mask_words(std::int64_t padded) { return round_up(padded, 32) / 32; }

// Floats of a layer's packed weights, and of the scratch that its kernel wants.
std::int64_t packed_floats(const KernelTable& kernels, std::int64_t width);
std::int64_t scratch_floats(const KernelTable& kernels, std::int64_t width);

// x = high + low + rest, |rest| <= 2^-16 |x| (but for parts below 2^-126, which are zero): each the nearest bfloat16 of
// what is left.
struct Bf16Parts {
  float high;
  float low;
};
Bf16Parts split_bf16(float x);

// width x width row-major weights (input, output) to the table's layout, packed_floats() of them: for a layer whose
// input is blocked, and for one whose input is in rows.
void pack_weights(const KernelTable& kernels, const float* weights, std::int64_t width, float* packed);
void pack_wide_panels(const KernelTable& kernels, const float* weights, std::int64_t width, float* packed);

// Plain rows (row-major, `width` floats each) to a blocked buffer, from its row 0 on.
void block_rows_of(const KernelTable& kernels, const float* rows, std::int64_t n_rows, std::int64_t width,
                   float* blocked);

}  // namespace whest::ground_truth
