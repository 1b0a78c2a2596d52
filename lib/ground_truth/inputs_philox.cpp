// SPDX-License-Identifier: MIT
// Independent rows: row r of the simulation is row r of the counter-based stream of the network's key.
#include <whest/ground_truth/inputs.hpp>
#include <whest/ground_truth/layout.hpp>

namespace whest::ground_truth {

namespace {

class PhiloxInputs final : public Inputs {
 public:
  PhiloxInputs(std::uint64_t key, std::int64_t width, const KernelTable& kernels)
      : m_key(key), m_width(width), m_kernels(kernels) {}

  void begin_chunk(std::int64_t chunk, std::int64_t /*rows*/) override {
    m_first = chunk * chunk_rows(Sampler::philox, m_width);
  }

  void fill(std::int64_t first_row, std::int64_t rows, float* blocked) override {
    m_kernels.fill_normals({.output = blocked,
                            .key = m_key,
                            .first_row = static_cast<std::uint64_t>(m_first + first_row),
                            .rows = rows,
                            .padded_columns = padded_columns(m_kernels, m_width)});
  }

 private:
  std::uint64_t m_key;
  std::int64_t m_width;
  const KernelTable& m_kernels;
  std::int64_t m_first = 0;
};

class PhiloxSource final : public InputSource {
 public:
  PhiloxSource(std::uint64_t key, std::int64_t width, const KernelTable& kernels)
      : m_key(key), m_width(width), m_kernels(kernels) {}
  std::unique_ptr<Inputs> thread_inputs() const override {
    return std::make_unique<PhiloxInputs>(m_key, m_width, m_kernels);
  }

 private:
  std::uint64_t m_key;
  std::int64_t m_width;
  const KernelTable& m_kernels;
};

}  // namespace

std::unique_ptr<InputSource> make_philox_inputs(std::uint64_t key, std::int64_t width, const KernelTable& kernels) {
  return std::make_unique<PhiloxSource>(key, width, kernels);
}

}  // namespace whest::ground_truth
