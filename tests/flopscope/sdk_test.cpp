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
