// SPDX-License-Identifier: MIT
// The peers' stream: one PCG64, float ziggurat normals row after row. A stream cannot be entered in the middle (the
// ziggurat takes a varying number of words), so threads take turns: whoever has the next chunk draws it.
#include <condition_variable>
#include <mutex>
#include <vector>
#include <whest/ground_truth/inputs.hpp>
#include <whest/ground_truth/layout.hpp>
#include <whest/random/pcg64.hpp>
#include <whest/random/ziggurat.hpp>

namespace whest::ground_truth {

namespace {

class PeerStream {
 public:
  PeerStream(const random::SeedSequence& samples, std::int64_t chunk_normals, std::int64_t first_chunk)
      : m_bits(samples), m_next(first_chunk) {
    for (std::int64_t i = 0; i < first_chunk * chunk_normals; ++i) random::standard_normal_f(m_bits);
  }

  // Waits for its turn: chunk 0, 1, 2, ...
  void draw(std::int64_t chunk, std::vector<float>& out) {
    std::unique_lock lock(m_mutex);
    m_turn.wait(lock, [&] { return m_next == chunk; });
    for (float& x : out) x = random::standard_normal_f(m_bits);
    ++m_next;
    m_turn.notify_all();
  }

 private:
  std::mutex m_mutex;
  std::condition_variable m_turn;
  random::Pcg64 m_bits;
  std::int64_t m_next;
};

class NumpyInputs final : public Inputs {
 public:
  NumpyInputs(PeerStream& stream, std::int64_t width, const KernelTable& kernels)
      : m_stream(stream), m_width(width), m_kernels(kernels) {
    // Now, not when a turn has been taken: a thread that fails there would leave the others waiting.
    m_rows.reserve(static_cast<std::size_t>(chunk_rows(Sampler::numpy, width) * width));
  }

  void begin_chunk(std::int64_t chunk, std::int64_t rows) override {
    m_rows.resize(static_cast<std::size_t>(rows * m_width));
    m_stream.draw(chunk, m_rows);
  }

  void fill(std::int64_t first_row, std::int64_t rows, float* blocked) override {
    block_rows_of(m_kernels, m_rows.data() + first_row * m_width, rows, m_width, blocked);
  }

 private:
  PeerStream& m_stream;
  std::int64_t m_width;
  const KernelTable& m_kernels;
  std::vector<float> m_rows;
};

class NumpySource final : public InputSource {
 public:
  NumpySource(const random::SeedSequence& samples, std::int64_t width, const KernelTable& kernels,
              std::int64_t first_chunk)
      : m_stream(std::make_unique<PeerStream>(samples, chunk_rows(Sampler::numpy, width) * width, first_chunk)),
        m_width(width),
        m_kernels(kernels) {}
  std::unique_ptr<Inputs> thread_inputs() const override {
    return std::make_unique<NumpyInputs>(*m_stream, m_width, m_kernels);
  }

 private:
  std::unique_ptr<PeerStream> m_stream;
  std::int64_t m_width;
  const KernelTable& m_kernels;
};

}  // namespace

std::unique_ptr<InputSource> make_numpy_inputs(const random::SeedSequence& samples, std::int64_t width,
                                               const KernelTable& kernels, std::int64_t first_chunk) {
  return std::make_unique<NumpySource>(samples, width, kernels, first_chunk);
}

}  // namespace whest::ground_truth
