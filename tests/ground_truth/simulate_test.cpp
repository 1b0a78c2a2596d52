// SPDX-License-Identifier: MIT
// The driver: the same bits whatever the threads and instruction set, right means and errors, progress, refusals.
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <numbers>
#include <vector>
#include <whest/ground_truth/simulate.hpp>
#include <whest/network/generate.hpp>

using namespace whest;
using namespace whest::ground_truth;

namespace {

network::GeneratedNetwork make_network(std::int64_t width, std::int64_t depth, std::uint64_t seed = 11) {
  auto suite = network::generate_suite(random::Entropy(seed), 1, width, depth);
  REQUIRE(suite.has_value());
  return std::move((*suite)[0]);
}

GroundTruth run(const network::GeneratedNetwork& network, const Options& options) {
  auto truth = simulate(network.mlp, network.samples, options);
  REQUIRE_MESSAGE(truth.has_value(), (truth ? std::string() : truth.error().message));
  return std::move(*truth);
}

bool same_bits(const GroundTruth& a, const GroundTruth& b) {
  const auto same = [](const auto& x, const auto& y) {
    return x.size() == y.size() && std::memcmp(x.data(), y.data(), x.size() * sizeof(x[0])) == 0;
  };
  return same(a.layer_means, b.layer_means) && same(a.layer_standard_errors, b.layer_standard_errors) &&
         same(a.final_variances, b.final_variances) && a.avg_variance == b.avg_variance && a.n_samples == b.n_samples;
}

}  // namespace

TEST_CASE("the default sampler gives the same bits on any number of threads and instruction set") {
  for (const std::int64_t width : {5, 32, 50}) {
    const auto network = make_network(width, 3);
    Options options;
    options.n_samples = width == 5 ? 70'001 : 20'001;  // several chunks, the last one short
    options.threads = 1;
    options.isa = Isa::scalar;
    const GroundTruth reference = run(network, options);
    CHECK(reference.isa == Isa::scalar);
    for (const Isa isa : k_all_isas) {
      if (!isa_available(isa)) continue;
      for (const int threads : {1, 2, 3, 7}) {
        if (isa == Isa::scalar && (width > 5 || threads != 3)) continue;  // slow, and the reference
        CAPTURE(isa_name(isa));
        CAPTURE(threads);
        options.isa = isa;
        options.threads = threads;
        CHECK(same_bits(run(network, options), reference));
      }
    }
    const auto other = make_network(width, 3, 12);
    CHECK_FALSE(same_bits(run(other, options), reference));
  }
}

TEST_CASE("one layer: means, variances and errors are the half-normal's") {
  const auto network = make_network(24, 1);
  Options options;
  options.n_samples = 400'000;
  const GroundTruth truth = run(network, options);
  double chi_square = 0;
  for (std::size_t c = 0; c < 24; ++c) {
    double variance = 0;  // of the input to neuron c
    for (std::size_t k = 0; k < 24; ++k)
      variance += std::pow(static_cast<double>(network.mlp.weights[0][k * 24 + c]), 2);
    const double mean = std::sqrt(variance / (2 * std::numbers::pi));
    const double output_variance = variance * (0.5 - 0.5 / std::numbers::pi);
    const double error = std::sqrt(output_variance / 400'000);
    CHECK(truth.layer_standard_errors[c] == doctest::Approx(error).epsilon(0.02));
    CHECK(truth.final_variances[c] == doctest::Approx(output_variance).epsilon(0.02));
    const double z = (static_cast<double>(truth.layer_means[c]) - mean) / error;
    CHECK(std::fabs(z) < 5);
    chi_square += z * z;
  }
  CHECK(chi_square < 24 + 5 * std::sqrt(48.0));
  CHECK(chi_square > 3);  // as wrong as an error too large
}

TEST_CASE("the two iid samplers agree within their errors") {
  const auto network = make_network(40, 4);
  Options options;
  options.n_samples = 200'000;
  const GroundTruth ours = run(network, options);
  options.sampler = Sampler::numpy;
  const GroundTruth peers = run(network, options);
  double chi_square = 0;
  for (std::size_t i = 0; i < ours.layer_means.size(); ++i) {
    const double error = std::hypot(ours.layer_standard_errors[i], peers.layer_standard_errors[i]);
    REQUIRE(error > 0);
    const double z = (static_cast<double>(ours.layer_means[i]) - static_cast<double>(peers.layer_means[i])) / error;
    CHECK(std::fabs(z) < 5);
    chi_square += z * z;
  }
  // neurons are correlated: a wide band, but one that a wrong error leaves
  CHECK(chi_square < 3.0 * static_cast<double>(ours.layer_means.size()));
  CHECK(chi_square > 0.3 * static_cast<double>(ours.layer_means.size()));
  CHECK(ours.avg_variance == doctest::Approx(peers.avg_variance).epsilon(0.05));
}

TEST_CASE("one sample has no error to show, and a mean") {
  const auto network = make_network(8, 2);
  Options options;
  options.n_samples = 1;
  const GroundTruth truth = run(network, options);
  CHECK(truth.n_samples == 1);
  for (const double error : truth.layer_standard_errors) CHECK(error == 0.0);
  for (const double variance : truth.final_variances) CHECK(std::fabs(variance) < 1e-6);
}

TEST_CASE("progress comes on the caller's thread and ends at the total") {
  const auto network = make_network(64, 4);
  Options options;
  options.n_samples = 100'000;
  std::vector<Progress> seen;
  const auto truth = simulate(network.mlp, network.samples, options, [&](const Progress& p) { seen.push_back(p); });
  REQUIRE(truth.has_value());
  REQUIRE_FALSE(seen.empty());
  CHECK(seen.back().samples_done == 100'000);
  CHECK(seen.back().samples_total == 100'000);
  CHECK(seen.back().remaining_s == 0);
  CHECK(seen.back().samples_per_s > 0);
}

TEST_CASE("a cancelled run says that it was interrupted") {
  const auto network = make_network(64, 4);
  for (const Sampler sampler : {Sampler::philox, Sampler::numpy}) {
    Options options;
    options.n_samples = std::int64_t{1} << 40;
    options.sampler = sampler;
    const auto truth = simulate(network.mlp, network.samples, options, {}, [] { return true; });
    REQUIRE_FALSE(truth.has_value());
    CHECK(truth.error().message == "interrupted.");
  }
}

TEST_CASE("bad requests are refused with a sentence") {
  const auto network = make_network(8, 2);
  const auto refused = [&](const Options& options) {
    const auto truth = simulate(network.mlp, network.samples, options);
    return !truth.has_value() && truth.error().kind == base::ErrorKind::usage && !truth.error().message.empty();
  };
  Options options;
  CHECK(refused(options));
  options.n_samples = -5;
  CHECK(refused(options));
  options.n_samples = 10;
  options.threads = -1;
  CHECK(refused(options));
  options.threads = 0;
  for (const Isa isa : k_all_isas) {
    options.isa = isa;
    CHECK(refused(options) == !isa_available(isa));
  }
}

TEST_CASE("activations that are not finite are an error; the peers' sampler goes on") {
  auto network = make_network(8, 2);
  network.mlp.weights[1][3] = std::numeric_limits<float>::infinity();
  Options options;
  options.n_samples = 100;
  const auto truth = simulate(network.mlp, network.samples, options);
  REQUIRE_FALSE(truth.has_value());
  CHECK(truth.error().kind == base::ErrorKind::usage);
  options.sampler = Sampler::numpy;
  CHECK_FALSE(std::isfinite(run(network, options).layer_means.back() + run(network, options).layer_means[8 + 3]));
}
