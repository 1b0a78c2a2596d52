// SPDX-License-Identifier: MIT
// What one writes without thinking of the headers: arguments by position, lists and vectors, masks, values with an axis
// too many. None may silently mean something else than in NumPy.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <complex>
#include <concepts>
#include <flopscope/linalg.hpp>
#include <flopscope/numpy.hpp>
#include <flopscope/random.hpp>
#include <string>
#include <string_view>
#include <vector>
#include <whest/flopscope/core/cost_model.hpp>

#include "refused.hpp"

namespace fnp = flopscope::numpy;
namespace kw = fnp::kw;

namespace {

using fnp::ndarray;
using fnp::shape_t;

// The model in force; the default one is back afterwards.
struct Model {
  explicit Model(std::string_view name) { flopscope::set_active_cost_model(flopscope::cost_model(std::string(name))); }
  ~Model() { flopscope::set_active_cost_model(flopscope::cost_model("flopscope-0.5")); }
};
struct Under {
  explicit Under(std::string_view name = "flopscope-0.5") : model(name) {}
  Model model;
  flopscope::sdk::BudgetContext budget{{.flop_budget = 1e9, .quiet = true, .name_space = {}, .wall_time_limit_s = {}}};
};

// What the call is charged under 0.5, 0.9 and 0.12: "3 12 12".
template <class F>
std::string charges(F&& call) {
  std::string out;
  for (const char* model : {"flopscope-0.5", "flopscope-0.9", "flopscope-0.12"}) {
    const Under under(model);
    call();
    out += (out.empty() ? "" : " ") + std::to_string(static_cast<std::int64_t>(under.budget.flops_used()));
  }
  return out;
}

ndarray counting() { return fnp::arange(6.0).reshape({2, 3}); }

}  // namespace

TEST_CASE("a dtype by position is a dtype, and only true and false keep dimensions") {
  const Under open;
  const ndarray x = counting();
  for (const ndarray& sum : {fnp::sum(x, 0, "float32"), x.sum(0, "float32"), fnp::mean(x, 0, "float32")}) {
    CHECK(sum.dtype() == fnp::float32);
    CHECK(sum.shape() == shape_t{3});
  }
  CHECK(x.sum(0, true).shape() == shape_t{1, 3});
  CHECK(fnp::count_nonzero(x, 0, true).shape() == shape_t{1, 3});
  const double spent = open.budget.flops_used();
  CHECK(refused([&] { fnp::sum(x, 0, 2.0); }) == "TypeError");
  CHECK(refused([&] { fnp::sum(x, 0, 1); }) == "TypeError");
  CHECK(refused([&] { fnp::max(x, 0, "x"); }) == "TypeError");
  CHECK(refused([&] { fnp::count_nonzero(x, 0, "yes"); }) == "TypeError");
  CHECK(open.budget.flops_used() == spent);
}

TEST_CASE("a truth or a fraction after the axis is no ddof") {
  const Under open;
  const ndarray x = counting();
  CHECK(x.var(0, 1).tolist() == std::vector<double>(3, 4.5));
  CHECK(x.var(0, 1, true).shape() == shape_t{1, 3});
  CHECK(fnp::var(x, 0, kw::ddof = 0.5).tolist() == std::vector<double>(3, 3));
  CHECK(fnp::var(x, 0, "float32").dtype() == fnp::float32);
  const double spent = open.budget.flops_used();
  CHECK(refused([&] { x.var(0, true); }) == "TypeError");
  CHECK(refused([&] { x.std(1, true); }) == "TypeError");
  CHECK(refused([&] { fnp::var(x, 0, true); }) == "TypeError");
  CHECK(refused([&] { fnp::std(x, 0, 1.5); }) == "TypeError");
  CHECK(refused([&] { fnp::var(x, 0, 0.5); }) == "TypeError");
  CHECK(open.budget.flops_used() == spent);
}

TEST_CASE("truths in braces and vectors of bool are masks") {
  const Under open;
  const ndarray x = counting();
  CHECK(x[{true, false}].tolist() == std::vector<double>{0, 1, 2});
  CHECK(x[{1, 0}].tolist() == std::vector<double>{3, 4, 5, 0, 1, 2});
  CHECK(x[std::vector<bool>{false, true}].tolist() == std::vector<double>{3, 4, 5});
  CHECK(x[std::vector<bool>{false, true}, 1].tolist() == std::vector<double>{4});
}

TEST_CASE("a list or a vector has one dtype wherever it goes") {
  const Under open;
  const std::vector<float> floats{1, 2};
  const std::vector<int> ints{1, 2};
  for (const ndarray& x : {fnp::array(floats), fnp::asarray(floats), fnp::asarray({1.F, 2.F}), fnp::array({{1.F, 2.F}}),
                           fnp::asarray(std::vector<std::vector<float>>{{1}, {2}}), fnp::asarray(std::vector<float>{}),
                           fnp::asarray(std::array<float, 2>{1, 2}), fnp::sum(floats), fnp::stack({floats, floats})})
    CHECK(x.dtype() == fnp::float32);
  CHECK(fnp::array(ints).dtype() == fnp::int32);
  CHECK(fnp::asarray(ints).dtype() == fnp::int32);
  CHECK(fnp::asarray(std::vector<std::uint8_t>{1}).dtype() == fnp::uint8);
  CHECK(fnp::asarray(std::vector<char>{1, 2}).tolist<int>() == std::vector<int>{1, 2});
  CHECK(fnp::array(std::vector<char>{1, 2}).tolist<int>() == std::vector<int>{1, 2});
  CHECK(fnp::asarray(std::vector<_Float16>{_Float16(1)}).dtype() == fnp::float16);
  CHECK(fnp::asarray(std::vector<std::complex<float>>{{1, 2}}).dtype() == fnp::complex64);
  // Of int, and of several types, what Python's numbers give; a number alone is weak.
  for (const ndarray& x : {fnp::array({{1, 2}}), fnp::asarray({1, 2}), fnp::asarray({1, 2L})})
    CHECK(x.dtype() == fnp::int64);
  for (const ndarray& x : {fnp::array({{1.F, 2}}), fnp::asarray({1.F, 2.0}), fnp::array(2.5F)})
    CHECK(x.dtype() == fnp::float64);
  CHECK((fnp::ones({2}, fnp::float32) * 2.5).dtype() == fnp::float32);
}

TEST_CASE("sizes of C++ are shapes and indices") {
  const Under open;
  const ndarray x = counting();
  const std::size_t one = 1;
  const std::vector<std::size_t> two{1, 2};
  CHECK(fnp::zeros({one, one}).shape() == shape_t{1, 1});
  CHECK(fnp::take(x, {one, one}).tolist() == std::vector<double>{1, 1});
  CHECK(fnp::take(x, two).tolist() == std::vector<double>{1, 2});
  CHECK(x.take({one, 0}).tolist() == std::vector<double>{1, 0});
  CHECK(x[0, two].tolist() == std::vector<double>{1, 2});
  CHECK(fnp::choose({one, one}, {{1, 2}, {3, 4}}).tolist<int>() == std::vector<int>{3, 4});
}

TEST_CASE("what makes an operation return several arrays may come by position") {
  const Under open;
  const ndarray x = counting();
  const ndarray y = fnp::array({3, 1, 3});
  CHECK(fnp::unique(y, true)[1].tolist<int>() == std::vector<int>{1, 0});
  CHECK(fnp::unique(y, false, false, true)[1].tolist<int>() == std::vector<int>{1, 2});
  CHECK(ndarray(fnp::unique(y, false)).size() == 2);
  CHECK(fnp::unique(y).size() == 2);
  CHECK(fnp::linspace(0, 1, 5, true, true)[1].item() == 0.25);
  CHECK(fnp::linspace(0, 1, 5, kw::endpoint = false, kw::dtype = fnp::float32).dtype() == fnp::float32);
  CHECK(fnp::intersect1d(y, y, false, true).size() == 3);
  CHECK(fnp::indices({2, 2}, fnp::int64, true).size() == 2);
  CHECK(fnp::polyfit(fnp::arange(5.0), fnp::arange(5.0), 1, nullptr, false, nullptr, true).size() == 2);
  const ndarray rows = fnp::average(x, 1, fnp::array({1.0, 2.0, 3.0}), true);
  CHECK(rows[1].tolist() == std::vector<double>{6, 6});
  CHECK(fnp::average(x, kw::axis = 1, kw::returned = true)[0].tolist() == std::vector<double>{1, 4});
  CHECK(fnp::linalg::svd(x, true, false).S.size() == 2);
  CHECK(fnp::linalg::svd(x, false, 1).S.size() == 1);
}

TEST_CASE("an index of nothing is the whole array") {
  const Under open;
  const ndarray x = fnp::zeros({2, 3});
  x.at() = counting();
  CHECK(x.tolist() == counting().tolist());
  x.at() = 5;
  CHECK(ndarray(x.at()).tolist() == std::vector<double>(6, 5));
}

TEST_CASE("a value is assigned without the leading axes of length one that its place has not") {
  const Under open;
  const ndarray x = fnp::zeros({2, 3}), number = fnp::zeros({});
  const double spent = open.budget.flops_used();
  x.at(0) = fnp::ones({1, 3});
  x.at(fnp::slice(1, 2), fnp::slice(0, 2)) = fnp::ones({1, 1, 1, 2});
  x.at(1, 2, fnp::ellipsis) = fnp::ones({1});
  CHECK(open.budget.flops_used() == spent);
  CHECK(x.tolist() == std::vector<double>(6, 1));
  x.at(std::vector<int>{0, 1}) = {{{1, 2, 3}, {4, 5, 6}}};
  CHECK(x.tolist() == std::vector<double>{1, 2, 3, 4, 5, 6});
  number.at(fnp::ellipsis) = fnp::ones({1});
  fnp::put_along_axis(x, {{0, 0, 0}}, fnp::zeros({1, 1, 3}), 0);
  CHECK(x.tolist() == std::vector<double>{0, 0, 0, 4, 5, 6});
  // Single elements, lists for a part, masks of the whole, and other axes too many, as in NumPy.
  CHECK(refused([&] { x.at(0) = fnp::ones({2, 3}); }) == "ValueError");
  CHECK(refused([&] { x.at(0) = {{1, 2, 3}}; }) == "ValueError");
  CHECK(refused([&] { x.at(1, 1) = fnp::ones({1}); }) == "ValueError");
  CHECK(refused([&] { number.at() = fnp::ones({1}); }) == "ValueError");
  CHECK(refused([&] { x.at(x > 4) = fnp::ones({1, 2}); }) == "TypeError");
  CHECK(refused([&] { fnp::add(fnp::ones({1, 3}), 1, fnp::zeros({3})); }) == "ValueError");
}

// As the packages charge.
TEST_CASE("copies and fills from a value with an axis too many cost what they write") {
  CHECK(charges([] { fnp::copyto(fnp::zeros({2, 3}), fnp::zeros({1, 1, 3})); }) == "3 12 12");
  CHECK(charges([] { fnp::copyto(fnp::zeros({}), fnp::zeros({1, 1})); }) == "1 2 2");
  CHECK(charges([] {
          fnp::copyto(fnp::zeros({2, 3}), fnp::zeros({1, 2, 3}), kw::where = {{true}, {false}});
        }) == "1 6 6");
  CHECK(charges([] { fnp::full({3}, fnp::zeros({1, 3})); }) == "3 6 6");
  CHECK(charges([] { fnp::full({}, fnp::zeros({1}, fnp::float32)); }) == "1 1 1");
  CHECK(charges([] { fnp::full_like(fnp::zeros({3}), fnp::zeros({1, 3})); }) == "3 6 6");
  CHECK(charges([] { fnp::insert(fnp::zeros({2, 3}), {0, 1}, fnp::zeros({1, 2, 3}), 0); }) == "24 24 24");
  CHECK(charges([] { fnp::nan_to_num(fnp::zeros({3}), kw::nan = fnp::zeros({1, 3})); }) == "3 6 6");
}

TEST_CASE("a buffer of clip by position counts like a bound where the package counts so") {
  const auto small = [] { return fnp::zeros({2}, fnp::uint8); };
  const auto buffer = [] { return fnp::zeros({2}, fnp::int32); };
  CHECK(charges([&] { fnp::clip(small(), 0, 1, buffer()); }) == "2 6 4");
  CHECK(charges([&] { small().clip(0, 1, buffer()); }) == "2 6 4");
  CHECK(charges([&] { fnp::clip(small(), 0, 1, kw::out = buffer()); }) == "2 4 4");
  CHECK(charges([&] { fnp::clip(small(), 0, nullptr, buffer()); }) == "2 4 2");
  CHECK(charges([&] { fnp::clip(small(), 0, 1, nullptr); }) == "2 4 4");
}

TEST_CASE("lists where arrays are usual are charged as the packages charge lists") {
  const std::vector<std::vector<double>> rows(5, std::vector<double>(3, 1.0));
  auto rng = fnp::random::default_rng(1);
  CHECK(charges([&] { rng.permutation(rows, 1); }) == "5 12 12");
  CHECK(charges([&] { rng.permutation(fnp::zeros({5, 3}), 1); }) == "3 12 12");
  CHECK(charges([&] { rng.permuted(rows, kw::axis = 1); }) == "5 60 60");
  CHECK(charges([&] { rng.permuted(fnp::zeros({5, 3}), kw::axis = 1); }) == "15 60 60");
  CHECK(charges([] { fnp::insert(2, -1, fnp::zeros({1}, fnp::int32)); }) == "4 4 2");
}

TEST_CASE("the condition of no matrices is an array of none") {
  for (const char* order : {"nuc", "fro"}) {
    CHECK(charges([&] {
            CHECK(fnp::linalg::cond(fnp::zeros({4, 0, 9, 9}, fnp::complex128), order).shape() == shape_t{4, 0});
          }) == "0 0 0");
  }
  const Under open;
  CHECK(refused([] { fnp::linalg::cond(fnp::zeros({4, 0, 0}), "nuc"); }) == "LinAlgError");
}

TEST_CASE("the identity is no generator to check an array by") {
  using flopscope::SymmetryGroup;
  const auto declared = [](const std::vector<SymmetryGroup::Axes>& generators) {
    const ndarray x = fnp::zeros({3, 3}, fnp::float64);
    return charges([&] { flopscope::as_symmetric(x, SymmetryGroup::from_generators(generators)); });
  };
  CHECK(declared({{0, 1}}) == "0 2 2");
  CHECK(declared({{1, 0}, {0, 1}}) == "0 124 124");
  CHECK(declared({{1, 0}, {1, 0}}) == "0 248 248");
}

TEST_CASE("require gives the array itself unless another is needed") {
  const Under open("flopscope-0.12");
  const ndarray x = counting(), s = flopscope::as_symmetric(fnp::ones({3, 3}));
  const auto spent = [&](const auto& call) {
    const double before = open.budget.flops_used();
    call();
    return open.budget.flops_used() - before;
  };
  const auto is_of_x = [&](const ndarray& y) { return fnp::shares_memory(y, x); };
  for (const char* letters : {"", "C", "W", "A", "CW", "E"}) CHECK(is_of_x(fnp::require(x, nullptr, letters)));
  for (const char* letters : {"F", "O"}) CHECK(!is_of_x(fnp::require(x, nullptr, letters)));
  CHECK(is_of_x(fnp::require(x.T(), nullptr, "F")));
  CHECK(!is_of_x(fnp::require(x.T(), nullptr, "C")));
  CHECK(!is_of_x(fnp::require(x, fnp::float32)));
  CHECK(fnp::require(s, nullptr, "C").symmetry().has_value());
  for (const char* letters : {"F", "E"}) CHECK(!fnp::require(s, nullptr, letters).symmetry().has_value());
  CHECK(fnp::require(s, nullptr, "O").symmetry().has_value());
  CHECK(spent([&] { fnp::require(x, nullptr, "W"); }) == 12);
  CHECK(spent([&] { fnp::require(x, nullptr, "O"); }) == 24);
  CHECK(refused([&] { fnp::require(x, nullptr, "CF"); }) == "ValueError");
  CHECK(refused([&] { fnp::require(x, nullptr, "Q"); }) == "KeyError");
  CHECK(refused([&] { fnp::require(x, nullptr, 1); }) == "TypeError");
  CHECK(is_of_x(fnp::require(x, nullptr, kw::requirements = {"C", "W"})));
  CHECK(refused([&] { fnp::require(x, nullptr, kw::requirements = {1, 2}); }) == "TypeError");
}

TEST_CASE("what is not finite stays in its own column, and in the sign") {
  const Under open;
  const ndarray a = fnp::array({{1.0, 2.0}, {3.0, 4.0}, {5.0, 7.0}});
  const ndarray b = fnp::array({{1.0, 2.0}, {NAN, 3.0}, {4.0, 5.0}});
  const auto solution = fnp::linalg::lstsq(a, b).x.tolist();
  CHECK((std::isnan(solution[0]) && std::isnan(solution[2])));
  CHECK(solution[1] == doctest::Approx(-15.0 / 14));
  CHECK(solution[3] == doctest::Approx(1.5));
  CHECK(fnp::linalg::det(fnp::array({{2.0, 1.0}, {1.0, INFINITY}})).item<double>() == INFINITY);
  CHECK(fnp::linalg::det(fnp::array({{1.0, 2.0}, {INFINITY, 4.0}})).item<double>() == -INFINITY);
}

TEST_CASE("infinities are symmetric where they are equal only") {
  for (const char* model : {"flopscope-0.5", "flopscope-0.9", "flopscope-0.12"}) {
    const Under open(model);
    CHECK(flopscope::as_symmetric(fnp::array({{1.0, INFINITY}, {INFINITY, 3.0}})).symmetry().has_value());
    for (const double other : std::vector<double>{-INFINITY, 5.0, NAN})
      for (const ndarray& a :
           {fnp::array({{1.0, INFINITY}, {other, 3.0}}), fnp::array({{1.0, other}, {INFINITY, 3.0}})})
        CHECK(refused([&] { flopscope::as_symmetric(a); }) == "SymmetryError");
  }
}
