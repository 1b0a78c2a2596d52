// SPDX-License-Identifier: MIT
// The audit: under the other model the same calls charge and log exactly what the audit of the first run says.
#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>
#include <whest/flopscope/budget/audit.hpp>
#include <whest/flopscope/core/waist.hpp>
#include <whest/flopscope/symmetry/tag.hpp>

using namespace flopscope;

namespace {

ArrayRef call(std::string_view name, std::initializer_list<Value> args, std::initializer_list<NamedValue> named = {}) {
  return invoke(name, std::span(args.begin(), args.size()), std::span(named.begin(), named.size())).take_array();
}

ArrayRef ramp(std::initializer_list<std::int64_t> shape, DType dtype = DType::float32) {
  ArrayRef a = Array::make(DType::float64, std::span(shape.begin(), shape.size()));
  for (std::int64_t i = 0; i < a->size; ++i) a->mutable_items<double>()[i] = 0.25 * static_cast<double>(i % 17) - 1;
  return cast(*a, dtype);
}

using Work = std::function<void()>;

struct Spent {
  std::int64_t flops = 0;
  std::vector<std::pair<std::string, std::int64_t>> records;  // "namespace/operation subscripts", charge
};

Spent spent_in(const BudgetContext& context) {
  Spent spent{.flops = context.flops_used(), .records = {}};
  for (const OpRecord& r : context.op_log())
    spent.records.emplace_back(
        std::string(r.name_space) + "/" + std::string(r.op_name) + " " + std::string(r.subscripts), r.flop_cost);
  return spent;
}

struct Run {
  Spent own, audit;
  std::map<std::string, std::int64_t, std::less<>> refused;
};

Run run(const std::string& model, const std::string& audit_model, const Work& work) {
  set_active_cost_model(cost_model(model));
  BudgetOptions options{.flop_budget = 1e15, .quiet = true, .name_space = {}, .wall_time_limit_s = {}};
  if (!audit_model.empty()) options.audit_model = &cost_model(audit_model);
  BudgetContext context(options);
  context.enter();
  work();
  context.exit();
  Run result{.own = spent_in(context), .audit = {}, .refused = {}};
  if (context.audit() != nullptr) {
    result.audit = spent_in(context.audit()->books());
    result.refused = context.audit()->refused();
  }
  set_active_cost_model(cost_model("flopscope-0.5"));
  return result;
}

// For every pair of models: the audit of a run under one is the run under the other, record by record, and the run
// itself charges what it does without an audit.
void check_all_pairs(const Work& work) {
  for (const char* model : {"flopscope-0.5", "flopscope-0.9", "flopscope-0.12", "fma1"}) {
    const Run plain = run(model, "", work);
    for (const char* other : {"flopscope-0.5", "flopscope-0.9", "flopscope-0.12", "fma1"}) {
      INFO(model, " audited under ", other);
      const Run audited = run(model, other, work);
      CHECK(audited.own.records == plain.own.records);
      const Run expected = run(other, "", work);
      CHECK(audited.audit.flops == expected.own.flops);
      CHECK(audited.audit.records == expected.own.records);
      CHECK(audited.refused.empty());
    }
  }
}

}  // namespace

TEST_CASE("formulas, weights, rates and logging are the other model's") {
  const ArrayRef a = ramp({20, 30}), b = ramp({20, 30}, DType::float64), c = ramp({6, 6}, DType::complex64);
  check_all_pairs([&] {
    call("exp", {*a});
    call("add", {*a, *b});
    call("multiply", {*c, *c});
    call("std", {*a});
    call("astype", {*a, Value::of_dtype(DType::float16)});
    call("reshape", {*a, Value::integer(600)});
    call("where", {*call("greater", {*a, Value::real(0)}), *a, *b});
    call("stats.norm.cdf", {*a, *ramp({20, 1}), Value::real(2.0)});
    call("linalg.cholesky", {*call("eye", {Value::integer(5)})});
    call("fft.fft", {*a});
    call("diff", {*a});
  });
}

TEST_CASE("an operation of several records is audited with all of them") {
  const ArrayRef a = ramp({200}), m = ramp({8, 8}), out = ramp({8, 8});
  check_all_pairs([&] {
    invoke("histogram", std::vector<Value>{*a}, std::vector<NamedValue>{{"density", Value::boolean(true)}});
    call("einsum", {Value::string("ij,jk->ik"), *m, *m}, {{"out", *out}});
    call("inner", {*call("zeros", {Value::list(std::vector{Value::integer(4), Value::integer(4)})}), *ramp({4, 4})});
    call("stats.norm.pdf", {*ramp({5, 4}), *ramp({4}), *call("ones", {Value::integer(4)})});
  });
}

TEST_CASE("a draw is made once, and the stream ends where it does without an audit") {
  const auto draw = [](const std::string& audit) {
    ArrayRef values;
    run("flopscope-0.5", audit, [&] {
      Result rng = invoke("random.default_rng", std::vector<Value>{Value::integer(3)}, {});
      const ObjectRef object = std::get<ObjectRef>(rng.variant());
      call("random.Generator.standard_normal", {Value::of_object(object), Value::integer(10)});
      values = call("random.Generator.standard_normal", {Value::of_object(object), Value::integer(4)});
    });
    return std::vector<double>(values->items<double>(), values->items<double>() + 4);
  };
  CHECK(draw("flopscope-0.12") == draw(""));
}

TEST_CASE("writes: tags that one model voids and the other keeps") {
  const Value shape[] = {Value::integer(6), Value::integer(6)};
  const TagRef pair = symmetry::Tag::symmetric({0, 1});
  check_all_pairs([&] {
    const ArrayRef x = call("zeros", {Value::tuple(shape)});
    const ArrayRef view = call("transpose", {*x});
    invoke("fill_diagonal", std::vector<Value>{*x, Value::real(2.0)}, {});
    const ArrayRef y = call("negative", {*x});  // and what comes of it, a few steps on
    const ArrayRef z = call("add", {*call("sqrt", {*call("abs", {*y})}), *view});
    call("einsum", {Value::string("ij,ia,jb->ab"), *z, *y, *y});
    call("sum", {*z}, {{"axis", Value::integer(0)}});
    call("multiply", {*z, *z}, {{"out", *y}});
    call("negative", {*y});
    call("negative", {*call("as_symmetric", {*z, Value::of_group(pair)})});  // declared again: a tag in every model
  });
}

TEST_CASE("a write counts once, audited or not") {
  for (const char* audit : {"", "flopscope-0.12"}) {
    const ArrayRef x = call("zeros", {Value::list(std::vector{Value::integer(3), Value::integer(3)})});
    run("flopscope-0.5", audit, [&] {
      invoke("fill_diagonal", std::vector<Value>{*x, Value::real(1.0)}, {});
      call("add", {*x, Value::real(1.0)}, {{"out", *x}});
      call("add", {*x, Value::real(1.0)}, {{"out", *x}});
    });
    CHECK(x->items<double>()[0] == 3);
    CHECK(x->items<double>()[1] == 2);
  }
}

TEST_CASE("what the other model refuses is counted, at no cost; what the budget refuses is not audited") {
  const ArrayRef a = ramp({10});
  const std::string path =
      (std::filesystem::temp_directory_path() / ("whest-audit-" + std::to_string(::getpid()) + ".npy")).string();
  const Run assigned = run("flopscope-0.9", "flopscope-0.5", [&] {
    invoke("save", std::vector<Value>{Value::string(path), *a}, {});
  });
  std::filesystem::remove(path);
  CHECK(assigned.refused.size() == 1);
  CHECK(assigned.audit.flops == 0);

  set_active_cost_model(cost_model("flopscope-0.5"));
  BudgetOptions options{.flop_budget = 100, .quiet = true, .name_space = {}, .wall_time_limit_s = {}};
  options.audit_model = &cost_model("flopscope-0.9");
  BudgetContext context(options);
  context.enter();
  call("add", {*a, *a});
  CHECK_THROWS_AS(call("exp", {*a}), BudgetExhaustedError);  // 160
  context.exit();
  CHECK(context.audit()->books().flops_used() == 10);
  CHECK(context.audit()->books().op_log().size() == 1);
}

TEST_CASE("namespaces are the run's") {
  const ArrayRef a = ramp({10});
  const Run audited = run("flopscope-0.5", "flopscope-0.9", [&] {
    current_context().push_namespace("outer");
    call("add", {*a, *a});
    current_context().pop_namespace();
    call("add", {*a, *a});
  });
  REQUIRE(audited.audit.records.size() == 2);
  CHECK(audited.audit.records[0].first == "outer/add ");
  CHECK(audited.audit.records[1].first == "/add ");
}
