// SPDX-License-Identifier: MIT
// The examples of docs/flopscope.md, word for word: the document shows what stands between the marks.
#include <doctest/doctest.h>

#include <flopscope/budget.hpp>
#include <flopscope/numpy.hpp>
#include <flopscope/random.hpp>
#include <flopscope/symmetry.hpp>

#include "docs.hpp"

namespace docs {
namespace {

// doc: names
namespace fnp = flopscope::numpy;
using flopscope::SymmetryGroup;

// What `work` is charged, in a budget of its own.
template <class F>
std::int64_t cost(F&& work) {
  flopscope::BudgetContext budget({.flop_budget = 1e15, .quiet = true});
  work();
  return budget.flops_used();
}

// A dense array of these sizes.
fnp::ndarray dense(const fnp::shape_t& shape) {
  return fnp::random::default_rng(1).standard_normal(shape, fnp::float32);
}
// end

void budget() {
  // doc: budget
  const auto x = dense({100, 50});
  flopscope::BudgetContext budget({.flop_budget = 1e6, .quiet = true});
  fnp::exp(x);  // 16 for each of 5,000 elements
  CHECK(budget.flops_used() == 80'000);
  CHECK_THROWS_AS(fnp::matmul(x, x.T()), flopscope::BudgetExhaustedError);  // 990,000 would not fit
  CHECK(budget.flops_used() == 80'000);                                     // so it did not run, and costs nothing
  CHECK(budget.flops_remaining() == 920'000);
  // end
}

void namespaces() {
  // doc: namespaces
  const auto x = dense({100, 50});
  flopscope::BudgetContext budget({.flop_budget = 1e6, .quiet = true, .name_space = "mine"});
  {
    const flopscope::Namespace first("layer0");
    fnp::exp(x);
  }
  const std::string text = budget.summary(true);
  CHECK(text.find("mine.layer0") != std::string::npos);
  // end
}

void tags() {
  // doc: tags
  const auto m = dense({8, 8});
  const auto s = flopscope::as_symmetric(m + m.T());  // checked: the values must be symmetric
  CHECK(cost([&] { fnp::sqrt(m * m); }) == 2 * 64);   // every element
  CHECK(cost([&] { s + s; }) == 36);                  // 8 * 9 / 2 orbits
  CHECK(cost([&] { s.sum(); }) == 35);
  CHECK(cost([&] { s + m; }) == 64);  // a dense operand: no symmetry is left
  CHECK_THROWS(flopscope::as_symmetric(m));
  // end
}

void groups() {
  // doc: groups
  const auto z = fnp::full({10, 10, 10}, 2.0);  // equal axes and one value: fully symmetric by its making
  CHECK(cost([&] { z + 1.0; }) == 220);         // multisets of 3 out of 10
  CHECK(z.symmetry()->burnside_unique_count(z.shape()) == 220);
  CHECK(z[0].symmetry() == SymmetryGroup::symmetric({0, 1}));

  auto ring = dense({4, 4, 4});
  ring = ring + ring.transpose({1, 2, 0}) + ring.transpose({2, 0, 1});
  const auto c = flopscope::as_symmetric(ring, SymmetryGroup::cyclic({0, 1, 2}));
  CHECK(cost([&] { c* c; }) == 24);  // (64 + 4 + 4) / 3
  // end
}

void propagation() {
  // doc: propagation
  const auto m = dense({8, 8});
  const auto s = flopscope::as_symmetric(m + m.T());
  const auto price = [](const fnp::ndarray& a) { return cost([&] { -a; }); };
  CHECK(price(s.T()) == 36);                   // axes change places, the group goes along
  CHECK(price(2.0 * s) == 36);                 // a number takes nothing away
  CHECK(price(s.copy()) == 36);                // a copy keeps it
  CHECK(price(s[fnp::slice(0, 4)]) == 32);     // part of a moved axis: gone
  CHECK(price(s.astype(fnp::float64)) == 64);  // gone
  CHECK(price(fnp::stack({s, s})) == 2 * 36);  // both parts have it, and the new axis stays where it is
  // end
}

void reductions() {
  // doc: reductions
  const auto m = dense({8, 8});
  const auto s = flopscope::as_symmetric(m + m.T());
  CHECK(cost([&] { m.sum(0); }) == 64 - 8);
  CHECK(cost([&] { s.sum(0); }) == 64 - 8);  // each of 8 sums still adds 8 numbers
  CHECK(cost([&] { s.sum(); }) == 36 - 1);   // one sum of 36 different numbers
  // end
}

void products() {
  // doc: products
  const auto m = dense({8, 8}), p = dense({8, 8}), v = dense({8});
  const auto s = flopscope::as_symmetric(m + m.T());
  CHECK(cost([&] { fnp::matmul(m, p); }) == 960);               // 2 * 512 - 64
  CHECK(cost([&] { fnp::matmul(s, s); }) == 540);               // one object twice, and symmetric
  CHECK(cost([&] { fnp::outer(v, v); }) == 36);                 // one object twice
  CHECK(cost([&] { fnp::outer(v, v.copy()); }) == 64);          // two objects, whatever they hold
  CHECK(cost([&] { fnp::einsum("ki,kj->ij", m, m); }) == 540);  // a Gram matrix: half of it is different
  CHECK(cost([&] { fnp::einsum("ij,ij->", m, m); }) == 127);    // nothing to gain: 64 products, 63 sums
  CHECK(cost([&] { fnp::einsum("ij,ji->", m, m); }) == 71);     // ij and ji are one product: 36, and 35 sums
  // end
}

void paths() {
  // doc: paths
  const auto w = fnp::abs(dense({256, 256})), other = dense({256, 256});
  const auto half = fnp::abs(dense({256, 256}));
  const auto sigma = flopscope::as_symmetric(half + half.T());
  CHECK(cost([&] { fnp::einsum("ij,ia,jb->ab", sigma, w, w); }) == 50'298'752);
  CHECK(cost([&] { fnp::einsum("ij,ia,jb->ab", sigma, w, other); }) == 66'977'792);
  // end
}

void writes() {
  // doc: writes
  const auto x = fnp::zeros({8, 8});  // symmetric by its making
  CHECK(cost([&] { -x; }) == 2 * 36);
  cost([&] { fnp::fill_diagonal(x, 1.0); });
  CHECK(cost([&] { -x; }) == 2 * 64);  // written: nobody knows what it holds now
  // end
}

void calls() {
  // doc: calls
  namespace kw = fnp::kw;
  const auto x = dense({6, 4});
  const auto out = fnp::zeros({4});
  fnp::sum(x, kw::axis = 0, kw::out = out);
  CHECK(fnp::percentile(x, {25, 75}, kw::axis = 1, kw::method = "lower").shape() == fnp::shape_t{2, 6});
  CHECK(fnp::pad(x, {{1, 0}, {0, 2}}, kw::constant_values = 9).shape() == fnp::shape_t{7, 6});
  const auto counted = fnp::unique(fnp::array({3, 1, 3}), kw::return_counts = true);
  CHECK(counted[1].tolist<int>() == std::vector<int>{1, 2});
  const auto [whole, rest] = fnp::divmod(x, 0.5);
  CHECK(flopscope::accounting::einsum_cost("ij,jk->ik", kw::shapes = {{100, 50}, {50, 20}}) == 198'000);
  // end
}

constexpr Example k_examples[] = {{"names", nullptr},
                                  {"budget", budget},
                                  {"namespaces", namespaces},
                                  {"tags", tags},
                                  {"groups", groups},
                                  {"propagation", propagation},
                                  {"reductions", reductions},
                                  {"products", products},
                                  {"paths", paths},
                                  {"writes", writes},
                                  {"calls", calls}};

}  // namespace

std::span<const Example> examples() { return k_examples; }

}  // namespace docs
