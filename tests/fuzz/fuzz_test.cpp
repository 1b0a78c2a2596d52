// SPDX-License-Identifier: MIT
// The fuzzer's own parts: counts known by hand or from the packages, a reference that rejects a planted error, and a
// command line that says what it cannot read.
#include <doctest/doctest.h>

#include <array>
#include <whest/flopscope/core/cost_model.hpp>
#include <whest/flopscope/symmetry/tag.hpp>

#include "brute.hpp"
#include "checks.hpp"
#include "invariance.hpp"
#include "options.hpp"
#include "reference.hpp"

using namespace whest::fuzz;

namespace {

const brute::Group k_identity{{0, 1}}, k_exchange{{0, 1}, {1, 0}};

std::int64_t cost(std::vector<brute::Operand> operands, bool same_object, const std::string& output,
                  std::int64_t extent = 8) {
  std::map<char, std::int64_t> extents;
  for (const brute::Operand& operand : operands)
    for (const char c : operand.labels) extents[c] = extent;
  return brute::contraction(std::move(operands), same_object, output, extents, {}).total;
}

template <class... Words>
std::expected<Options, std::string> parsed(Words... words) {
  const std::array<const char*, sizeof...(words) + 1> all{"flopscope_fuzz", words...};
  return parse_options(static_cast<int>(all.size()), all.data());
}

}  // namespace

TEST_CASE("contractions counted one by one cost what the packages charge") {
  CHECK(cost({{"ij", k_identity}, {"jk", k_identity}}, false, "ik") == 960);
  CHECK(cost({{"ij", k_identity}, {"jk", k_identity}}, true, "ik") == 960);
  CHECK(cost({{"ki", k_identity}, {"kj", k_identity}}, true, "ij") == 540);
  CHECK(cost({{"ij", k_exchange}, {"jk", k_exchange}}, true, "ik") == 540);
  CHECK(cost({{"i", {{0}}}, {"j", {{0}}}}, true, "ij") == 36);
  CHECK(cost({{"i", {{0}}}, {"j", {{0}}}}, false, "ij") == 64);
  CHECK(cost({{"ij", k_identity}, {"ji", k_identity}}, true, "") == 71);
  CHECK(cost({{"ij", k_identity}, {"ij", k_identity}}, true, "") == 127);
  CHECK(cost({{"ii", k_identity}}, false, "") == 7);
  CHECK(cost({{"ij", k_identity}}, false, "ji") == 0);
}

TEST_CASE("orbits and reductions counted one by one") {
  CHECK(brute::orbits({10, 10}, k_exchange) == 55);
  CHECK(brute::orbits({10, 10, 10}, brute::generated(3, {{1, 2, 0}, {1, 0, 2}})) == 220);
  CHECK(brute::orbits({4, 4, 4}, brute::generated(3, {{1, 2, 0}})) == 24);
  const auto whole = brute::reduction({8, 8}, k_exchange, {true, true});
  CHECK(whole.pairs - whole.out == 35);
  const auto rows = brute::reduction({8, 8}, k_exchange, {true, false});
  CHECK(rows.pairs - rows.out == 56);
}

TEST_CASE("a reference notices a charge that differs") {
  const flopscope::CostModel& before = flopscope::active_cost_model();
  for (const char* name : {"flopscope-0.5", "flopscope-0.9", "flopscope-0.12", "fma1"}) {
    CAPTURE(name);
    flopscope::set_active_cost_model(flopscope::cost_model(name));
    flopscope::BudgetOptions budget;
    budget.flop_budget = 1e15;
    budget.quiet = true;
    flopscope::BudgetContext context(budget);
    context.enter();
    Random random(1);
    for (int i = 0; i < 200; ++i)
      for (const auto run : {einsum_case, product_case, pointwise_case, unary_case, reduction_case, orbits_case})
        CHECK(run(random, context).value_or("") == "");
    CHECK(price_finding("add", 12, 11.0).value_or("") == "add: charged 12, counted 11");
    CHECK_FALSE(price_finding("add", 12, 12.7));
    context.exit();
  }
  flopscope::set_active_cost_model(before);
}

TEST_CASE("results that differ in a bit, a dtype, a shape, a tag or a kind are told from each other") {
  using flopscope::Array;
  using flopscope::DType;
  using flopscope::Result;
  const auto square = [](DType dtype) { return flopscope::zeros(dtype, std::array<std::int64_t, 2>{2, 2}); };
  const auto zeros = square(DType::float64), ones = square(DType::float64), tagged = square(DType::float64);
  ones->mutable_items<double>()[3] = 1;
  tagged->set_tag(flopscope::symmetry::Tag::symmetric({0, 1}));
  CHECK(same_result(zeros, square(DType::float64)));
  CHECK_FALSE(same_result(zeros, ones));
  CHECK_FALSE(same_result(zeros, tagged));
  CHECK_FALSE(same_result(zeros, square(DType::int64)));
  CHECK_FALSE(same_result(zeros, flopscope::zeros(DType::float64, std::array<std::int64_t, 1>{4})));
  CHECK_FALSE(same_result(Result::real(0.0), Result::real(-0.0)));
  CHECK_FALSE(same_result(Result::real(1), Result::integer(1)));
  CHECK(same_result(Result::tuple({zeros, ones}), Result::tuple({zeros, ones})));
  CHECK_FALSE(same_result(Result::tuple({zeros, ones}), Result::tuple({zeros})));
}

TEST_CASE("a truth value of a third kind is found, and a huge stretched array takes no time") {
  std::vector<std::string> findings;
  const auto a = flopscope::Array::make(flopscope::DType::bool_, std::array<std::int64_t, 1>{1});
  *a->mutable_items<std::uint8_t>() = 2;
  check_result(a, findings);
  CHECK(findings.size() == 1);
  *a->mutable_items<std::uint8_t>() = 1;
  findings.clear();
  const std::array<std::int64_t, 2> huge{std::int64_t{1} << 40, 1};
  check_result(flopscope::broadcast_view(*a, huge), findings);
  CHECK(findings.empty());
}

TEST_CASE("a command line is read whole or refused with a sentence") {
  REQUIRE(parsed("--calls", "12", "--seed", "0", "--cost-model", "fma1", "--only", "add"));
  CHECK(parsed("--calls", "12")->calls == 12);
  CHECK(parsed("--help")->help);
  CHECK(parsed("--calls", "abc").error() == "--calls is a positive number, not 'abc'");
  CHECK_FALSE(parsed("--calls", "-5"));
  CHECK_FALSE(parsed("--calls", "0"));
  CHECK_FALSE(parsed("--calls", "5x"));
  CHECK_FALSE(parsed("--calls"));
  CHECK_FALSE(parsed("--seed", "xyz"));
  CHECK_FALSE(parsed("--seed", "-1"));
  CHECK_FALSE(parsed("--only", "nothing"));
  CHECK_FALSE(parsed("add"));
  CHECK(parsed("--cost-model", "bogus").error().find("fma1") != std::string::npos);
}
