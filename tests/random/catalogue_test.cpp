// SPDX-License-Identifier: MIT
// Every distribution of both flavours against the golden calls, and what is refused.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>
#include <set>
#include <whest/random/catalogue.hpp>
#include <whest/random/hypergeometric.hpp>
#include <whest/random/integers.hpp>
#include <whest/random/permute.hpp>
#include <whest/random/vectors.hpp>

#include "golden_random.hpp"

using namespace whest;
using namespace whest::test;
using random::Algorithms;

namespace {

random::Stream fresh(Algorithms algorithms, std::uint32_t seed = 42) {
  return algorithms == Algorithms::generator ? random::default_rng(random::SeedSequence(random::Entropy(seed)))
                                             : random::random_state(seed);
}

Algorithms algorithms_of(const std::string& op) {
  return op.starts_with("random.Generator.") ? Algorithms::generator : Algorithms::random_state;
}

template <class T>
std::vector<T> golden_values(const ordered_json& call) {
  return call["result"]["values"].get<std::vector<T>>();
}

}  // namespace

TEST_CASE("golden calls with scalar parameters and a length: Generator and RandomState") {
  std::set<std::string> seen;
  for (const auto& call : golden_lines("calls/random.jsonl")) {
    const auto op = call["op"].get<std::string>();
    const auto* distribution = random::find_distribution(op.substr(op.rfind('.') + 1));
    if (distribution == nullptr || !call["kwargs"].empty()) continue;
    const auto& args = call["args"];
    const std::size_t n = distribution->parameters.size();
    if (args.size() != n + 1 || !args[n].is_number() || call["result"].contains("head") ||
        !call["result"].contains("values"))
      continue;
    bool scalars = true;
    for (std::size_t i = 0; i < n; ++i) scalars = scalars && args[i].is_number();
    if (!scalars) continue;
    std::array<double, 4> parameters{};
    for (std::size_t i = 0; i < n; ++i) parameters[i] = args[i].get<double>();
    random::Stream stream = fresh(algorithms_of(op), call["seed"].get<std::uint32_t>());
    CHECK_FALSE(random::refusal(*distribution, stream.algorithms, parameters.data()).has_value());
    INFO(call["id"].get<std::string>());
    for (const auto& want : call["result"]["values"]) {
      if (distribution->real != nullptr) {
        CHECK(distribution->real(stream, parameters.data()) == want.get<double>());
      } else {
        CHECK(distribution->whole(stream, parameters.data()) == want.get<std::int64_t>());
      }
    }
    seen.insert(op.substr(0, op.rfind('.')) + "." + std::string(distribution->name));
  }
  for (const auto& distribution : random::distributions()) {
    for (const char* flavour : {"random.Generator.", "random.RandomState."}) {
      CHECK_MESSAGE(seen.contains(flavour + std::string(distribution.name)), distribution.name);
    }
  }
}

TEST_CASE("golden calls of vectors, bytes, tomaxint, distinct choices") {
  std::size_t seen = 0;
  for (const auto& call : golden_lines("calls/random.jsonl")) {
    const auto op = call["op"].get<std::string>();
    const std::string name = op.substr(op.rfind('.') + 1);
    const auto& args = call["args"];
    random::Stream stream = fresh(algorithms_of(op), call["seed"].get<std::uint32_t>());
    INFO(call["id"].get<std::string>());
    ++seen;
    if (name == "dirichlet") {
      const auto alpha = args[0].get<std::vector<double>>();
      const auto want = golden_values<double>(call);
      std::vector<double> got(want.size());
      for (std::size_t i = 0; i < got.size(); i += alpha.size()) {
        random::dirichlet(stream, alpha, std::span(got).subspan(i, alpha.size()));
      }
      CHECK(got == want);
    } else if (name == "multinomial") {
      const auto p = args[1].get<std::vector<double>>();
      const auto want = golden_values<std::int64_t>(call);
      std::vector<std::int64_t> got(want.size());
      for (std::size_t i = 0; i < got.size(); i += p.size()) {
        random::multinomial(stream, args[0].get<std::int64_t>(), p, std::span(got).subspan(i, p.size()));
      }
      CHECK(got == want);
    } else if (name == "multivariate_hypergeometric") {
      const auto want = golden_values<std::int64_t>(call);
      std::vector<std::int64_t> got(want.size());
      random::draw_colours(*stream.bits, args[0].get<std::vector<std::int64_t>>(), args[1].get<std::int64_t>(),
                           random::ColourMethod::marginals, got);
      CHECK(got == want);
    } else if (name == "bytes") {
      std::string hex;
      for (const char c : random::random_bytes(stream, args[0].get<std::size_t>())) {
        constexpr std::string_view k_digits = "0123456789abcdef";
        hex += k_digits[static_cast<unsigned char>(c) >> 4];
        hex += k_digits[static_cast<unsigned char>(c) & 15];
      }
      CHECK(hex == call["result"]["bytes"].get<std::string>());
    } else if (name == "tomaxint") {
      for (const auto& want : call["result"]["values"]) {
        CHECK(static_cast<std::int64_t>(stream.bits->next_uint64() >> 1) == want.get<std::int64_t>());
      }
    } else if (name == "randint" && call["kwargs"].empty()) {
      random::IntegerDraw one(stream, random::IntegerType::int64);
      for (const auto& want : call["result"]["values"]) {
        CHECK(static_cast<std::int64_t>(one(args[0].get<std::int64_t>(), args[1].get<std::int64_t>() - 1)) ==
              want.get<std::int64_t>());
      }
    } else if (name == "choice" && args[0].is_number() && call["kwargs"].contains("replace") &&
               call["kwargs"].size() == 1) {
      const auto got =
          random::choice(stream, {args[0].get<std::int64_t>(), args[1].get<std::int64_t>(), random::Replace::no});
      CHECK(got.value() == golden_values<std::int64_t>(call));
    } else {
      --seen;
    }
  }
  CHECK(seen >= 15);
}

TEST_CASE("parameters outside their limits are refused") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto refused = [](const char* name, std::vector<double> parameters,
                          Algorithms algorithms = Algorithms::generator) {
    const auto* distribution = random::find_distribution(name);
    REQUIRE(distribution != nullptr);
    return random::refusal(*distribution, algorithms, parameters.data()).value_or("");
  };
  CHECK(refused("normal", {0, -1}) == "scale < 0");
  CHECK(refused("normal", {0, -0.0}) == "scale < 0");
  CHECK(refused("normal", {nan, nan}) == "");
  CHECK(refused("beta", {0, 1}) == "a <= 0");
  CHECK(refused("binomial", {10, 1.5}) == "p < 0, p > 1 or p is NaN");
  CHECK(refused("geometric", {0}) == "p <= 0, p > 1 or p contains NaNs");
  CHECK(refused("logseries", {1}) == "p < 0, p >= 1 or p is NaN");
  CHECK(refused("zipf", {1}) == "a <= 1 or a is NaN");
  CHECK(refused("poisson", {nan}) == "lam < 0 or lam is NaN");
  CHECK(refused("poisson", {1e300}) == "lam value too large");
  CHECK(refused("uniform", {1, 0}) == "high - low < 0");
  CHECK(refused("uniform", {1, 0}, Algorithms::random_state) == "");
  CHECK(refused("uniform", {-1e308, 1e308}) == "high - low range exceeds valid bounds");
  CHECK(refused("triangular", {0, 2, 1}) == "mode > right");
  CHECK(refused("hypergeometric", {1, 1, 3}) == "ngood + nbad < nsample");
  CHECK(refused("negative_binomial", {nan, 0.5}) == "n must not be NaN");
  CHECK(random::find_distribution("cauchy") == nullptr);
}

TEST_CASE("a refused choice leaves the stream where it was") {
  random::Stream stream = fresh(Algorithms::generator);
  random::Stream untouched = stream.clone();
  CHECK_FALSE(random::choice(stream, {3, 4, random::Replace::no}).has_value());
  CHECK_FALSE(random::choice(stream, {3, 2, random::Replace::yes}, std::vector<double>{0.5, 0.5, 0.5}).has_value());
  CHECK_FALSE(random::choice(stream, {3, 2, random::Replace::no}, std::vector<double>{0, 1, 0}).has_value());
  CHECK(stream.bits->next_uint64() == untouched.bits->next_uint64());
}
