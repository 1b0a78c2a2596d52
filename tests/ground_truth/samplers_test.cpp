// SPDX-License-Identifier: MIT
// The variance-reduced samplers: what they draw is what they say, they are unbiased, and their errors are right.
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <string>
#include <vector>
#include <whest/ground_truth/frames.hpp>
#include <whest/ground_truth/kerdock.hpp>
#include <whest/ground_truth/simulate.hpp>
#include <whest/network/generate.hpp>

using namespace whest;
using namespace whest::ground_truth;

namespace {

network::Mlp make_mlp(std::int64_t width, std::int64_t depth) {
  auto suite = network::generate_suite(random::Entropy(21), 1, width, depth);
  REQUIRE(suite.has_value());
  return std::move((*suite)[0].mlp);
}

GroundTruth run(const network::Mlp& mlp, const Options& options, std::uint64_t seed) {
  auto truth = simulate(mlp, random::SeedSequence(random::Entropy(seed)), options);
  REQUIRE_MESSAGE(truth.has_value(), (truth ? std::string() : truth.error().message));
  return std::move(*truth);
}

bool same_bits(const GroundTruth& a, const GroundTruth& b) {
  const auto same = [](const auto& x, const auto& y) {
    return x.size() == y.size() && std::memcmp(x.data(), y.data(), x.size() * sizeof(x[0])) == 0;
  };
  return same(a.layer_means, b.layer_means) && same(a.layer_standard_errors, b.layer_standard_errors) &&
         same(a.final_variances, b.final_variances) && a.n_samples == b.n_samples;
}

// Vector b of basis s of a set, in double.
std::vector<double> kerdock_vector(const KerdockSet& set, std::int64_t n, std::int64_t s, std::int64_t b) {
  std::vector<double> out(static_cast<std::size_t>(n), 0.0);
  if (s == n / 2) {
    out[static_cast<std::size_t>(b)] = 1;
    return out;
  }
  for (std::int64_t v = 0; v < n; ++v) {
    const bool negative = (set.form_signs(s)[v] ^ set.hadamard_signs(b)[v]) != 0;
    out[static_cast<std::size_t>(v)] = (negative ? -1 : 1) / std::sqrt(static_cast<double>(n));
  }
  return out;
}

double inner(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

// Do bases s and t have the inner products that they should have, all of them?
bool unbiased(const KerdockSet& set, std::int64_t n, std::int64_t s, std::int64_t t) {
  for (std::int64_t a = 0; a < n; ++a) {
    const auto left = kerdock_vector(set, n, s, a);
    for (std::int64_t b = 0; b < n; ++b) {
      const double expected = s != t ? 1 / std::sqrt(static_cast<double>(n)) : a == b ? 1.0 : 0.0;
      if (!(std::fabs(std::fabs(inner(left, kerdock_vector(set, n, t, b))) - expected) < 1e-12)) return false;
    }
  }
  return true;
}

}  // namespace

TEST_CASE("the mean length of a normal vector") {
  CHECK(mean_chi(1) == doctest::Approx(std::sqrt(2 / std::acos(-1.0))).epsilon(1e-15));
  CHECK(mean_chi(2) == doctest::Approx(std::sqrt(std::acos(-1.0) / 2)).epsilon(1e-15));
  for (const std::int64_t n : {3, 7, 16, 255, 256, 1024}) {
    const auto half = static_cast<double>(n) / 2;
    CHECK(mean_chi(n) ==
          doctest::Approx(std::sqrt(2) * std::exp(std::lgamma(half + 0.5) - std::lgamma(half))).epsilon(1e-12));
  }
}

TEST_CASE("frames are orthonormal, the same bits on every instruction set, each another") {
  for (const std::int64_t n : {1, 2, 3, 17, 64, 100}) {
    CAPTURE(n);
    FrameMaker reference(5, n, kernel_table(Isa::scalar));
    reference.make(3);
    for (std::int64_t i = 0; i < n; ++i) {
      for (std::int64_t j = 0; j <= i; ++j) {
        double sum = 0;
        for (std::int64_t k = 0; k < n; ++k) {
          sum += static_cast<double>(reference.element(i, k)) * static_cast<double>(reference.element(j, k));
        }
        // n reflections, each of a relative error of a few units in 2^-24
        CHECK(std::fabs(sum - (i == j ? 1 : 0)) <= 8 * std::sqrt(static_cast<double>(n)) * 0x1p-24);
      }
    }
    for (const Isa isa : k_all_isas) {
      if (!isa_available(isa)) continue;
      FrameMaker frames(5, n, kernel_table(isa));
      frames.make(2);
      const float other = frames.element(n - 1, 0);
      frames.make(3);
      if (n > 1) CHECK(frames.element(n - 1, 0) != other);
      bool same = true;
      for (std::int64_t i = 0; i < n; ++i) {
        for (std::int64_t k = 0; k < n; ++k) same = same && frames.element(i, k) == reference.element(i, k);
      }
      CHECK(same);
    }
  }
}

TEST_CASE("frames are uniform: moments of every element and of pairs") {
  constexpr std::int64_t k_n = 5;
  constexpr int k_frames = 20'000;
  double second[k_n][k_n] = {};
  double fourth[k_n][k_n] = {};
  double cross = 0;         // E q_00^2 q_11^2 = (n + 1) / ((n - 1) n (n + 2))
  double signed_cross = 0;  // E q_00 q_01 q_10 q_11 = -1 / ((n - 1) n (n + 2))
  FrameMaker frames(6, k_n, kernel_table(best_isa()));
  for (int frame = 0; frame < k_frames; ++frame) {
    frames.make(frame);
    const auto q = [&](std::int64_t i, std::int64_t k) { return static_cast<double>(frames.element(i, k)); };
    for (std::int64_t i = 0; i < k_n; ++i) {
      for (std::int64_t k = 0; k < k_n; ++k) {
        second[i][k] += q(i, k) * q(i, k) / k_frames;
        fourth[i][k] += std::pow(q(i, k), 4) / k_frames;
      }
    }
    cross += std::pow(q(0, 0) * q(1, 1), 2) / k_frames;
    signed_cross += q(0, 0) * q(0, 1) * q(1, 0) * q(1, 1) / k_frames;
  }
  constexpr double k_dimension = k_n;
  const double sd = 5 / std::sqrt(k_frames);
  for (std::int64_t i = 0; i < k_n; ++i) {
    for (std::int64_t k = 0; k < k_n; ++k) {
      CHECK(std::fabs(second[i][k] - 1 / k_dimension) < 0.25 * sd);
      CHECK(std::fabs(fourth[i][k] - 3 / (k_dimension * (k_dimension + 2))) < 0.15 * sd);
    }
  }
  const double unit = 1 / ((k_dimension - 1) * k_dimension * (k_dimension + 2));
  CHECK(std::fabs(cross - (k_dimension + 1) * unit) < 0.07 * sd);
  CHECK(std::fabs(signed_cross + unit) < 0.05 * sd);
}

TEST_CASE("Kerdock's bases are mutually unbiased") {
  for (const std::int64_t n : {4, 16, 64}) {
    const KerdockSet set(n);
    REQUIRE(set.bases() == n / 2 + 1);
    for (std::int64_t s = 0; s < set.bases(); ++s) {
      for (std::int64_t t = s; t < set.bases(); ++t) {
        if (n == 64 && (s + 5 * t) % 7 != 0) continue;
        CHECK(unbiased(set, n, s, t));
      }
    }
  }
  for (const std::int64_t n : {256, 1024}) {  // forms: the bases of two of them are unbiased if one vector is so to all
    const KerdockSet set(n);
    for (const std::int64_t s : {std::int64_t{0}, std::int64_t{1}, n / 4 + 3, n / 2 - 1}) {
      for (std::int64_t t = s + 1; t < n / 2; t += n / 32 - 1) {
        const auto first = kerdock_vector(set, n, s, 0);
        for (std::int64_t b = 0; b < n; b += n / 64 + 1) {
          CHECK(std::fabs(inner(first, kerdock_vector(set, n, t, b))) * std::sqrt(static_cast<double>(n)) ==
                doctest::Approx(1.0));
        }
      }
    }
  }
  for (const std::int64_t n : {0, 1, 2, 8, 32, 100, 128, 512, 2048, 16384}) CHECK_FALSE(is_kerdock_width(n));
  for (const std::int64_t n : {4, 16, 64, 256, 1024, 4096}) CHECK(is_kerdock_width(n));
}

TEST_CASE("a sampler refuses a width that it cannot serve") {
  const auto truth = simulate(make_mlp(12, 1), random::SeedSequence(random::Entropy(1)),
                              {.n_samples = 10, .sampler = Sampler::kerdock});
  REQUIRE_FALSE(truth.has_value());
  CHECK(truth.error().message ==
        "the sampler 'kerdock' needs a width of 4, 16, 64, 256, 1024 or 4096; this network has 12.");
}

TEST_CASE("samples are rounded up to whole blocks") {
  const auto mlp = make_mlp(16, 1);
  const std::pair<Sampler, std::int64_t> rounded[] = {{Sampler::philox, 101},
                                                      {Sampler::numpy, 101},
                                                      {Sampler::antithetic, 102},
                                                      {Sampler::haar, 128},
                                                      {Sampler::kerdock, 288}};
  for (const auto& [sampler, n] : rounded) {
    CHECK(run(mlp, {.n_samples = 101, .sampler = sampler}, 1).n_samples == n);
  }
}

TEST_CASE("every sampler gives the same bits on any number of threads and instruction set") {
  for (const Sampler sampler : {Sampler::antithetic, Sampler::haar, Sampler::kerdock}) {
    CAPTURE(sampler_name(sampler));
    for (const std::int64_t width : {16, 64, 21}) {
      if (width == 21 && sampler == Sampler::kerdock) continue;
      const auto mlp = make_mlp(width, 2);
      Options options;
      options.n_samples = 20'000;
      options.sampler = sampler;
      options.threads = 1;
      options.isa = Isa::scalar;
      const GroundTruth reference = run(mlp, options, 4);
      for (const Isa isa : k_all_isas) {
        if (!isa_available(isa) || isa == Isa::scalar) continue;
        for (const int threads : {1, 3}) {
          options.isa = isa;
          options.threads = threads;
          CHECK(same_bits(run(mlp, options, 4), reference));
        }
      }
      CHECK_FALSE(same_bits(run(mlp, options, 5), reference));
    }
  }
}

TEST_CASE("all samplers agree within their errors, which differ") {
  const auto mlp = make_mlp(16, 3);
  Options options;
  options.n_samples = 1'000'000;
  const GroundTruth iid = run(mlp, options, 1);
  double previous = iid.final_standard_error;
  for (const Sampler sampler : {Sampler::numpy, Sampler::antithetic, Sampler::haar, Sampler::kerdock}) {
    CAPTURE(sampler_name(sampler));
    options.sampler = sampler;
    const GroundTruth other = run(mlp, options, 2);
    double chi_square = 0;
    for (std::size_t i = 0; i < iid.layer_means.size(); ++i) {
      // results are rounded to float32
      const double rounding = 0x1p-24 * static_cast<double>(iid.layer_means[i]);
      const double error = std::hypot(iid.layer_standard_errors[i], other.layer_standard_errors[i], rounding);
      const double z = (static_cast<double>(iid.layer_means[i]) - static_cast<double>(other.layer_means[i])) / error;
      CHECK(std::fabs(z) < 5);
      chi_square += z * z;
    }
    CHECK(chi_square < 3.0 * static_cast<double>(iid.layer_means.size()));
    CHECK(other.avg_variance == doctest::Approx(iid.avg_variance).epsilon(0.01));
    if (sampler != Sampler::numpy) CHECK(other.final_standard_error < 0.99 * previous);  // each better than the last
    if (sampler != Sampler::numpy) previous = other.final_standard_error;
  }
}

TEST_CASE("standard errors cover: 95% intervals hold the truth in 93% to 97% of 200 seeds") {
  const auto mlp = make_mlp(16, 2);
  Options precise;
  precise.n_samples = 20'000'000;
  precise.sampler = Sampler::haar;
  const GroundTruth truth = run(mlp, precise, 1000);
  for (const Sampler sampler : k_all_samplers) {
    CAPTURE(sampler_name(sampler));
    Options options;
    options.sampler = sampler;
    options.n_samples = 150 * std::max<std::int64_t>(16, block_rows(sampler, 16));
    int inside = 0;
    int intervals = 0;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
      const GroundTruth estimate = run(mlp, options, seed);
      for (std::size_t i = 0; i < truth.layer_means.size(); ++i) {
        const double error = std::hypot(estimate.layer_standard_errors[i], truth.layer_standard_errors[i]);
        const double distance =
            static_cast<double>(estimate.layer_means[i]) - static_cast<double>(truth.layer_means[i]);
        inside += std::fabs(distance) <= 1.96 * error ? 1 : 0;
        ++intervals;
      }
    }
    const double coverage = static_cast<double>(inside) / intervals;
    CHECK(coverage > 0.93);
    CHECK(coverage < 0.97);
  }
}
