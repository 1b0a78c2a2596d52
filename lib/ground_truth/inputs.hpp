// SPDX-License-Identifier: MIT
// Where input rows come from: one object per thread, over what the threads share.
#pragma once

#include <cstdint>
#include <memory>
#include <whest/ground_truth/kernels/table.hpp>
#include <whest/ground_truth/options.hpp>
#include <whest/network/mlp.hpp>
#include <whest/random/seed_sequence.hpp>

namespace whest::ground_truth {

class Inputs {
 public:
  virtual ~Inputs() = default;

  // Before the rows of a chunk are asked for. Chunks come in ascending order on each thread, each on one thread only.
  virtual void begin_chunk(std::int64_t chunk, std::int64_t rows) = 0;

  // Rows first_row .. first_row + rows of the chunk, blocked, from row 0 of `blocked` on.
  virtual void fill(std::int64_t first_row, std::int64_t rows, float* blocked) = 0;

  // Weights of the first layer to use for this chunk in place of the network's (a rotation folded in), or null.
  virtual const float* first_panels() const { return nullptr; }
};

// What all threads share: keys, the peers' stream, design tables. Outlives the Inputs it makes.
class InputSource {
 public:
  virtual ~InputSource() = default;
  virtual std::unique_ptr<Inputs> thread_inputs() const = 0;

  // E[x^2] of the last layer = this times the mean of the squares sampled: 1, but for samplers that put rows on the
  // sphere of radius E[chi_n] (means are then right as the network is positively homogeneous, squares short of
  // n / E[chi_n]^2).
  virtual double square_scale() const { return 1.0; }
};

// `samples` is the network's sampling seed (child 3i+1 of a live run). A usage error when the sampler cannot serve the
// width. No chunk before `first_chunk` will be asked for.
base::Expected<std::unique_ptr<InputSource>> make_input_source(Sampler sampler, const network::Mlp& mlp,
                                                               const random::SeedSequence& samples,
                                                               const KernelTable& kernels,
                                                               std::int64_t first_chunk = 0);

// The samplers, one source file each.
std::unique_ptr<InputSource> make_philox_inputs(std::uint64_t key, std::int64_t width, const KernelTable& kernels);
std::unique_ptr<InputSource> make_antithetic_inputs(std::uint64_t key, std::int64_t width, const KernelTable& kernels);
std::unique_ptr<InputSource> make_haar_inputs(std::uint64_t key, std::int64_t width, const KernelTable& kernels);
std::unique_ptr<InputSource> make_kerdock_inputs(std::uint64_t key, const network::Mlp& mlp,
                                                 const KernelTable& kernels);
// Begins with `first_chunk`: what comes before is drawn and thrown away.
std::unique_ptr<InputSource> make_numpy_inputs(const random::SeedSequence& samples, std::int64_t width,
                                               const KernelTable& kernels, std::int64_t first_chunk);

}  // namespace whest::ground_truth
