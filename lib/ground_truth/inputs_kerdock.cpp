// SPDX-License-Identifier: MIT
// Randomly rotated spherical 5-designs: a block of width (width + 2) rows is +- every vector of Kerdock's bases under
// one Haar rotation, on the sphere of radius E[chi_width] (see inputs_haar.cpp). The rotation and the radius are folded
// into the first layer's weights, so that rows are plain vectors of the set.
#include <algorithm>
#include <bit>
#include <cmath>
#include <vector>
#include <whest/ground_truth/frames.hpp>
#include <whest/ground_truth/inputs.hpp>
#include <whest/ground_truth/kerdock.hpp>

namespace whest::ground_truth {

namespace {

struct Shared {
  Shared(std::uint64_t seed_key, const network::Mlp& mlp, const KernelTable& table)
      : key(seed_key), width(mlp.width), set(mlp.width), kernels(table), rotation_kernels(kernel_table(table.isa)) {
    panels = AlignedBuffer<float>(static_cast<std::size_t>(packed_floats(rotation_kernels, width)));
    pack_weights(rotation_kernels, mlp.weights[0].data(), width, panels.data());
  }

  std::uint64_t key;
  std::int64_t width;
  KerdockSet set;
  const KernelTable& kernels;
  const KernelTable& rotation_kernels;  // float32 whatever the precision: the rotated weights are weights
  AlignedBuffer<float> panels;          // of the first layer as it is
};

class KerdockInputs final : public Inputs {
 public:
  explicit KerdockInputs(const Shared& shared)
      : m_shared(shared),
        m_frames(shared.key, shared.width, shared.rotation_kernels),
        m_padded(padded_columns(shared.kernels, shared.width)),
        m_rotation_padded(padded_columns(shared.rotation_kernels, shared.width)),
        m_pairs(static_cast<std::size_t>(round_up(2 * shared.width, shared.rotation_kernels.row_block) *
                                         m_rotation_padded)),
        m_products(static_cast<std::size_t>(round_up(2 * shared.width, shared.rotation_kernels.row_block) *
                                            row_stride(m_rotation_padded))),
        m_active(static_cast<std::size_t>(round_up(2 * shared.width, shared.rotation_kernels.row_block) *
                                          mask_words(m_rotation_padded))),
        m_sums(static_cast<std::size_t>(m_rotation_padded)),
        m_rotated(static_cast<std::size_t>(shared.width * shared.width)),
        m_panels(static_cast<std::size_t>(packed_floats(shared.kernels, shared.width))) {}

  void begin_chunk(std::int64_t chunk, std::int64_t /*rows*/) override {
    const std::int64_t first = chunk * chunk_rows(Sampler::kerdock, m_shared.width);
    const std::int64_t block = block_rows(Sampler::kerdock, m_shared.width);
    m_first = first % block;
    rotate(first / block);
  }

  void fill(std::int64_t first_row, std::int64_t rows, float* blocked) override {
    for (std::int64_t row = 0; row < rows; row += 2) fill_pair((m_first + first_row + row) / 2, row, blocked);
  }

  const float* first_panels() const override { return m_panels.data(); }

 private:
  // m_panels = radius R W. The layer kernel ends in a ReLU: rows r and -r give max(r W, 0) and max(-r W, 0), of which
  // one is zero, and their difference is r W as the kernel rounds it.
  void rotate(std::int64_t rotation) {
    if (rotation == m_rotation) return;
    const KernelTable& kernels = m_shared.rotation_kernels;
    const std::int64_t width = m_shared.width;
    m_frames.make(rotation);
    m_frames.fill_pairs(0, width, static_cast<float>(mean_chi(width)), m_pairs.data());
    kernels.first_fused({.input = m_pairs.data(),
                         .panels = m_shared.panels.data(),
                         .output = m_products.data(),
                         .rows = 2 * width,
                         .inner = width,
                         .padded_columns = m_rotation_padded,
                         .row_stride = row_stride(m_rotation_padded),
                         .mask_words = mask_words(m_rotation_padded),
                         .sums = m_sums.data(),
                         .output_active = m_active.data()});
    const auto product = [&](std::int64_t row, std::int64_t column) {
      return m_products[static_cast<std::size_t>(row * row_stride(m_rotation_padded) + column)];
    };
    for (std::int64_t i = 0; i < width; ++i) {
      for (std::int64_t c = 0; c < width; ++c) {
        m_rotated[static_cast<std::size_t>(i * width + c)] = product(2 * i, c) - product(2 * i + 1, c);
      }
    }
    pack_weights(m_shared.kernels, m_rotated.data(), width, m_panels.data());
    m_rotation = rotation;
  }

  // Vector `index` of the set and its negative at rows row and row + 1.
  void fill_pair(std::int64_t index, std::int64_t row, float* blocked) {
    const std::int64_t width = m_shared.width;
    const std::int64_t basis = index / width;
    const std::int64_t b = index % width;
    const std::int64_t lanes = m_shared.kernels.lanes;
    const bool axes = basis == width / 2;
    const std::uint8_t* form = axes ? nullptr : m_shared.set.form_signs(basis);
    const std::uint8_t* hadamard = axes ? nullptr : m_shared.set.hadamard_signs(b);
    const auto height = std::bit_cast<std::uint32_t>(static_cast<float>(1.0 / std::sqrt(static_cast<double>(width))));
    for (std::int64_t column = 0; column < width; column += lanes) {
      float* plus = blocked + blocked_index(m_shared.kernels, m_padded, row, column);
      float* minus = blocked + blocked_index(m_shared.kernels, m_padded, row + 1, column);
      const std::int64_t end = std::min(lanes, width - column);
      for (std::int64_t lane = 0; lane < end; ++lane) {
        const std::int64_t v = column + lane;
        const float x = axes ? (v == b ? 1.0F : 0.0F)
                             : std::bit_cast<float>(height ^ (static_cast<std::uint32_t>(form[v] ^ hadamard[v]) << 31));
        plus[lane] = x;
        minus[lane] = -x;
      }
    }
  }

  const Shared& m_shared;
  FrameMaker m_frames;
  std::int64_t m_padded;
  std::int64_t m_rotation_padded;
  AlignedBuffer<float> m_pairs;           // blocked: +- rows of the rotation
  AlignedBuffer<float> m_products;        // in rows: through the first layer
  AlignedBuffer<std::uint32_t> m_active;  // masks of the products, unused
  AlignedBuffer<double> m_sums;           // the kernel's, unused
  std::vector<float> m_rotated;           // radius R W, row-major
  AlignedBuffer<float> m_panels;
  std::int64_t m_rotation = -1;
  std::int64_t m_first = 0;  // row of the block at which the chunk begins
};

class KerdockSource final : public InputSource {
 public:
  KerdockSource(std::uint64_t key, const network::Mlp& mlp, const KernelTable& kernels) : m_shared(key, mlp, kernels) {}
  std::unique_ptr<Inputs> thread_inputs() const override { return std::make_unique<KerdockInputs>(m_shared); }
  double square_scale() const override {
    const auto radius = static_cast<double>(static_cast<float>(mean_chi(m_shared.width)));
    return static_cast<double>(m_shared.width) / (radius * radius);
  }

 private:
  Shared m_shared;
};

}  // namespace

std::unique_ptr<InputSource> make_kerdock_inputs(std::uint64_t key, const network::Mlp& mlp,
                                                 const KernelTable& kernels) {
  return std::make_unique<KerdockSource>(key, mlp, kernels);
}

}  // namespace whest::ground_truth
