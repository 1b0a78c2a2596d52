// SPDX-License-Identifier: MIT
// Networks from seeds, bit for bit those of the contest's Python packages: SeedSequence(S).spawn(3 n), of which network
// i takes child 3i for the weights, 3i+1 for the ground-truth samples, 3i+2 for mlp.seed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>
#include <whest/base/error.hpp>
#include <whest/network/mlp.hpp>
#include <whest/random/entropy.hpp>
#include <whest/random/seed_sequence.hpp>

namespace whest::network {

// All that decides one network, before the (large) weights are made.
struct NetworkSeeds {
  random::SeedSequence weights;
  random::SeedSequence samples;
  std::uint32_t mlp_seed = 0;
  std::string name;
};

// A live run's networks. For a run without a seed the caller draws random::Entropy::from_system() and records it.
std::vector<NetworkSeeds> suite_seeds(const random::Entropy& seed, std::size_t n_mlps);

// A dataset row's network (protocols 3.0 and 4.0): SeedSequence(input).spawn(3). The 4.0 protocol then replaces
// mlp_seed and name by keyed hashes of its own.
NetworkSeeds row_seeds(std::uint64_t input_seed);

// The weights of one network: standard_normal * sqrt(2 / width) in double, rounded to float32, all layers from one
// stream.
std::vector<std::vector<float>> generate_weights(const random::SeedSequence& seed, std::int64_t width,
                                                 std::int64_t depth);

Mlp generate_network(const NetworkSeeds& seeds, std::int64_t width, std::int64_t depth);

// The same with a grader error, in place of std::bad_alloc, where memory does not suffice.
base::Expected<Mlp> make_network(const NetworkSeeds& seeds, std::int64_t width, std::int64_t depth);

struct GeneratedNetwork {
  Mlp mlp;
  random::SeedSequence samples;  // the ground-truth stream of the `numpy` sampler
};

// suite_seeds and make_network for all. A usage error when width or depth is below 1 or the weights would not fit
// in 2^40 bytes.
base::Expected<std::vector<GeneratedNetwork>> generate_suite(const random::Entropy& seed, std::size_t n_mlps,
                                                             std::int64_t width, std::int64_t depth);

// Refuses shapes that cannot be meant.
base::Expected<void> check_shape(std::int64_t width, std::int64_t depth);

}  // namespace whest::network
