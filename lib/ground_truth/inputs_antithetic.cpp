// SPDX-License-Identifier: MIT
// Antithetic pairs: rows 2 i and 2 i + 1 are row i of the counter-based stream and its negative.
#include <whest/ground_truth/inputs.hpp>
#include <whest/ground_truth/layout.hpp>

namespace whest::ground_truth {

namespace {

class AntitheticInputs final : public Inputs {
 public:
  AntitheticInputs(std::uint64_t key, std::int64_t width, const KernelTable& kernels)
      : m_key(key), m_width(width), m_padded(padded_columns(kernels, width)), m_kernels(kernels) {}

  void begin_chunk(std::int64_t chunk, std::int64_t /*rows*/) override {
    m_first = chunk * chunk_rows(Sampler::antithetic, m_width);
  }

  void fill(std::int64_t first_row, std::int64_t rows, float* blocked) override {
    const std::int64_t pairs = rows / 2;
    const auto needed = static_cast<std::size_t>(round_up(pairs, m_kernels.row_block) * m_padded);
    if (m_half.size() < needed) m_half = AlignedBuffer<float>(needed);
    m_kernels.fill_normals({.output = m_half.data(),
                            .key = m_key,
                            .first_row = static_cast<std::uint64_t>((m_first + first_row) / 2),
                            .rows = pairs,
                            .padded_columns = m_padded});
    const std::int64_t lanes = m_kernels.lanes;
    for (std::int64_t i = 0; i < pairs; ++i) {
      for (std::int64_t column = 0; column < m_padded; column += lanes) {
        const float* from = m_half.data() + blocked_index(m_kernels, m_padded, i, column);
        float* plus = blocked + blocked_index(m_kernels, m_padded, 2 * i, column);
        float* minus = blocked + blocked_index(m_kernels, m_padded, 2 * i + 1, column);
        for (std::int64_t lane = 0; lane < lanes; ++lane) {
          plus[lane] = from[lane];
          minus[lane] = -from[lane];
        }
      }
    }
  }

 private:
  std::uint64_t m_key;
  std::int64_t m_width;
  std::int64_t m_padded;
  const KernelTable& m_kernels;
  std::int64_t m_first = 0;
  AlignedBuffer<float> m_half;
};

class AntitheticSource final : public InputSource {
 public:
  AntitheticSource(std::uint64_t key, std::int64_t width, const KernelTable& kernels)
      : m_key(key), m_width(width), m_kernels(kernels) {}
  std::unique_ptr<Inputs> thread_inputs() const override {
    return std::make_unique<AntitheticInputs>(m_key, m_width, m_kernels);
  }

 private:
  std::uint64_t m_key;
  std::int64_t m_width;
  const KernelTable& m_kernels;
};

}  // namespace

std::unique_ptr<InputSource> make_antithetic_inputs(std::uint64_t key, std::int64_t width, const KernelTable& kernels) {
  return std::make_unique<AntitheticSource>(key, width, kernels);
}

}  // namespace whest::ground_truth
