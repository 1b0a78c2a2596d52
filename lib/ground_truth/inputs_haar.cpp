// SPDX-License-Identifier: MIT
// Random orthogonal frames: a block of 2 width rows is +- the vectors of one Haar frame, on the sphere of radius
// E[chi_width]. A network of ReLU layers without biases is positively homogeneous, f(r u) = r f(u), so E f(x) =
// E[chi] E f(u): the fixed radius is unbiased for every mean and takes the radius out of the variance.
#include <whest/ground_truth/frames.hpp>
#include <whest/ground_truth/inputs.hpp>

namespace whest::ground_truth {

namespace {

class HaarInputs final : public Inputs {
 public:
  HaarInputs(std::uint64_t key, std::int64_t width, const KernelTable& kernels)
      : m_width(width), m_radius(static_cast<float>(mean_chi(width))), m_frames(key, width, kernels) {}

  void begin_chunk(std::int64_t chunk, std::int64_t /*rows*/) override {
    m_first = chunk * chunk_rows(Sampler::haar, m_width);
  }

  void fill(std::int64_t first_row, std::int64_t rows, float* blocked) override {
    const std::int64_t row = m_first + first_row;
    m_frames.make(row / (2 * m_width));
    m_frames.fill_pairs(row % (2 * m_width) / 2, rows / 2, m_radius, blocked);
  }

 private:
  std::int64_t m_width;
  float m_radius;
  FrameMaker m_frames;
  std::int64_t m_first = 0;
};

class HaarSource final : public InputSource {
 public:
  HaarSource(std::uint64_t key, std::int64_t width, const KernelTable& kernels)
      : m_key(key), m_width(width), m_kernels(kernels) {}
  std::unique_ptr<Inputs> thread_inputs() const override {
    return std::make_unique<HaarInputs>(m_key, m_width, m_kernels);
  }
  double square_scale() const override {
    const auto radius = static_cast<double>(static_cast<float>(mean_chi(m_width)));
    return static_cast<double>(m_width) / (radius * radius);
  }

 private:
  std::uint64_t m_key;
  std::int64_t m_width;
  const KernelTable& m_kernels;
};

}  // namespace

std::unique_ptr<InputSource> make_haar_inputs(std::uint64_t key, std::int64_t width, const KernelTable& kernels) {
  return std::make_unique<HaarSource>(key, width, kernels);
}

}  // namespace whest::ground_truth
