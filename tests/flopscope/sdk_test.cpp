// SPDX-License-Identifier: MIT
// The participant's headers against the library behind them: the numbers of the dtypes, arrays in files, and NumPy's
// ways of calling. That each function does what its operation does is replayed (tests/replay, --sdk).
#include <doctest/doctest.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <complex>
#include <flopscope/linalg.hpp>
#include <flopscope/numpy.hpp>
#include <flopscope/random.hpp>
#include <flopscope/stats.hpp>
#include <limits>
#include <optional>
#include <sstream>
#include <string>
#include <vector>
#include <whest/flopscope/core/cost_model.hpp>
#include <whest/flopscope/core/dtype.hpp>

#include "refused.hpp"

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

// ---- NumPy's ways of calling, in C++ ----

namespace {

namespace kw = fnp::kw;

template <class T>
std::vector<T> values_of(const fnp::ndarray& a) {
  return a.tolist<T>();
}

struct Open {
  flopscope::sdk::BudgetContext budget{{.flop_budget = 1e9, .quiet = true, .name_space = {}, .wall_time_limit_s = {}}};
};

}  // namespace

TEST_CASE("summaries as data: of a budget, of the session") {
  flopscope::sdk::budget_reset();
  flopscope::sdk::SummaryDict closed;
  {
    const Open open;
    const fnp::ndarray x = fnp::arange(10.0);
    fnp::add(x, x);
    {
      const flopscope::sdk::Namespace layer("layer");
      fnp::add(x, x);
      fnp::multiply(x, x);
    }
    closed = open.budget.summary_dict();
  }
  CHECK(closed.flop_budget == 1e9);
  CHECK(closed.flops_remaining == closed.flop_budget - static_cast<double>(closed.flops_used));
  REQUIRE(closed.by_namespace.size() == 2);
  CHECK(!closed.by_namespace[0].name_space);
  CHECK(closed.by_namespace[1].name_space == "layer");
  CHECK(closed.by_namespace[1].calls == 2);
  CHECK(closed.by_namespace[1].operations.size() == 2);
  CHECK(closed.by_namespace[0].flops_used + closed.by_namespace[1].flops_used == closed.flops_used);
  std::int64_t sum = 0;
  for (const auto& of : closed.operations) {
    sum += of.flop_cost;
    if (of.op_name == "add") CHECK(of.calls == 2);
  }
  CHECK(sum == closed.flops_used);
  const auto session = flopscope::sdk::budget_summary_dict();
  CHECK(session.flops_used == closed.flops_used);
  CHECK(session.flop_budget == 1e9);
  CHECK(session.by_namespace.size() == 2);
}

TEST_CASE("a budget that is gone says so") {
  std::optional<flopscope::sdk::BudgetView> view;
  {
    const Open open;
    view = flopscope::sdk::current_budget();
    CHECK(view->flops_used() == 0);
  }
  CHECK(refused([&] { view->flops_used(); }) == "RuntimeError");
  CHECK(refused([&] { view->summary(); }) == "RuntimeError");
  CHECK(refused([&] { view->summary_dict(); }) == "RuntimeError");
  CHECK(view->op_log().empty());
}

TEST_CASE("einsum_path tells what each step costs") {
  const Open open;
  const fnp::ndarray a = fnp::ones({2, 3}), b = fnp::ones({3, 4}), c = fnp::ones({4, 5});
  const fnp::EinsumPath info = fnp::einsum_path("ij,jk,kl->il", a, b, c);
  REQUIRE(info.steps.size() == info.path.size());
  double sum = 0, dense = 0;
  for (const auto& step : info.steps) {
    sum += step.cost;
    dense += step.dense_cost;
    CHECK(step.subscripts.find("->") != std::string::npos);
    CHECK(step.source == "per-input");
  }
  CHECK(info.optimized_cost == sum);
  CHECK(info.naive_cost == dense);
  CHECK(info.speedup == 1);
  CHECK(info.largest_intermediate == 10);
  CHECK(info.table.find("ij,jk,kl->il") != std::string::npos);
}

TEST_CASE("arrays from what C++ has") {
  const Open open;
  CHECK(fnp::array({true, false}).dtype() == fnp::bool_);
  CHECK(fnp::array(std::vector<bool>{true, false, true}).tolist<bool>() == std::vector<bool>{true, false, true});
  const fnp::ndarray nested = fnp::array(std::vector<std::vector<double>>{{1, 2}, {3, 4}});
  CHECK(nested.shape() == fnp::shape_t{2, 2});
  CHECK(nested.dtype() == fnp::float64);
  CHECK(fnp::array(std::array<double, 2>{1, 2}).tolist() == std::vector<double>{1, 2});
  const auto open_mesh = fnp::ix_({0, 1}, {2});
  REQUIRE(open_mesh.size() == 2);
  CHECK(open_mesh[0].shape() == fnp::shape_t{2, 1});
}

TEST_CASE("a single draw, or a count of all, is an array without axes") {
  const Open open;
  auto rng = fnp::random::default_rng(1);
  for (const fnp::ndarray& x :
       {rng.poisson(40.0), rng.geometric(0.3), rng.binomial(10, 0.5), rng.choice(10), rng.integers(5), rng.normal(0, 1),
        fnp::random::randint(0, 9), fnp::random::poisson(3.0), fnp::count_nonzero(fnp::arange(4), kw::axis = nullptr),
        fnp::linalg::matrix_rank(2.0)})
    CHECK(x.ndim() == 0);
  CHECK(fnp::count_nonzero(fnp::arange(4)) == 3);
  CHECK(fnp::isscalar(2.0));
  CHECK(fnp::allclose(fnp::ones({2}), 1.0));
}

TEST_CASE("a head that was written to is refused, and so is what is no dtype or no number of axes") {
  const Open open;
  const fnp::ndarray a = fnp::ones({8, 8});
  const std::int64_t before = open.budget.flops_used();
  const_cast<flopscope_array&>(a.head()).size = 1;
  CHECK(refused([&] { fnp::sum(a); }) == "RuntimeError");
  CHECK(refused([&] { fnp::concatenate({a, a}); }) == "RuntimeError");
  const_cast<flopscope_array&>(a.head()).size = 64;
  CHECK(refused([] { fnp::zeros({3}, static_cast<fnp::dtype>(77)); }) == "TypeError");
  const double element = 1;
  const std::vector<std::int64_t> many(1000, 1);
  flopscope_value out{};
  CHECK(flopscope_array_from(&element, static_cast<std::uint8_t>(fnp::float64), many.data(), 1000, &out) !=
        FLOPSCOPE_OK);
  flopscope_value number{.kind = FLOPSCOPE_INT, .flags = 0, .element = 999, .count = 0, .i = 1};
  flopscope_value list{.kind = FLOPSCOPE_LIST, .flags = 0, .element = 0, .count = 1, .items = &number};
  const flopscope_operation* array = flopscope_find_operation("array");
  CHECK(flopscope_invoke(array, &list, 1, &out) != FLOPSCOPE_OK);
  number.element = 0;
  list.element = 999;
  CHECK(flopscope_invoke(array, &list, 1, &out) != FLOPSCOPE_OK);
  CHECK(open.budget.flops_used() == before);
}

TEST_CASE("tolist: numbers of every kind, as V or not at all") {
  const Open open;
  CHECK(fnp::sum(fnp::arange(24.0)).tolist() == std::vector<double>{276});  // of no axes
  CHECK(fnp::asarray(2.0).tolist<float>() == std::vector<float>{2});
  CHECK(fnp::array({std::uint64_t{1} << 63}).tolist() == std::vector<double>{0x1p63});
  CHECK(fnp::array({1.5, -2.5}).tolist<int>() == std::vector<int>{1, -2});
  CHECK(fnp::array({true, false}).tolist<bool>() == std::vector<bool>{true, false});
  using Complex = std::complex<double>;
  CHECK(fnp::array({Complex(1, 2)}).tolist<Complex>() == std::vector<Complex>{{1, 2}});
  CHECK(fnp::array({1, 2}).tolist<Complex>() == std::vector<Complex>{1, 2});
  CHECK(refused([] { fnp::array({Complex(1, 2)}).tolist(); }) == "TypeError");
  CHECK(refused([] { fnp::array({std::nan("")}).tolist<int>(); }) == "ValueError");
  CHECK(refused([] { fnp::array({1e30}).tolist<int>(); }) == "OverflowError");
}

TEST_CASE("a number becomes an integer only where that can hold it") {
  const Open open;
  CHECK(fnp::asarray(2147483647.9).item<int>() == 2147483647);
  CHECK(fnp::asarray(-2147483648.9).item<int>() == -2147483647 - 1);
  CHECK(fnp::asarray(-0.5).item<unsigned>() == 0);
  CHECK(fnp::asarray(-0x1p63).item<std::int64_t>() == std::numeric_limits<std::int64_t>::min());
  for (const double x : {2147483648.0, -2147483649.0, HUGE_VAL})
    CHECK(refused([x] { fnp::asarray(x).item<int>(); }) == "OverflowError");
  CHECK(refused([] { fnp::asarray(-1.0).item<unsigned>(); }) == "OverflowError");
  CHECK(refused([] { fnp::asarray(0x1p63).item<std::int64_t>(); }) == "OverflowError");
  CHECK(refused([] { fnp::asarray(std::int64_t{1} << 40).item<int>(); }) == "OverflowError");
  CHECK(refused([] { fnp::asarray(-1).item<unsigned>(); }) == "OverflowError");
}

TEST_CASE("keywords go to the parameter of their name, in any order") {
  const Open open;
  const auto a = fnp::arange(6).reshape({2, 3});
  CHECK(values_of<double>(fnp::sum(a, kw::keepdims = true, kw::axis = 0)) == std::vector<double>{3, 5, 7});
  CHECK(fnp::sum(a, kw::keepdims = true, kw::axis = 0).shape() == fnp::shape_t{1, 3});
  CHECK(fnp::sum(a, {0, 1}, kw::dtype = fnp::float32).dtype() == fnp::float32);
  CHECK(values_of<double>(a.max(1, kw::initial = 4)) == std::vector<double>{4, 5});
  CHECK(values_of<double>(fnp::percentile(a, {0, 100}, kw::method = "lower")) == std::vector<double>{0, 5});
  CHECK(values_of<double>(fnp::pad(fnp::arange(2), {{1, 2}}, kw::constant_values = 9)) ==
        std::vector<double>{9, 0, 1, 9, 9});
  CHECK(refused([&] { fnp::sum(a, 0, kw::axis = 1); }) == "TypeError");
  CHECK(refused([&] { fnp::sum(a, kw::q = 1); }) == "TypeError");
  CHECK(refused([&] { fnp::cumsum(a, kw::axis = 0, fnp::float32); }) == "TypeError");
  CHECK(refused([&] { fnp::exp(a, a, a, a, a, a, a, 1); }) == "TypeError");
}

TEST_CASE("a buffer of the caller's takes the result") {
  const Open open;
  const auto a = fnp::arange(4.0);
  const auto out = fnp::zeros({4});
  fnp::add(a, 1, kw::out = out);
  CHECK(values_of<double>(out) == std::vector<double>{1, 2, 3, 4});
  fnp::multiply(a, 10, kw::out = out, kw::where = a > 2);
  CHECK(values_of<double>(out) == std::vector<double>{1, 2, 3, 30});
}

TEST_CASE("what returns several arrays is taken apart as in Python") {
  const Open open;
  const auto a = fnp::array({3.0, 1.0, 3.0});
  const auto [whole, rest] = fnp::divmod(a, 2.0);
  CHECK(values_of<double>(whole) == std::vector<double>{1, 0, 1});
  CHECK(values_of<double>(rest) == std::vector<double>{1, 1, 1});
  CHECK(values_of<double>(fnp::unique(a)) == std::vector<double>{1, 3});
  const auto counted = fnp::unique(a, kw::return_counts = true);
  REQUIRE(counted.size() == 2);
  CHECK(values_of<double>(counted[1]) == std::vector<double>{1, 2});
  const fnp::ndarray slope = fnp::gradient(a);
  CHECK(slope.size() == 3);
  const auto parts = fnp::split(fnp::arange(6), 3);
  CHECK(parts.size() == 3);
  CHECK(refused([&] { static_cast<fnp::ndarray>(parts).size(); }) == "TypeError");
  const auto path = fnp::einsum_path("ij,jk,kl->il", fnp::ones({2, 3}), fnp::ones({3, 4}), fnp::ones({4, 5}));
  CHECK(path.path.size() == 2);
  CHECK(path.table.find("ij,jk,kl->il") != std::string::npos);
}

TEST_CASE("parts of an array are written to where the model lets them") {
  const Open open;
  const auto x = fnp::zeros({2, 3});
  const auto same = x;
  x.at(0, fnp::slice(1, 3)) = 5;
  x.at(1) = fnp::arange(3.0);
  x.at(x > 4) += 1;
  CHECK(values_of<double>(same) == std::vector<double>{0, 6, 6, 0, 1, 2});
  auto y = x;
  y += 1;
  y *= 2;
  CHECK(values_of<double>(x) == std::vector<double>{2, 14, 14, 2, 4, 6});
  x.fill(1);
  CHECK(values_of<double>(y) == std::vector<double>(6, 1.0));
}

TEST_CASE("from 0.9 on arrays stay as they are") {
  const Writing later;
  const Open open;
  auto x = fnp::zeros({2, 3});
  CHECK(refused([&] { x.at(0) = 1; }) == "TypeError");
  CHECK(refused([&] { x += 1; }) == "TypeError");
}

TEST_CASE("rows, operators and lists read as in NumPy") {
  const Open open;
  const auto x = fnp::array({{1, 2}, {3, 4}});
  CHECK(x.shape() == fnp::shape_t{2, 2});
  double sum = 0;
  for (const fnp::ndarray& row : x) sum += row.item(0);
  CHECK(sum == 4);
  CHECK(values_of<bool>(fnp::equal(x, 2)) == values_of<bool>(x == 2));
  CHECK(values_of<int>(10 - x % 3) == std::vector<int>{9, 8, 10, 9});
  CHECK(x.item<int>(1, 0) == 3);
  CHECK(refused([&] {
          for (const auto& row : fnp::asarray(1.0)) (void)row;
        }) == "TypeError");
}

TEST_CASE("a RandomState goes back to where it stood") {
  const Open open;
  fnp::random::RandomState generator(7);
  generator.standard_normal();  // leaves the second of a pair
  const auto state = generator.get_state();
  const auto first = values_of<double>(generator.standard_normal({5}));
  CHECK(values_of<double>(generator.standard_normal({5})) != first);
  generator.set_state(state);
  CHECK(values_of<double>(generator.standard_normal({5})) == first);
  fnp::random::seed(3);
  const auto module_state = fnp::random::get_state();
  const auto drawn = values_of<double>(fnp::random::rand(3));
  fnp::random::set_state(module_state);
  CHECK(values_of<double>(fnp::random::rand(3)) == drawn);
  CHECK(fnp::random::default_rng(1).normal().ndim() == 0);
}

TEST_CASE("numbers are read from bytes") {
  const Open open;
  const float numbers[] = {1.5F, 2.5F, -3.0F};
  CHECK(values_of<double>(fnp::frombuffer(numbers, sizeof numbers, fnp::float32)) ==
        std::vector<double>{1.5, 2.5, -3.0});
  CHECK(values_of<double>(fnp::frombuffer(numbers, sizeof numbers, fnp::float32, 1, 4)) == std::vector<double>{2.5});
  CHECK(open.budget.flops_used() == 0);
  CHECK(refused([&] { fnp::frombuffer(numbers, 7, fnp::float32); }) == "ValueError");
  CHECK(refused([&] { fnp::frombuffer(numbers, 8, fnp::float32, 3); }) == "ValueError");
  CHECK(refused([&] { fnp::frombuffer(numbers, 8, fnp::float32, -1, 9); }) == "ValueError");
  CHECK(values_of<double>(fnp::frombuffer(fnp::array({1.0}), fnp::uint8)).size() == 8);
}

TEST_CASE("groups of every kind are made") {
  const Open open;
  using flopscope::SymmetryGroup;
  const auto ones = fnp::ones({3, 3, 3});
  CHECK(flopscope::is_symmetric(ones, SymmetryGroup::young({{0, 1}, {2}})));
  const auto ring = SymmetryGroup::from_generators({{1, 2, 0}}, {0, 1, 2});
  CHECK(flopscope::is_symmetric(flopscope::symmetrize(fnp::arange(27.0).reshape({3, 3, 3}), ring)));
  CHECK_FALSE(flopscope::is_symmetric(fnp::arange(9.0).reshape({3, 3}), kw::symmetry = SymmetryGroup::cyclic({0, 1})));
  CHECK(refused([] { SymmetryGroup::from_generators({{0, 0}}, {0, 1}); }) == "ValueError");
}

// The answers are those of flopscope 0.12.4 for the same groups.
TEST_CASE("groups tell what they are") {
  using flopscope::SymmetryGroup;
  using Axes = SymmetryGroup::Axes;
  const auto text = [](const SymmetryGroup& g) { return (std::ostringstream() << g).str(); };
  const auto square = SymmetryGroup::dihedral({0, 2, 3, 4});
  CHECK(text(square) == "SymmetryGroup([1, 2, 3, 0], [0, 3, 2, 1], axes=(0, 2, 3, 4))");
  CHECK(square.order() == 8);
  CHECK(square.degree() == 4);
  CHECK(square.axes() == Axes{0, 2, 3, 4});
  CHECK(square.generators() == std::vector<Axes>{{1, 2, 3, 0}, {0, 3, 2, 1}});
  CHECK_FALSE(square.is_abelian());
  CHECK(square.is_transitive());
  CHECK_FALSE(square.is_symmetric());
  CHECK(square.contains({3, 2, 1, 0}));
  CHECK_FALSE(square.contains({1, 0, 2, 3}));
  CHECK(refused([&] { square.contains({0, 0, 1, 2}); }) == "ValueError");
  CHECK(refused([&] { square.contains({}); }) == "ValueError");
  CHECK(square.elements().size() == 8);
  CHECK(square.elements().front() == Axes{0, 1, 2, 3});

  const auto young = SymmetryGroup::young({{0, 3}, {1, 2, 5}});
  CHECK(young.orbits() == std::vector<Axes>{{0, 3}, {1, 2, 5}});
  CHECK(young == SymmetryGroup::direct_product({SymmetryGroup::symmetric({1, 2, 5}), SymmetryGroup::cyclic({0, 3})}));
  CHECK(young != SymmetryGroup::young({{0, 5}, {1, 2, 3}}));
  CHECK(young.burnside_unique_count({4, 3, 3, 4, 9, 3}) == 100);
  CHECK(refused([&] { young.burnside_unique_count({4, 3, 3, 5, 9, 3}); }) == "ValueError");
  CHECK(refused([&] { young.burnside_unique_count({4, 3}); }) == "IndexError");

  const auto one = SymmetryGroup::symmetric({1});
  CHECK(one.order() == 1);
  CHECK(one.elements() == std::vector<Axes>{{0}});
  CHECK(refused([] { SymmetryGroup::symmetric({0, 1, 2, 3, 4, 5, 6, 7, 8}).elements(); }) == "RuntimeError");
}

TEST_CASE("an array tells the symmetry that it declares") {
  const Open open;
  using flopscope::SymmetryGroup;
  const auto plain = fnp::arange(9.0).reshape({3, 3});
  const auto tagged = flopscope::as_symmetric(plain + plain.T());
  CHECK_FALSE(plain.symmetry());
  CHECK(tagged.symmetry() == SymmetryGroup::symmetric({0, 1}));
  CHECK(fnp::exp(tagged).symmetry() == tagged.symmetry());
  CHECK_FALSE(fnp::sum(tagged, 0).symmetry());
  CHECK(tagged.is_symmetric());
  CHECK_FALSE(plain.is_symmetric());
  CHECK(plain.is_symmetric(SymmetryGroup::cyclic({0, 1})) == false);
  CHECK(refused([] { fnp::ndarray().symmetry(); }) == "ValueError");
}

TEST_CASE("a comparison asks the array that declares a symmetry first, as Python does") {
  const Open open;
  const auto plain = fnp::arange(9.0).reshape({3, 3});
  const auto tagged = flopscope::as_symmetric(plain + plain.T());
  const std::size_t before = open.budget.op_log().size();
  const std::vector<bool> less = values_of<bool>(plain < tagged);
  tagged < plain;
  plain >= tagged;
  tagged <= tagged;
  std::vector<std::string> names;
  for (const auto& record : open.budget.op_log()) names.push_back(record.op_name);
  names.erase(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(before));
  CHECK(names == std::vector<std::string>{"greater", "less", "less_equal", "less_equal"});
  CHECK(less == values_of<bool>(fnp::less(plain, tagged)));
}

TEST_CASE("an array is copied onto itself another way round") {
  const Open open;
  const auto square = fnp::arange(9.0).reshape({3, 3}).copy();
  fnp::copyto(square, square.T());
  CHECK(values_of<double>(square) == std::vector<double>{0, 3, 6, 1, 4, 7, 2, 5, 8});
  const auto line = fnp::arange(5.0);
  fnp::copyto(line, line[fnp::slice({}, {}, -1)]);
  CHECK(values_of<double>(line) == std::vector<double>{4, 3, 2, 1, 0});
  fnp::copyto(line, line);
  CHECK(values_of<double>(line) == std::vector<double>{4, 3, 2, 1, 0});
}

TEST_CASE("lists of numbers that the dtype does not hold are refused") {
  const Open open;
  CHECK(refused([] { fnp::array({300, 1}, fnp::uint8); }) == "OverflowError");
  CHECK(refused([] { fnp::asarray({1, -1}, fnp::uint16); }) == "OverflowError");
  CHECK(refused([] { fnp::array({{1, 2}, {3, 400}}, fnp::int8); }) == "OverflowError");
  CHECK(values_of<double>(fnp::array({255, 0}, fnp::uint8)) == std::vector<double>{255, 0});
  CHECK(open.budget.flops_used() == 2);
}

// Density and distribution at the numbers that their formulas give, to the digits of a float.
TEST_CASE("parameters of distributions by keyword, the last ones left out") {
  const Open open;
  namespace stats = flopscope::stats;
  const auto near = [](const fnp::ndarray& x, double value) { return std::abs(x.item() - value) < 1e-7; };
  CHECK(near(stats::norm::pdf(0.5, kw::loc = 1.0), 0.3520653268));
  CHECK(near(stats::norm::pdf(0.5, 1.0), 0.3520653268));
  CHECK(near(stats::norm::pdf(0.5, kw::scale = 2.0), 0.1933340584));
  CHECK(stats::expon::pdf(0.5, kw::loc = 1.0).item() == 0);
  CHECK(near(stats::lognorm::cdf(0.5, kw::s = 0.9), 0.2206014461));
  CHECK(near(stats::truncnorm::cdf(0.3, kw::a = -1, kw::b = 2), 0.5610300390));
}

TEST_CASE("a variable without an array, and numbers that do not fit, are refused") {
  const Open open;
  fnp::ndarray none;
  CHECK(refused([&] { none.size(); }) == "ValueError");
  CHECK(refused([&] { fnp::add(none, 1); }) == "ValueError");
  CHECK(refused([&] { fnp::stack({none}); }) == "ValueError");
  fnp::ndarray full = fnp::ones({2, 3});
  const fnp::ndarray moved = std::move(full);
  CHECK(refused([&] { full + 1; }) == "ValueError");  // NOLINT(bugprone-use-after-move)
  CHECK(refused([&] { moved.shape(2); }) == "AxisError");
  CHECK(moved.shape(-2) == 2);
  CHECK(refused([] { int(fnp::array({fnp::nan})); }) == "ValueError");
  CHECK(refused([] { double(fnp::array(std::vector<std::complex<double>>{{1, 2}})); }) == "TypeError");
  CHECK(fnp::array(std::vector<std::complex<double>>{{1, 2}}).item<std::complex<double>>() ==
        std::complex<double>(1, 2));
  auto generator = fnp::random::default_rng(1);
  const auto taken = std::move(generator);
  CHECK(refused([&] { generator.random(); }) == "ValueError");  // NOLINT(bugprone-use-after-move)
  auto group = flopscope::SymmetryGroup::symmetric({0, 1, 2});
  CHECK(group.order() == 6);
  const auto kept = std::move(group);
  CHECK(refused([&] { flopscope::as_symmetric(moved, group); }) == "ValueError");  // NOLINT(bugprone-use-after-move)
}

TEST_CASE("elements keep the type they have in C++, and integers of a list are Python's") {
  const Open open;
  CHECK(fnp::array({1, 2, 3}).dtype() == fnp::int64);
  CHECK(fnp::array(std::vector<std::int32_t>{1}).dtype() == fnp::int32);
  const auto half = fnp::array(std::vector<_Float16>{_Float16(1.5F), _Float16(-2)});
  CHECK(half.dtype() == fnp::float16);
  CHECK(half.data<_Float16>()[1] == _Float16(-2));
  CHECK(half.nbytes() == 4);
  const auto x = fnp::arange(24).reshape({2, 3, 4});
  CHECK(x[true].shape() == fnp::shape_t{1, 2, 3, 4});
  CHECK(x[{1, 0}].shape() == fnp::shape_t{2, 3, 4});
  CHECK(fnp::len(x) == 2);
  CHECK(fnp::zeros({}).shape().empty());
  CHECK(fnp::ones({1}).reshape({}).shape().empty());
  CHECK(fnp::random::default_rng(1).normal(0, 1, {}).shape().empty());
}

TEST_CASE("an array prints as in NumPy") {
  const Open open;
  std::ostringstream text;
  text << fnp::array({{1, 2}, {3, 4}}) << fnp::array({0.5, 1.0}) << (fnp::arange(2) > 0) << fnp::arange(2000);
  CHECK(text.str() == "[[1 2]\n [3 4]][0.5 1][False True][0 1 2 ... 1997 1998 1999]");
}

TEST_CASE("what an operation would cost is asked without a charge") {
  const Open open;
  namespace accounting = flopscope::accounting;
  CHECK(accounting::svd_cost(8, 4) == accounting::svd_cost(kw::n = 4, kw::m = 8));
  CHECK(accounting::einsum_cost("ij,jk->ik", kw::shapes = {{3, 4}, {4, 5}}) == 2 * 60 - 15);
  CHECK(refused([] { accounting::svd_cost("x"); }) == "TypeError");
  CHECK(open.budget.flops_used() == 0);
}

TEST_CASE("the open budget is there to be looked at") {
  const Open open;
  fnp::ones({10}) + 1;
  CHECK(flopscope::current_budget().flops_used() == open.budget.flops_used());
  CHECK(flopscope::current_budget().flops_remaining() == 1e9 - 10);
  CHECK(flopscope::current_budget().op_log().back().op_name == "add");
}
