// SPDX-License-Identifier: MIT
#include <cmath>
#include <new>
#include <utility>
#include <whest/base/numbers.hpp>
#include <whest/network/generate.hpp>
#include <whest/network/names.hpp>
#include <whest/random/pcg64.hpp>
#include <whest/random/ziggurat.hpp>

namespace whest::network {
namespace {

NetworkSeeds seeds_of_children(random::SeedSequence weights, random::SeedSequence samples,
                               const random::SeedSequence& estimator) {
  const std::uint32_t mlp_seed = estimator.generate_state32(1)[0];
  return {std::move(weights), std::move(samples), mlp_seed, name_of_seed(mlp_seed)};
}

}  // namespace

std::vector<NetworkSeeds> suite_seeds(const random::Entropy& seed, std::size_t n_mlps) {
  random::SeedSequence root(seed);
  std::vector<random::SeedSequence> children = root.spawn(3 * n_mlps);
  std::vector<NetworkSeeds> out;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < n_mlps; ++i) {
    out.push_back(seeds_of_children(std::move(children[3 * i]), std::move(children[3 * i + 1]), children[3 * i + 2]));
    names.push_back(out.back().name);
  }
  number_repeated_names(names);
  for (std::size_t i = 0; i < n_mlps; ++i) out[i].name = std::move(names[i]);
  return out;
}

NetworkSeeds row_seeds(std::uint64_t input_seed) {
  random::SeedSequence root{random::Entropy(input_seed)};
  std::vector<random::SeedSequence> children = root.spawn(3);
  return seeds_of_children(std::move(children[0]), std::move(children[1]), children[2]);
}

std::vector<std::vector<float>> generate_weights(const random::SeedSequence& seed, std::int64_t width,
                                                 std::int64_t depth) {
  random::Pcg64 bits(seed);
  const double scale = std::sqrt(2.0 / static_cast<double>(width));
  std::vector<std::vector<float>> layers(static_cast<std::size_t>(depth));
  for (std::vector<float>& layer : layers) {
    layer.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(width));
    for (float& w : layer) w = static_cast<float>(random::standard_normal(bits) * scale);
  }
  return layers;
}

Mlp generate_network(const NetworkSeeds& seeds, std::int64_t width, std::int64_t depth) {
  return {width, depth, generate_weights(seeds.weights, width, depth), seeds.name, seeds.mlp_seed};
}

base::Expected<Mlp> make_network(const NetworkSeeds& seeds, std::int64_t width, std::int64_t depth) {
  try {
    return generate_network(seeds, width, depth);
  } catch (const std::bad_alloc&) {
    return base::grader_error("there is not enough memory for a network of width " + std::to_string(width) +
                              " and depth " + std::to_string(depth) + ": its weights take " +
                              base::bytes_for_people(4 * width * width * depth) + ".");
  }
}

base::Expected<void> check_shape(std::int64_t width, std::int64_t depth) {
  constexpr std::int64_t k_max_width = std::int64_t{1} << 16;
  constexpr double k_max_bytes = 0x1p40;
  if (width < 1 || width > k_max_width) {
    return base::usage_error("width must be from 1 to 65536, got " + std::to_string(width));
  }
  const double bytes_per_layer = 4.0 * static_cast<double>(width) * static_cast<double>(width);
  if (depth < 1 || static_cast<double>(depth) * bytes_per_layer > k_max_bytes) {
    return base::usage_error("depth must be at least 1 and the weights at most 1 TiB, got width " +
                             std::to_string(width) + ", depth " + std::to_string(depth));
  }
  return {};
}

base::Expected<std::vector<GeneratedNetwork>> generate_suite(const random::Entropy& seed, std::size_t n_mlps,
                                                             std::int64_t width, std::int64_t depth) {
  if (auto shape = check_shape(width, depth); !shape) return std::unexpected(shape.error());
  std::vector<GeneratedNetwork> suite;
  for (NetworkSeeds& seeds : suite_seeds(seed, n_mlps)) {
    auto mlp = make_network(seeds, width, depth);
    if (!mlp) return std::unexpected(mlp.error());
    suite.push_back({std::move(*mlp), std::move(seeds.samples)});
  }
  return suite;
}

}  // namespace whest::network
