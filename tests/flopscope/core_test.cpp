// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <whest/flopscope/budget/context.hpp>
#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/core/waist.hpp>

using namespace flopscope;

TEST_CASE("promotion follows NumPy 2") {
  CHECK(promote(DType::int64, DType::float32) == DType::float64);
  CHECK(promote(DType::int16, DType::float16) == DType::float32);
  CHECK(promote(DType::uint64, DType::int8) == DType::float64);
  CHECK(promote(DType::uint8, DType::int8) == DType::int16);
  CHECK(promote(DType::complex64, DType::float64) == DType::complex128);
  CHECK(promote_weak(DType::float32, WeakKind::real) == DType::float32);
  CHECK(promote_weak(DType::int32, WeakKind::real) == DType::float64);
  CHECK(promote_weak(DType::float32, WeakKind::complex) == DType::complex64);
}

TEST_CASE("casting between every pair of dtypes keeps small integers") {
  for (int from = 0; from < k_dtype_count; ++from)
    for (int to = 0; to < k_dtype_count; ++to) {
      const std::int64_t n = 2;
      ArrayRef a = zeros(DType::int64, {&n, 1});
      a->mutable_items<std::int64_t>()[1] = 1;
      const ArrayRef b = cast(*cast(*a, static_cast<DType>(from)), static_cast<DType>(to));
      CHECK(read_double(*b, b->items<std::byte>()) == 0);
      CHECK(read_double(*b, b->items<std::byte>() + b->item_bytes()) == 1);
    }
}

TEST_CASE("every cost model loads, and zeros is free in each") {
  for (const std::string& name : cost_model_names()) {
    set_active_cost_model(cost_model(name));
    BudgetContext context({.flop_budget = 100, .quiet = true, .name_space = {}, .wall_time_limit_s = {}});
    context.enter();
    const Value shape[] = {Value::integer(2), Value::integer(3)};
    const Value args[] = {Value::tuple(shape)};
    const Result r = invoke("zeros", args, {});
    CHECK(r.array()->size == 6);
    CHECK(context.flops_used() == 0);
    context.exit();
  }
  set_active_cost_model(cost_model("flopscope-0.5"));
}
