// SPDX-License-Identifier: MIT
// The meter's own memory: the op log over many records and chunks, and the pool behind arrays.
#include <doctest/doctest.h>

#include <chrono>
#include <cstring>
#include <thread>
#include <vector>
#include <whest/flopscope/abi/error_boundary.hpp>
#include <whest/flopscope/budget/clock.hpp>
#include <whest/flopscope/budget/context.hpp>
#include <whest/flopscope/budget/session.hpp>
#include <whest/flopscope/budget/summary.hpp>
#include <whest/flopscope/core/block_pool.hpp>
#include <whest/flopscope/core/waist.hpp>

using namespace flopscope;

namespace {

Result call(std::string_view name, std::initializer_list<Value> args) {
  return invoke(name, std::span(args.begin(), args.size()), {});
}

BudgetOptions budget(double flops) {
  return {.flop_budget = flops, .quiet = true, .name_space = {}, .wall_time_limit_s = {}};
}

}  // namespace

TEST_CASE("the meter's clock goes as the system's does") {
  const std::int64_t a = clock::monotonic_ns(), first = now_ticks(), b = clock::monotonic_ns();
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  const std::int64_t c = clock::monotonic_ns(), second = now_ticks(), d = clock::monotonic_ns();
  const double elapsed_ns = 1e9 * ticks_to_s(second - first);
  CHECK(elapsed_ns > static_cast<double>(c - b) * (1 - 5e-5));
  CHECK(elapsed_ns < static_cast<double>(d - a) * (1 + 5e-5));
}

TEST_CASE("the op log shows the shapes that each model shows") {
  const auto shapes = [](std::string_view model, std::string_view name, std::initializer_list<Value> args) {
    set_active_cost_model(cost_model(model));
    BudgetContext context(budget(1e12));
    context.enter();
    call(name, args);
    call(name, args);  // found again among the records there are
    context.exit();
    set_active_cost_model(cost_model("flopscope-0.5"));
    const OpLog& log = context.op_log();
    std::vector<std::vector<std::vector<std::int64_t>>> seen;
    for (const OpRecord& r : log) seen.push_back(log.shapes(r));
    REQUIRE(seen.size() == 2);
    CHECK(seen[0] == seen[1]);
    return seen[0];
  };
  using Shapes = std::vector<std::vector<std::int64_t>>;
  const ArrayRef mask = zeros(DType::bool_, {{2, 3}}), row = zeros(DType::float64, {{3}});
  CHECK(shapes("flopscope-0.5", "where", {Value(mask), Value(row), Value::real(1)}) == Shapes{{2, 3}});
  CHECK(shapes("flopscope-0.9", "where", {Value(mask), Value(row), Value::real(1)}) == Shapes{{2, 3}, {3}, {}});
  const Value rows = Value::integer(2);
  CHECK(shapes("flopscope-0.5", "random.rand", {rows, Value::integer(3)}) == Shapes{{6}});
  CHECK(shapes("flopscope-0.12", "random.randn", {}) == Shapes{{1}});
  CHECK(shapes("flopscope-0.5", "random.normal", {Value::real(0), Value(row)}) == Shapes{{3}});
  CHECK(shapes("flopscope-0.9", "random.choice", {Value::integer(5), Value::integer(3)}) == Shapes{{3}});
  CHECK(shapes("flopscope-0.9", "random.choice", {Value::integer(5), Value::integer(3), Value::boolean(false)}) ==
        Shapes{{5}});
  CHECK(shapes("flopscope-0.5", "random.permutation", {Value::integer(4)}) == Shapes{{4}});
  const ArrayRef mean = zeros(DType::float64, {{2}}), covariance = zeros(DType::float64, {{2, 2}});
  CHECK(shapes("flopscope-0.5", "random.multivariate_normal", {Value(mean), Value(covariance), Value::integer(7)}) ==
        Shapes{{14}});
  CHECK(shapes("flopscope-0.9", "random.multivariate_normal", {Value(mean), Value(covariance), Value::integer(7)}) ==
        Shapes{{7, 2}});
}

TEST_CASE("the op log keeps every record, whatever their number, shapes and names") {
  BudgetContext context(budget(1e12));
  context.enter();
  constexpr std::int64_t k_calls = 140'000, k_pause = 40'000;
  std::vector<ArrayRef> arrays;
  for (std::int64_t n = 1; n <= 300; ++n) arrays.push_back(zeros(DType::float64, {{n}}));
  for (std::int64_t i = 0; i < k_calls; ++i) {
    if (i == 5) context.push_namespace("early");
    if (i == 1500) context.pop_namespace();
    if (i == k_pause) std::this_thread::sleep_for(std::chrono::milliseconds(2));  // too long for a short record
    call(i % 2 == 0 ? "negative" : "sqrt", {Value(arrays[static_cast<std::size_t>(i % 300)])});
  }
  context.exit();
  const OpLog& log = context.op_log();
  REQUIRE(log.size() == k_calls);
  std::int64_t sum = 0, wrong = 0, at = 0;
  double time_s = 0, end_s = 0, pause_s = 0;
  for (const OpRecord& r : log) {
    const std::int64_t n = at % 300 + 1;
    sum += r.flop_cost;
    time_s += r.backend_s.value_or(0) + r.overhead_s;
    const bool right = r.flop_cost == n && r.cumulative == sum && r.op_name == (at % 2 == 0 ? "negative" : "sqrt") &&
                       log.shapes(r) == std::vector<std::vector<std::int64_t>>{{n}} && r.subscripts.data() == nullptr &&
                       (at >= 5 && at < 1500 ? r.name_space == "early" : r.name_space.data() == nullptr) &&
                       r.resolved_dtype == DType::float64 && r.start_offset_s.value_or(-1) >= 0 && r.backend_s;
    wrong += right && *r.start_offset_s >= end_s * (1 - 1e-4) ? 0 : 1;
    if (at == k_pause) pause_s = *r.start_offset_s - end_s;
    end_s = *r.start_offset_s + *r.backend_s + r.overhead_s;
    ++at;
  }
  CHECK(wrong == 0);
  CHECK(pause_s > 1.9e-3);
  CHECK(sum == context.flops_used());
  CHECK(time_s == doctest::Approx(context.backend_time_s() + context.overhead_time_s()));
}

TEST_CASE("the op log tells apart more kinds of records than a short record has numbers for") {
  BudgetContext context(budget(1e12));
  context.enter();
  constexpr std::int64_t k_rows = 200, k_calls = k_rows * k_rows;
  const auto shape_of = [](std::int64_t i) { return Dims{i / k_rows + 1, i % k_rows + 1, 0}; };
  for (std::int64_t i = 0; i < k_calls; ++i) call("negative", {Value(zeros(DType::float32, shape_of(i)))});
  context.exit();
  const OpLog& log = context.op_log();
  REQUIRE(log.size() == k_calls);
  std::int64_t at = 0, wrong = 0;
  for (const OpRecord& r : log) {
    const Dims shape = shape_of(at++);
    wrong += log.shapes(r) == std::vector<std::vector<std::int64_t>>{{shape.begin(), shape.end()}} ? 0 : 1;
  }
  CHECK(wrong == 0);
}

TEST_CASE("a record of many operands has all their shapes") {
  BudgetContext context(budget(1e12));
  context.enter();
  std::vector<ArrayRef> arrays;
  std::vector<std::vector<std::int64_t>> shapes;
  std::string text = "ab";
  for (std::int64_t n = 0; n < 40; ++n) {
    arrays.push_back(zeros(DType::float64, n == 0 ? Dims{3, 2} : Dims{2}));
    shapes.emplace_back(arrays.back()->dims().begin(), arrays.back()->dims().end());
    if (n > 0) text += ",b";
  }
  std::vector<Value> many{Value::string(text)};
  for (const ArrayRef& a : arrays) many.emplace_back(a);
  for (int i = 0; i < 2; ++i) invoke("einsum", many, {});
  call("add", {Value(arrays[0]), Value::real(1)});
  const OpLog& log = context.op_log();
  REQUIRE(log.size() == 3);
  CHECK(log.shapes(log[0]) == shapes);
  CHECK(log.shapes(log[1]) == shapes);
  CHECK(log[1].subscripts == text + "->a");
  CHECK(log.shapes(log[2]) == std::vector<std::vector<std::int64_t>>{{3, 2}, {}});
  context.exit();
}

TEST_CASE("blocks of every size are whole, aligned and apart, and come back") {
  struct Block {
    std::byte* at;
    std::size_t bytes;
  };
  for (int round = 0; round < 2; ++round) {
    std::vector<Block> blocks;
    for (std::size_t bytes = 1; bytes < 400'000; bytes += bytes / 13 + 1) {
      auto* at = static_cast<std::byte*>(memory::allocate(bytes));
      REQUIRE(at != nullptr);
      CHECK(reinterpret_cast<std::uintptr_t>(at) % 64 == 0);
      std::memset(at, static_cast<int>(blocks.size() % 251), bytes);
      blocks.push_back({at, bytes});
    }
    std::size_t damaged = 0;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      for (std::size_t b = 0; b < blocks[i].bytes; ++b)
        damaged += blocks[i].at[b] == static_cast<std::byte>(i % 251) ? 0U : 1U;
      memory::release(blocks[i].at, blocks[i].bytes);
    }
    CHECK(damaged == 0);
  }
}

TEST_CASE("arrays may be made in one thread, freed in another, and outlive the thread that made them") {
  std::vector<ArrayRef> made;
  for (int round = 0; round < 4; ++round) {
    std::thread maker([&] {
      for (std::int64_t n = 1; n < 200; ++n) made.push_back(zeros(DType::float64, {{n * 97}}));
      for (std::size_t i = 0; i < made.size(); i += 3) made[i] = nullptr;
    });
    maker.join();
    double sum = 0;
    for (const ArrayRef& a : made)
      if (a) sum += a->items<double>()[a->size - 1];
    CHECK(sum == 0);
    made.clear();
  }
}

TEST_CASE("threads without a context of their own share the default one, and no charge is lost") {
  const std::int64_t before = default_context().flops_used();
  const std::size_t records = default_context().op_log().size();
  constexpr int k_threads = 4, k_calls = 2000;
  std::vector<std::thread> threads;
  for (int t = 0; t < k_threads; ++t)
    threads.emplace_back([] {
      const ArrayRef a = zeros(DType::float64, {{10}});
      for (int i = 0; i < k_calls; ++i) call("negative", {Value(a)});
    });
  for (std::thread& t : threads) t.join();
  CHECK(default_context().flops_used() - before == 10 * k_threads * k_calls);
  CHECK(default_context().op_log().size() - records == k_threads * k_calls);
}

TEST_CASE("a block that no memory holds is refused, not a crash") {
  CHECK(memory::allocate(SIZE_MAX / 2) == nullptr);
  CHECK(memory::allocate(SIZE_MAX) == nullptr);
  CHECK_THROWS_AS(Storage::make(INT64_MAX / 2), Error);
}

TEST_CASE("the counter never passes 2^63: such budgets are refused, and so is the call that would") {
  for (const double flops : {9.3e18, 9223372036854775808.0, 1e300})
    CHECK_THROWS_AS(BudgetContext(budget(flops)), Error);
  BudgetContext context(budget(9.2233720368547738e18));
  context.enter();
  const Value four = Value::integer(std::int64_t{1} << 60);
  const ArrayRef a = zeros(DType::float64, {{4}});
  const std::int64_t before = context.flops_used();
  for (int i = 0; i < 3; ++i) CHECK_THROWS_AS(call("tile", {Value(a), four}), Error);
  CHECK(context.flops_used() >= before);
  CHECK(context.flops_used() >= 0);
  CHECK(context.flops_remaining() >= 0);
  CHECK(context.flops_remaining() <= context.flop_budget());
  context.exit();
}

TEST_CASE("budgets that pass the counter together leave the session's sum at its end") {
  Session::instance().reset();
  const Value four = Value::integer(std::int64_t{1} << 60);
  const ArrayRef a = zeros(DType::float64, {{4}});
  for (int i = 0; i < 3; ++i) {
    BudgetContext context(budget(9.2e18));
    context.enter();
    CHECK_THROWS_AS(call("tile", {Value(a), four}), Error);  // charged, and then no memory holds it
    context.exit();
  }
  CHECK(Session::instance().summary().flops_used == INT64_MAX);
  CHECK(Session::instance().summary().operations.at(0).flop_cost == INT64_MAX);
  Session::instance().reset();
}

TEST_CASE("a log of many namespaces is summed in one pass") {  // of each name with each it would take minutes
  BudgetContext context(budget(1e12));
  context.enter();
  const ArrayRef a = zeros(DType::float64, {{2}});
  constexpr int k_names = 60'000;
  for (int i = 0; i < k_names; ++i) {
    context.push_namespace(std::string(1000, 'x') + std::to_string(i));
    call("negative", {Value(a)});
    context.pop_namespace();
  }
  call("negative", {Value(a)});
  const Summary s = summarize(context);
  context.exit();
  REQUIRE(s.by_namespace.size() >= k_names + 1);
  CHECK(s.by_namespace.back().name == std::nullopt);
  CHECK(s.by_namespace.back().operations.size() == 1);
  CHECK(s.by_namespace[0].calls >= 1);
}

TEST_CASE("what does not fit the budget is refused before it is built, and what fits no memory with a sentence") {
  BudgetContext small(budget(1000)), large(budget(9e18));
  const ArrayRef a = zeros(DType::float32, {{4}});
  const Value many = Value::integer(std::int64_t{1} << 60);
  small.enter();
  CHECK_THROWS_AS(call("repeat", {Value(a), many}), BudgetExhaustedError);
  CHECK(small.flops_used() == 0);
  small.exit();
  large.enter();
  for (const char* name : {"random.permutation", "repeat"}) {
    const bool repeats = std::string_view(name) == "repeat";
    const flopscope_status status = abi::guarded([&] {
      if (repeats) call(name, {Value(a), many});
      if (!repeats) call(name, {Value::integer(std::int64_t{1} << 61)});
    });
    CHECK(status != FLOPSCOPE_OK);
    CHECK(std::string_view(flopscope_last_error()->message).find("vector") == std::string_view::npos);
  }
  large.exit();
}
