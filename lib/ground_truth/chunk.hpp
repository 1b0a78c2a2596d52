// SPDX-License-Identifier: MIT
// One chunk of rows through a network, on one thread: what it adds to the totals.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>
#include <whest/ground_truth/inputs.hpp>
#include <whest/ground_truth/layout.hpp>
#include <whest/ground_truth/options.hpp>
#include <whest/network/mlp.hpp>

namespace whest::ground_truth {

// Cells of a chunk's sums, one after the other: sums of activations (depth x width), squares of the sums of independent
// blocks of rows (depth x width), squared activations of the last layer (width).
struct Cells {
  std::int64_t width = 0;
  std::int64_t depth = 0;
  std::size_t sum(std::int64_t layer, std::int64_t column) const {
    return static_cast<std::size_t>(layer * width + column);
  }
  std::size_t block_square(std::int64_t layer, std::int64_t column) const { return sum(depth + layer, column); }
  std::size_t final_square(std::int64_t column) const { return sum(2 * depth, column); }
  std::size_t count() const { return sum(2 * depth + 1, 0); }
};

// A network ready for one table's kernels; shared by all threads.
struct PackedNetwork {
  PackedNetwork(const network::Mlp& mlp, const KernelTable& table);

  const KernelTable& kernels;
  std::int64_t width;
  std::int64_t depth;
  std::int64_t padded;          // columns
  bool in_rows;                 // float32: layers after the first read and write rows, and leave out zero terms, ...
  bool takes_zeros;             // ... but for networks with a weight that is not finite
  AlignedBuffer<float> panels;  // of all layers

  const float* layer_panels(std::int64_t layer) const { return panels.data() + layer * packed_floats(kernels, width); }
};

class ChunkRunner {
 public:
  ChunkRunner(const PackedNetwork& network, const InputSource& source, Sampler sampler);

  // The cells of `rows` rows of the chunk; valid until the next call.
  const std::vector<double>& run(std::int64_t chunk, std::int64_t rows);

  // Seconds spent drawing inputs, and in layers, since the beginning.
  double sampling_s() const { return m_sampling_s; }
  double layers_s() const { return m_layers_s; }

 private:
  void run_slab(std::int64_t first_row, std::int64_t rows);
  void run_layer(std::int64_t layer, std::int64_t rows);
  void mark_all(std::uint32_t* masks, std::int64_t rows) const;
  void finish_block();
  void collect();

  const PackedNetwork& m_network;
  std::unique_ptr<Inputs> m_inputs;
  LayerKernelFunction m_first_layer;
  LayerKernelFunction m_next_layer;
  std::int64_t m_block_rows;
  std::int64_t m_slab_rows;
  bool m_whole_blocks = false;               // the present chunk is made of blocks of many rows
  AlignedBuffer<float> m_buffer;             // both activations
  float* m_activations[2];                   // slab x padded, in rows; blocked: the inputs, and all in bf16x3
  AlignedBuffer<std::uint32_t> m_active[2];  // masks of either buffer
  AlignedBuffer<float> m_scratch;            // the kernel's
  AlignedBuffer<double> m_sums;              // depth x padded; of the block when a block is many rows
  AlignedBuffer<double> m_block_sums;        // depth x padded; finished blocks, likewise
  AlignedBuffer<double> m_block_squares;     // depth x padded
  AlignedBuffer<double> m_final_squares;     // padded
  std::vector<double> m_cells;
  double m_sampling_s = 0;
  double m_layers_s = 0;
};

}  // namespace whest::ground_truth
