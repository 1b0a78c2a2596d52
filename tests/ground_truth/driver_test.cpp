// SPDX-License-Identifier: MIT
// Targets and checkpoints: a run that is cut and resumed, or told a precision, gives the bits of one that is not.
#include <doctest/doctest.h>

#include <cstring>
#include <filesystem>
#include <string>
#include <whest/base/file.hpp>
#include <whest/ground_truth/simulate.hpp>
#include <whest/network/generate.hpp>

using namespace whest;
using namespace whest::ground_truth;

namespace {

network::GeneratedNetwork make_network(std::int64_t width, std::int64_t depth) {
  auto suite = network::generate_suite(random::Entropy(31), 1, width, depth);
  REQUIRE(suite.has_value());
  return std::move((*suite)[0]);
}

bool same_bits(const GroundTruth& a, const GroundTruth& b) {
  const auto same = [](const auto& x, const auto& y) {
    return x.size() == y.size() && std::memcmp(x.data(), y.data(), x.size() * sizeof(x[0])) == 0;
  };
  return same(a.layer_means, b.layer_means) && same(a.layer_standard_errors, b.layer_standard_errors) &&
         same(a.final_variances, b.final_variances) && a.n_samples == b.n_samples;
}

// A path in a directory of the test's own, gone afterwards.
class Scratch {
 public:
  Scratch() {
    char name[] = "/tmp/whest-checkpoint-XXXXXX";
    REQUIRE(mkdtemp(name) != nullptr);
    m_directory = name;
  }
  ~Scratch() { std::filesystem::remove_all(m_directory); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  std::string path() const { return m_directory + "/run.checkpoint"; }

 private:
  std::string m_directory;
};

// Cancels at the first occasion, which is the end of the first chunk; the checkpoint lies there.
void interrupt(const network::GeneratedNetwork& network, const Options& options) {
  const auto truth = simulate(network.mlp, network.samples, options, {}, [] { return true; });
  REQUIRE_FALSE(truth.has_value());
  REQUIRE(truth.error().message == "interrupted.");
  REQUIRE(std::filesystem::exists(options.checkpoint_path));
}

}  // namespace

TEST_CASE("a run that was interrupted goes on to the same bits") {
  for (const Sampler sampler : k_all_samplers) {
    CAPTURE(sampler_name(sampler));
    const Scratch scratch;
    const auto network = make_network(64, 6);
    Options options;
    options.n_samples = 400'000;
    options.sampler = sampler;
    const auto whole = simulate(network.mlp, network.samples, options);
    REQUIRE(whole.has_value());

    options.checkpoint_path = scratch.path();
    options.threads = 2;
    interrupt(network, options);
    options.threads = 1;
    if (sampler == Sampler::philox) interrupt(network, options);
    const auto resumed = simulate(network.mlp, network.samples, options);
    REQUIRE_MESSAGE(resumed.has_value(), (resumed ? std::string() : resumed.error().message));
    CHECK(same_bits(*resumed, *whole));
    CHECK_FALSE(std::filesystem::exists(options.checkpoint_path));
  }
}

TEST_CASE("a checkpoint of another simulation, or a damaged one, is refused") {
  const Scratch scratch;
  const auto network = make_network(64, 6);
  Options options;
  options.n_samples = 400'000;
  options.checkpoint_path = scratch.path();
  interrupt(network, options);
  const std::string good = base::read_file(scratch.path()).value();

  Options other = options;
  other.n_samples += 1;
  auto refused = simulate(network.mlp, network.samples, other);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().message == "the checkpoint '" + scratch.path() + "' belongs to another simulation.");

  for (const std::size_t at : {good.size() - 1, good.size() / 2, std::size_t{170}}) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    REQUIRE(base::write_file_atomically(scratch.path(), bad).has_value());
    refused = simulate(network.mlp, network.samples, options);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().message == "the checkpoint '" + scratch.path() + "' is damaged.");
  }
  for (const std::string& text : {std::string(), std::string("hello"), good.substr(0, 100)}) {
    REQUIRE(base::write_file_atomically(scratch.path(), text).has_value());
    refused = simulate(network.mlp, network.samples, options);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().message == "'" + scratch.path() + "' is not a ground-truth checkpoint.");
  }
  REQUIRE(base::write_file_atomically(scratch.path(), good).has_value());
  CHECK(simulate(network.mlp, network.samples, options).has_value());
}

TEST_CASE("a target precision is met, not by much, and the same way on any number of threads") {
  const auto network = make_network(16, 3);
  for (const Sampler sampler : k_all_samplers) {
    CAPTURE(sampler_name(sampler));
    Options options;
    options.sampler = sampler;
    options.target_stderr = sampler == Sampler::kerdock ? 2e-4 : 6e-4;
    options.threads = 1;
    const auto one = simulate(network.mlp, network.samples, options);
    REQUIRE(one.has_value());
    CHECK(one->final_standard_error <= *options.target_stderr);
    CHECK(one->final_standard_error > 0.3 * *options.target_stderr);
    options.threads = 3;
    const auto three = simulate(network.mlp, network.samples, options);
    REQUIRE(three.has_value());
    CHECK(same_bits(*one, *three));

    options.n_samples = one->n_samples / 3;  // a limit below what the target needs
    const auto limited = simulate(network.mlp, network.samples, options);
    REQUIRE(limited.has_value());
    CHECK(limited->n_samples < one->n_samples);
    CHECK(limited->n_samples >= options.n_samples);
  }
}

TEST_CASE("a run with a target resumes to the same bits") {
  const Scratch scratch;
  const auto network = make_network(64, 6);
  Options options;
  options.target_stderr = 3e-4;  // several rounds, the last ones long enough to be met by an interrupt
  const auto whole = simulate(network.mlp, network.samples, options);
  REQUIRE(whole.has_value());
  options.checkpoint_path = scratch.path();
  interrupt(network, options);
  const auto resumed = simulate(network.mlp, network.samples, options);
  REQUIRE(resumed.has_value());
  CHECK(same_bits(*resumed, *whole));
}

TEST_CASE("targets that cannot be meant are refused") {
  const auto network = make_network(8, 2);
  for (const double target :
       {0.0, -1.0, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    Options options;
    options.target_stderr = target;
    CHECK_FALSE(simulate(network.mlp, network.samples, options).has_value());
  }
}
