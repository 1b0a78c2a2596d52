// SPDX-License-Identifier: MIT
// The participant's headers against the library behind them: the numbers of the dtypes, and arrays in files.
#include <doctest/doctest.h>
#include <unistd.h>

#include <flopscope/numpy.hpp>
#include <string>
#include <whest/flopscope/core/cost_model.hpp>
#include <whest/flopscope/core/dtype.hpp>

namespace fnp = flopscope::numpy;

namespace {

// A dtype crosses the C ABI as its number.
constexpr bool same_number(fnp::dtype sdk, flopscope::DType library) {
  return static_cast<int>(sdk) == static_cast<int>(library);
}
static_assert(same_number(fnp::bool_, flopscope::DType::bool_));
static_assert(same_number(fnp::int8, flopscope::DType::int8));
static_assert(same_number(fnp::int16, flopscope::DType::int16));
static_assert(same_number(fnp::int32, flopscope::DType::int32));
static_assert(same_number(fnp::int64, flopscope::DType::int64));
static_assert(same_number(fnp::uint8, flopscope::DType::uint8));
static_assert(same_number(fnp::uint16, flopscope::DType::uint16));
static_assert(same_number(fnp::uint32, flopscope::DType::uint32));
static_assert(same_number(fnp::uint64, flopscope::DType::uint64));
static_assert(same_number(fnp::float16, flopscope::DType::float16));
static_assert(same_number(fnp::float32, flopscope::DType::float32));
static_assert(same_number(fnp::float64, flopscope::DType::float64));
static_assert(same_number(fnp::complex64, flopscope::DType::complex64));
static_assert(same_number(fnp::complex128, flopscope::DType::complex128));
static_assert(static_cast<int>(fnp::complex128) + 1 == flopscope::k_dtype_count);

// Under a model that prices writing; the default one refuses it.
struct Writing {
  Writing() { flopscope::set_active_cost_model(flopscope::cost_model("flopscope-0.9")); }
  ~Writing() { flopscope::set_active_cost_model(flopscope::cost_model("flopscope-0.5")); }
};

struct TemporaryPath {
  std::string path;
  explicit TemporaryPath(const char* suffix) {
    char name[] = "/tmp/flopscope_sdk_XXXXXX";
    const int fd = mkstemp(name);
    REQUIRE(fd >= 0);
    close(fd);
    unlink(name);
    path = std::string(name) + suffix;
  }
  ~TemporaryPath() { unlink(path.c_str()); }
};

}  // namespace

TEST_CASE("an array goes into a file and comes back") {
  const Writing model;
  const TemporaryPath file(".npy");
  flopscope::sdk::BudgetContext budget({.flop_budget = 1e6, .quiet = true, .name_space = {}, .wall_time_limit_s = {}});
  const fnp::ndarray a = fnp::array({1.5, 2.5, -3.0});
  const auto before = budget.flops_used();
  fnp::save(file.path, a);
  CHECK(budget.flops_used() > before);
  const auto paid = budget.flops_used();
  const fnp::ndarray b = fnp::load(file.path);
  CHECK(budget.flops_used() == paid);
  REQUIRE(b.dtype() == fnp::float64);
  REQUIRE(b.shape() == fnp::shape_t{3});
  CHECK(b.data<double>()[0] == 1.5);
  CHECK(b.data<double>()[2] == -3.0);
  CHECK_THROWS_AS(fnp::load_npz(file.path), flopscope::sdk::Error);
}

TEST_CASE("several arrays go into a file by name and come back in order") {
  const Writing model;
  for (const bool compressed : {false, true}) {
    const TemporaryPath file(".npz");
    flopscope::sdk::BudgetContext budget(
        {.flop_budget = 1e6, .quiet = true, .name_space = {}, .wall_time_limit_s = {}});
    const fnp::named_arrays out{{"w", fnp::arange(6)}, {"b", fnp::array({0.5})}};
    compressed ? fnp::savez_compressed(file.path, out) : fnp::savez(file.path, out);
    const fnp::named_arrays in = fnp::load_npz(file.path);
    REQUIRE(in.size() == 2);
    CHECK(in[0].first == "w");
    CHECK(in[1].first == "b");
    CHECK(in[0].second.shape() == fnp::shape_t{6});
    CHECK(in[1].second.data<double>()[0] == 0.5);
    CHECK_THROWS_AS(fnp::load(file.path), flopscope::sdk::Error);
    CHECK_THROWS_AS(fnp::savez(file.path, {{"w", out[0].second}, {"w", out[1].second}}), flopscope::sdk::Error);
  }
}

TEST_CASE("a count is a number, and along an axis an array") {
  flopscope::sdk::BudgetContext budget({.flop_budget = 1e6, .quiet = true, .name_space = {}, .wall_time_limit_s = {}});
  const fnp::ndarray a = fnp::array({1.5, 0.0, -3.0});
  CHECK(fnp::count_nonzero(a) == 2);
  CHECK(fnp::count_nonzero(a, 0).item() == 2);
}

TEST_CASE("a participant reads what a budget has logged, and opens it again") {
  flopscope::sdk::BudgetContext budget(
      {.flop_budget = 1e6, .quiet = true, .name_space = "mine", .wall_time_limit_s = 30.0});
  const auto a = fnp::ones({3, 4});
  {
    const flopscope::Namespace inner("first");
    CHECK(budget.name_space() == "mine.first");
    fnp::einsum("ij,kj->ik", a, a);
  }
  budget.exit();
  CHECK_THROWS(budget.exit());
  const std::int64_t before = budget.flops_used();
  budget.enter();
  CHECK_THROWS(budget.enter());
  fnp::add(a, 1.0);
  fnp::add(a, a);
  CHECK(budget.flop_budget() == 1e6);
  CHECK(budget.wall_time_limit_s() == 30.0);
  CHECK(budget.name_space() == "mine");

  const auto log = budget.op_log();
  REQUIRE(log.size() >= 3);
  const auto& product = log[log.size() - 3];
  CHECK(product.op_name == "einsum");
  CHECK(product.name_space == "mine.first");
  CHECK(product.subscripts == "ij,kj->ik");
  CHECK(product.shapes == std::vector<std::vector<std::int64_t>>{{3, 4}, {3, 4}});
  CHECK(product.cumulative == before);
  CHECK(product.resolved_dtype == fnp::float64);
  const auto& sum = log.back();
  CHECK(sum.op_name == "add");
  CHECK_FALSE(sum.subscripts);
  CHECK(sum.flop_cost == 12);
  CHECK(sum.cumulative == budget.flops_used());
  REQUIRE(sum.start_offset_s);
  CHECK(*sum.start_offset_s >= 0);
  CHECK(sum.backend_s.value_or(-1) >= 0);
  CHECK(budget.op_log(log.size() - 1).size() == 1);
  CHECK(budget.op_log(log.size() + 5).empty());

  std::int64_t all = 0;
  for (const auto& of : budget.totals()) {
    all += of.flop_cost;
    if (of.op_name == "add") CHECK(of.calls == 2);
  }
  CHECK(all == budget.flops_used());
}
