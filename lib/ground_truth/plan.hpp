// SPDX-License-Identifier: MIT
// A simulation's options, checked and turned into chunks.
#pragma once

#include <cstdint>
#include <whest/base/error.hpp>
#include <whest/ground_truth/options.hpp>
#include <whest/network/mlp.hpp>

namespace whest::ground_truth {

struct Plan {
  Sampler sampler = Sampler::philox;
  Isa isa = Isa::scalar;
  int threads = 1;
  std::int64_t block_rows = 1;
  std::int64_t chunk_rows = 0;
  std::int64_t chunks_per_block = 1;  // above 1 where a block is larger than a chunk
  std::int64_t max_samples = 0;       // whole blocks; all are drawn unless a target is met before
  std::int64_t max_chunks = 0;

  std::int64_t rows_of(std::int64_t chunk) const;
  // Rows of chunks 0 .. end - 1.
  std::int64_t samples_before(std::int64_t end) const;
};

base::Expected<Plan> make_plan(const network::Mlp& mlp, const Options& options);

// Where the first round of a run with a target ends, and the next one when `done` chunks gave an error `ratio` times
// the target (> 1): whole blocks, at most four times what there is, at most max_chunks.
std::int64_t first_round(const Plan& plan);
std::int64_t next_round(const Plan& plan, std::int64_t done, double ratio);

}  // namespace whest::ground_truth
