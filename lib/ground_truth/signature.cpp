// SPDX-License-Identifier: MIT
#include <span>
#include <string>
#include <whest/base/sha256.hpp>
#include <whest/ground_truth/bench.hpp>
#include <whest/ground_truth/layout.hpp>
#include <whest/ground_truth/options.hpp>
#include <whest/ground_truth/simulate.hpp>
#include <whest/network/generate.hpp>

namespace whest::ground_truth {

namespace {

template <class T>
std::string hash_of(const std::vector<T>& values) {
  return base::sha256_hex(std::as_bytes(std::span(values)));
}

base::Expected<std::string> hash_of_truth(const network::GeneratedNetwork& network, const Options& options) {
  const auto truth = simulate(network.mlp, network.samples, options);
  if (!truth) return std::unexpected(truth.error());
  return hash_of(truth->layer_means) + hash_of(truth->layer_standard_errors) + hash_of(truth->final_variances);
}

}  // namespace

base::Expected<std::string> ground_truth_signature(std::optional<Isa> isa, int threads) {
  if (!isa) {
    const auto resolved = resolve_isa();
    if (!resolved) return std::unexpected(resolved.error());
    isa = *resolved;
  }
  std::string content;
  AlignedBuffer<float> normals(1 << 12);
  if (isa_available(*isa)) kernel_table(*isa).normals(normals.data(), 1 << 12, 2026);
  content += base::sha256_hex(std::as_bytes(normals.span()));
  for (const std::int64_t width : {16, 21}) {
    const auto suite = network::generate_suite(random::Entropy(2026), 1, width, 2);
    if (!suite) return std::unexpected(suite.error());
    const auto& network = suite->front();
    for (const auto& layer : network.mlp.weights) content += hash_of(layer);
    for (const Sampler sampler : k_all_samplers) {
      if (sampler == Sampler::kerdock && width != 16) continue;
      for (const Precision precision : {Precision::float32, Precision::bf16x3}) {
        if (sampler == Sampler::numpy && precision != Precision::float32) continue;
        Options options;
        // more than one chunk where that is quick in scalar code
        options.n_samples = precision == Precision::float32 ? 20'000 : 2'000;
        options.sampler = sampler;
        options.precision = precision;
        options.isa = isa;
        options.threads = threads;
        const auto hash = hash_of_truth(network, options);
        if (!hash) return std::unexpected(hash.error());
        content += *hash;
      }
    }
  }
  return base::sha256_hex(content);
}

}  // namespace whest::ground_truth
