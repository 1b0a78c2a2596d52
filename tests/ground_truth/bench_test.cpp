// SPDX-License-Identifier: MIT
// The signature is the same on every instruction set and number of threads; the benchmark's figures hang together.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <string>
#include <whest/base/file.hpp>
#include <whest/ground_truth/bench.hpp>

#include "signature.hpp"

using namespace whest;
using namespace whest::ground_truth;

TEST_CASE("the signature is the same on every instruction set and number of threads, and is this one") {
  for (const Isa isa : k_all_isas) {
    if (!isa_available(isa)) continue;
    for (const int threads : {1, 3}) {
      if (isa == Isa::scalar && threads > 1) continue;
      CAPTURE(isa_name(isa));
      CAPTURE(threads);
      const auto signature = ground_truth_signature(isa, threads);
      REQUIRE(signature.has_value());
      CHECK(*signature == k_signature);
    }
  }
}

TEST_CASE("a signature that cannot be made is an error, not an empty text") {
  for (const Isa isa : k_all_isas) {
    if (!isa_available(isa)) CHECK_FALSE(ground_truth_signature(isa, 1).has_value());
  }
  CHECK_FALSE(ground_truth_signature(best_isa(), -1).has_value());
}

TEST_CASE("a benchmark's figures are finite and follow from each other") {
  BenchOptions options;
  options.shapes = {{"small", 32, 2}};
  options.seconds_per_item = 0.01;
  options.threads = 2;
  std::vector<std::string> said;
  const auto result = run_bench(options, [&](const std::string& what) { said.push_back(what); });
  REQUIRE(result.has_value());
  CHECK(said == std::vector<std::string>{"FMA peak", "normals", "small", "scaling"});
  CHECK(result->threads == 2);
  REQUIRE(result->shapes.size() == 1);
  const ShapeRates& rates = result->shapes[0];
  for (const double figure :
       {result->fma_peak, result->fma_peak_one_thread, result->normals_per_s, result->rate_scaling, rates.samples_per_s,
        rates.kernel_share_of_peak, rates.kernel_time_share}) {
    CHECK(std::isfinite(figure));
    CHECK(figure > 0);
  }
  CHECK(rates.flops_per_s == doctest::Approx(2.0 * 32 * 32 * 2 * rates.samples_per_s));
  CHECK(rates.share_of_peak == doctest::Approx(rates.flops_per_s / result->fma_peak));
  CHECK_FALSE(rates.ratio_to_peer.has_value());
}

TEST_CASE("a peer that cannot run is refused; one that answers is compared") {
  BenchOptions options;
  options.shapes = {{"small", 16, 1}};
  options.seconds_per_item = 0.001;
  options.peer_python = "/no/such/python";
  const auto refused = run_bench(options);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().message == "'/no/such/python' cannot time the peers' path: a Python with NumPy was expected.");

  char name[] = "/tmp/whest-peer-XXXXXX";
  REQUIRE(mkdtemp(name) != nullptr);
  const std::string fake = std::string(name) + "/it's a python";
  REQUIRE(
      base::write_file_atomically(fake, "#!/bin/sh\n[ \"$1\" = -c ] && [ \"$3\" = 16 ] && echo 1000\n").has_value());
  chmod(fake.c_str(), 0755);
  options.peer_python = fake;
  const auto compared = run_bench(options);
  std::remove(fake.c_str());
  std::remove(name);
  REQUIRE(compared.has_value());
  CHECK(compared->shapes[0].peer_samples_per_s == 1000.0);
  CHECK(*compared->shapes[0].ratio_to_peer == doctest::Approx(compared->shapes[0].samples_per_s / 1000));
}
