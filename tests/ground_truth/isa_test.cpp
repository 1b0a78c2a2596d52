// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <cstdlib>
#include <optional>
#include <string>
#include <whest/ground_truth/kernels/table.hpp>
#include <whest/ground_truth/options.hpp>

using namespace whest::ground_truth;

namespace {

// Sets WHEST_ISA for one scope.
class IsaVariable {
 public:
  explicit IsaVariable(const char* value) {
    if (const char* before = std::getenv("WHEST_ISA")) m_before = before;
    setenv("WHEST_ISA", value, 1);
  }
  ~IsaVariable() {
    if (m_before) {
      setenv("WHEST_ISA", m_before->c_str(), 1);
    } else {
      unsetenv("WHEST_ISA");
    }
  }
  IsaVariable(const IsaVariable&) = delete;
  IsaVariable& operator=(const IsaVariable&) = delete;

 private:
  std::optional<std::string> m_before;
};

}  // namespace

TEST_CASE("names of instruction sets, samplers and precisions are read back; others are refused") {
  for (const Isa isa : k_all_isas) CHECK(parse_isa(isa_name(isa)).value() == isa);
  for (const Sampler sampler : k_all_samplers) CHECK(parse_sampler(sampler_name(sampler)).value() == sampler);
  for (const Precision precision : {Precision::float32, Precision::bf16x3}) {
    CHECK(parse_precision(precision_name(precision)).value() == precision);
  }
  for (const char* text : {"", "AVX2", "avx", "avx2 ", "sse"}) CHECK_FALSE(parse_isa(text).has_value());
  CHECK_FALSE(parse_sampler("sobol").has_value());
  CHECK_FALSE(parse_precision("bf16").has_value());
}

TEST_CASE("WHEST_ISA chooses the kernels, or is refused with a sentence") {
  {
    const IsaVariable variable("scalar");
    CHECK(resolve_isa().value() == Isa::scalar);
  }
  {
    const IsaVariable variable("");
    CHECK(resolve_isa().value() == best_isa());
  }
  const IsaVariable variable("neon");
  const auto refused = resolve_isa();
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().message == "WHEST_ISA: unknown instruction set 'neon': expected scalar, avx2, avx512 or amx.");
}

TEST_CASE("an instruction set that is not here is refused") {
  for (const Isa isa : k_all_isas) {
    const IsaVariable variable(std::string(isa_name(isa)).c_str());
    CHECK(resolve_isa().has_value() == isa_available(isa));
  }
}

TEST_CASE("every table names its own instruction set") {
  for (const Isa isa : {Isa::scalar, Isa::avx2, Isa::avx512}) CHECK(kernel_table(isa).isa == isa);
  CHECK(kernel_table(Isa::amx).isa == Isa::avx512);
}
