// SPDX-License-Identifier: MIT
// Every call of the golden file on a fresh generator: values and the state behind the last call, bit for bit.
#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <span>
#include <whest/base/sha256.hpp>
#include <whest/random/ziggurat.hpp>

#include "call.hpp"
#include "golden_random.hpp"

using namespace whest;
using namespace whest::test;

namespace {

const random::Pcg64& pcg64_of(const random::Stream& stream) { return dynamic_cast<const random::Pcg64&>(*stream.bits); }

random::Stream stream_of(const ordered_json& seed) {
  return random::default_rng(random::SeedSequence(entropy_of(seed)));
}

// As the golden file writes them: floats as hex text, integers as numbers or decimal text, booleans.
bool same_value(double got, const ordered_json& want) {
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(hex_float(want.get<std::string>()));
  return std::bit_cast<std::uint64_t>(got) == bits;
}
bool same_value(Int128 got, const ordered_json& want) {
  if (want.is_boolean()) return got == (want.get<bool>() ? 1 : 0);
  return got == static_cast<Int128>(uint128_of(want));
}

void check_call(random::Stream& stream, const ordered_json& call) {
  INFO(call.dump().substr(0, 200));
  const Drawn drawn = draw(stream, call);
  if (call.contains("error")) {
    CHECK(drawn.refusal == call["message"].get<std::string>());
    return;
  }
  REQUIRE(drawn.refusal == "");
  const auto& want = call["result"]["values"];
  const auto check_all = [&](const auto& values) {
    REQUIRE(values.size() == want.size());
    for (std::size_t i = 0; i < values.size(); ++i) CHECK(same_value(values[i], want[i]));
  };
  if (drawn.is_real) {
    check_all(drawn.reals);
  } else {
    check_all(drawn.wholes);
  }
}

// The raw bytes of `count` values of a method, and its first values widened.
template <class T, class Draw>
void check_long(const ordered_json& want, Draw&& draw_one) {
  std::vector<T> values(want["count"].get<std::size_t>());
  for (T& value : values) value = draw_one();
  for (std::size_t i = 0; i < want["first"].size(); ++i) CHECK(same_value(double{values[i]}, want["first"][i]));
  CHECK(base::sha256_hex(std::as_bytes(std::span(values))) == want["sha256"].get<std::string>());
}

}  // namespace

TEST_CASE("calls on a fresh generator, alone and interleaved, equal NumPy's") {
  const ordered_json golden = golden_json("networks/distributions.json");
  for (const auto& want : golden["cases"]) {
    random::Stream stream = stream_of(want["seed"]);
    for (const auto& call : want["calls"]) check_call(stream, call);
    CHECK_MESSAGE(same_state(pcg64_of(stream), want["after"]), want.dump().substr(0, 300));
  }
  CHECK(golden["cases"].size() > 0);
}

TEST_CASE("a million values each: the tails and wedges too") {
  const ordered_json golden = golden_json("networks/distributions.json");
  for (const auto& want : golden["long"]) {
    random::Pcg64 bits{random::SeedSequence(entropy_of(want["seed"]))};
    const auto method = want["method"].get<std::string>();
    const bool is_double = want["dtype"] == "float64";
    INFO(method << " " << want["dtype"].get<std::string>());
    if (method == "standard_normal" && is_double)
      check_long<double>(want, [&] { return random::standard_normal(bits); });
    if (method == "standard_normal" && !is_double)
      check_long<float>(want, [&] { return random::standard_normal_f(bits); });
    if (method == "standard_exponential" && is_double) {
      check_long<double>(want, [&] { return random::standard_exponential(bits); });
    }
    if (method == "standard_exponential" && !is_double) {
      check_long<float>(want, [&] { return random::standard_exponential_f(bits); });
    }
    if (method == "random" && is_double) check_long<double>(want, [&] { return bits.next_double(); });
    if (method == "random" && !is_double) check_long<float>(want, [&] { return bits.next_float(); });
    CHECK(same_state(bits, want["after"]));
  }
}

TEST_CASE("spawned streams") {
  const ordered_json golden = golden_json("networks/distributions.json");
  for (const auto& want : golden["spawned_streams"]) {
    const random::SeedSequence seed(entropy_of(want["seed"]), spawn_key_of(want["spawn_key"]));
    random::Pcg64 doubles(seed);
    for (const auto& value : want["standard_normal_f64_first_8"])
      CHECK(same_value(random::standard_normal(doubles), value));
    random::Pcg64 floats(seed);
    for (const auto& value : want["standard_normal_f32_first_8"]) {
      CHECK(same_value(double{random::standard_normal_f(floats)}, value));
    }
    CHECK(seed.generate_state32(1)[0] == want["mlp_seed_if_third"].get<std::uint32_t>());
  }
}
