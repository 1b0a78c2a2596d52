// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <utility>
#include <whest/base/clock.hpp>
#include <whest/ground_truth/chunk.hpp>

namespace whest::ground_truth {

namespace {

// Rows that go through all layers together: what they read and write stays in a core's second cache, and the weights
// are read once per slab. Even, and whole blocks of rows.
constexpr std::int64_t k_slab_rows = 224;

std::int64_t slab_rows(const KernelTable& kernels) { return k_slab_rows / kernels.row_block * kernels.row_block; }

}  // namespace

PackedNetwork::PackedNetwork(const network::Mlp& mlp, const KernelTable& table)
    : kernels(table),
      width(mlp.width),
      depth(mlp.depth),
      padded(padded_columns(table, mlp.width)),
      in_rows(table.weights == WeightLayout::panels),
      takes_zeros(false),
      panels(static_cast<std::size_t>(mlp.depth * packed_floats(table, mlp.width))) {
  for (std::int64_t layer = 0; layer < depth; ++layer) {
    const auto& weights = mlp.weights[static_cast<std::size_t>(layer)];
    const auto pack = in_rows && layer > 0 ? pack_wide_panels : pack_weights;
    pack(kernels, weights.data(), width, panels.data() + layer * packed_floats(kernels, width));
    for (const float weight : weights) takes_zeros = takes_zeros || !std::isfinite(weight);
  }
}

ChunkRunner::ChunkRunner(const PackedNetwork& network, const InputSource& source, Sampler sampler)
    : m_network(network),
      m_inputs(source.thread_inputs()),
      m_block_rows(block_rows(sampler, network.width)),
      m_slab_rows(slab_rows(network.kernels)),
      m_scratch(static_cast<std::size_t>(scratch_floats(network.kernels, network.width))),
      m_sums(static_cast<std::size_t>(network.depth * network.padded)),
      m_block_sums(m_sums.size()),
      m_block_squares(m_sums.size()),
      m_final_squares(static_cast<std::size_t>(network.padded)),
      m_cells(Cells{network.width, network.depth}.count()) {
  const KernelTable& kernels = network.kernels;
  const bool separate = sampler == Sampler::numpy;
  m_first_layer = !network.in_rows ? kernels.layer_bf16x3 : separate ? kernels.first_separate : kernels.first_fused;
  m_next_layer = !network.in_rows ? kernels.layer_bf16x3 : separate ? kernels.next_separate : kernels.next_fused;
  const std::int64_t activations = m_slab_rows * row_stride(network.padded);
  m_buffer = AlignedBuffer<float>(static_cast<std::size_t>(2 * activations));
  m_activations[0] = m_buffer.data();
  m_activations[1] = m_buffer.data() + activations;
  for (auto& masks : m_active) {
    masks = AlignedBuffer<std::uint32_t>(static_cast<std::size_t>(m_slab_rows * mask_words(network.padded)));
  }
}

const std::vector<double>& ChunkRunner::run(std::int64_t chunk, std::int64_t rows) {
  const auto& clock = base::system_clock();
  const double start = clock.monotonic_s();
  m_inputs->begin_chunk(chunk, rows);
  m_sampling_s += clock.monotonic_s() - start;
  for (auto* cells : {&m_sums, &m_block_sums, &m_block_squares, &m_final_squares}) {
    std::ranges::fill(cells->span(), 0.0);
  }
  // A block larger than the chunk is put together by the totals.
  m_whole_blocks = m_block_rows > 2 && m_block_rows <= rows;
  const std::int64_t block = m_whole_blocks ? m_block_rows : rows;
  for (std::int64_t first = 0; first < rows; first += block) {
    const std::int64_t end = std::min(rows, first + block);
    for (std::int64_t row = first; row < end; row += m_slab_rows) run_slab(row, std::min(m_slab_rows, end - row));
    if (m_whole_blocks) finish_block();
  }
  collect();
  return m_cells;
}

void ChunkRunner::run_slab(std::int64_t first_row, std::int64_t rows) {
  const auto& clock = base::system_clock();
  const double start = clock.monotonic_s();
  m_inputs->fill(first_row, rows, m_activations[0]);
  const double filled = clock.monotonic_s();
  m_sampling_s += filled - start;
  for (std::int64_t layer = 0; layer < m_network.depth; ++layer) run_layer(layer, rows);
  m_layers_s += clock.monotonic_s() - filled;
}

void ChunkRunner::run_layer(std::int64_t layer, std::int64_t rows) {
  const std::int64_t padded = m_network.padded;
  const bool last = layer + 1 == m_network.depth;
  LayerPass pass;
  pass.input = m_activations[layer % 2];
  pass.input_active = m_active[layer % 2].data();
  pass.output = m_activations[(layer + 1) % 2];
  pass.output_active = m_active[(layer + 1) % 2].data();
  const float* first_panels = layer == 0 ? m_inputs->first_panels() : nullptr;
  pass.panels = first_panels != nullptr ? first_panels : m_network.layer_panels(layer);
  pass.rows = rows;
  pass.inner = m_network.width;
  pass.padded_columns = padded;
  pass.row_stride = row_stride(padded);
  pass.mask_words = mask_words(padded);
  pass.scratch = m_scratch.data();
  pass.sums = m_sums.data() + layer * padded;
  double* block_squares = m_block_squares.data() + layer * padded;
  if (m_block_rows == 1) pass.squares = block_squares;
  if (m_block_rows == 2) pass.pair_squares = block_squares;
  if (m_block_rows > 1 && last) pass.squares = m_final_squares.data();
  (layer == 0 ? m_first_layer : m_next_layer)(pass);
  if (m_network.takes_zeros && !last) mark_all(pass.output_active, rows);
}

// 0 times what is not finite is not zero: such a network's terms are all taken.
void ChunkRunner::mark_all(std::uint32_t* masks, std::int64_t rows) const {
  const std::int64_t words = mask_words(m_network.padded);
  for (std::int64_t i = 0; i < rows * words; ++i) {
    const std::int64_t left = m_network.width - i % words * 32;
    masks[i] = left >= 32 ? ~0U : left > 0 ? (1U << left) - 1 : 0;
  }
}

// A block of many rows is over: its sums join the chunk's, squared and plain.
void ChunkRunner::finish_block() {
  for (std::size_t i = 0; i < m_sums.size(); ++i) {
    m_block_sums[i] += m_sums[i];
    m_block_squares[i] += m_sums[i] * m_sums[i];
    m_sums[i] = 0;
  }
}

void ChunkRunner::collect() {
  const Cells cells{m_network.width, m_network.depth};
  const auto& sums = m_whole_blocks ? m_block_sums : m_sums;
  const std::int64_t padded = m_network.padded;
  for (std::int64_t layer = 0; layer < cells.depth; ++layer) {
    for (std::int64_t column = 0; column < cells.width; ++column) {
      const auto at = static_cast<std::size_t>(layer * padded + column);
      m_cells[cells.sum(layer, column)] = sums[at];
      m_cells[cells.block_square(layer, column)] = m_block_squares[at];
    }
  }
  const double* squares =
      m_block_rows == 1 ? m_block_squares.data() + (cells.depth - 1) * padded : m_final_squares.data();
  for (std::int64_t column = 0; column < cells.width; ++column) m_cells[cells.final_square(column)] = squares[column];
}

}  // namespace whest::ground_truth
