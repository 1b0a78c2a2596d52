// SPDX-License-Identifier: MIT
// What linear algebra refuses, and who pays: what shapes decide is refused before the charge, what the numbers decide
// is found by working on them.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <whest/flopscope/budget/context.hpp>
#include <whest/flopscope/core/errors.hpp>
#include <whest/flopscope/core/waist.hpp>

using namespace flopscope;

namespace {

ArrayRef matrix(std::int64_t m, std::int64_t n, std::vector<double> items) {
  ArrayRef a = Array::make(DType::float64, Dims{m, n});
  std::copy(items.begin(), items.end(), a->mutable_items<double>());
  return a;
}

struct Outcome {
  std::int64_t charged = 0;
  std::optional<ErrorKind> error;
  std::optional<Result> result;
};

Outcome run(std::string_view op, std::vector<Value> args) {
  BudgetContext context({.flop_budget = 1e9, .quiet = true, .name_space = {}, .wall_time_limit_s = {}});
  context.enter();
  Outcome out;
  try {
    out.result = invoke(op, args, {});
  } catch (const Error& e) {
    out.error = e.kind();
  }
  context.exit();
  out.charged = context.flops_used();
  return out;
}

}  // namespace

TEST_CASE("a matrix without an inverse is charged, then refused") {
  const ArrayRef singular = matrix(2, 2, {1, 2, 2, 4}), indefinite = matrix(2, 2, {1, 2, 2, 1});
  const Outcome inverse = run("linalg.inv", {Value(singular)});
  CHECK(inverse.error == ErrorKind::lin_alg_error);
  CHECK(inverse.charged > 0);
  const Outcome factor = run("linalg.cholesky", {Value(indefinite)});
  CHECK(factor.error == ErrorKind::lin_alg_error);
  CHECK(factor.charged > 0);
}

TEST_CASE("shapes that do not fit are refused before any charge") {
  const ArrayRef wide = matrix(2, 3, {1, 2, 3, 4, 5, 6}), square = matrix(2, 2, {4, 1, 1, 3});
  for (const char* op : {"linalg.inv", "linalg.det", "linalg.cholesky", "linalg.eigh", "linalg.eigvals"}) {
    CAPTURE(op);
    const Outcome refused = run(op, {Value(wide)});
    CHECK(refused.error == ErrorKind::lin_alg_error);
    CHECK(refused.charged == 0);
  }
  const ArrayRef three = matrix(3, 1, {1, 2, 3});
  const Outcome mismatched = run("linalg.solve", {Value(square), Value(three)});
  CHECK(mismatched.error == ErrorKind::value_error);
  CHECK(mismatched.charged == 0);
}

TEST_CASE("values that are not finite do not crash, hang or speak") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const ArrayRef a = matrix(3, 3, {1, 2, 3, 4, nan, 6, 7, 8, 10}), b = matrix(3, 1, {1, 2, 3});
  for (const char* op : {"linalg.svd", "linalg.eig", "linalg.pinv", "linalg.matrix_rank"}) {
    CAPTURE(op);
    CHECK(run(op, {Value(a)}).error == ErrorKind::lin_alg_error);
  }
  CHECK(run("linalg.lstsq", {Value(a), Value(b)}).error == ErrorKind::lin_alg_error);
  for (const char* op : {"linalg.inv", "linalg.det", "linalg.qr"}) {
    CAPTURE(op);
    CHECK(!run(op, {Value(a)}).error);
  }
  const Outcome condition = run("linalg.cond", {Value(a)});
  REQUIRE(condition.result);
  CHECK(std::isnan(item_double(*condition.result->array())));
}

TEST_CASE("float32 results are the rounded results of double precision") {
  // A Hilbert matrix of order 6 has a condition number of 1.5e7: single-precision elimination would lose all digits.
  ArrayRef hilbert = Array::make(DType::float64, Dims{6, 6});
  for (int i = 0; i < 36; ++i) hilbert->mutable_items<double>()[i] = 1.0 / (i / 6 + i % 6 + 1);
  const ArrayRef narrow = contiguous_as(*hilbert, DType::float32), wide = contiguous_as(*narrow, DType::float64);
  const Outcome single = run("linalg.inv", {Value(narrow)}), twice = run("linalg.inv", {Value(wide)});
  REQUIRE(single.result);
  REQUIRE(twice.result);
  CHECK(single.result->array()->type() == DType::float32);
  for (int i = 0; i < 36; ++i)
    CHECK(single.result->array()->items<float>()[i] == static_cast<float>(twice.result->array()->items<double>()[i]));
}
