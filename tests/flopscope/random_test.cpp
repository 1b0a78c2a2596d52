// SPDX-License-Identifier: MIT
// What the golden calls do not reach of random and stats: refusals, parameters that are arrays, accuracy of the curves.
#include <doctest/doctest.h>

#include <cmath>
#include <whest/flopscope/budget/context.hpp>
#include <whest/flopscope/core/waist.hpp>
#include <whest/flopscope/ops/detail/curves.hpp>
#include <whest/random/pcg64.hpp>
#include <whest/random/ziggurat.hpp>

using namespace flopscope;

namespace {

class Session {
 public:
  explicit Session(double budget = 1e12)
      : m_context({.flop_budget = budget, .quiet = true, .name_space = {}, .wall_time_limit_s = {}}) {
    m_context.enter();
  }
  ~Session() { m_context.exit(); }
  std::int64_t used() const { return m_context.flops_used(); }

 private:
  BudgetContext m_context;
};

ObjectRef generator(std::int64_t seed) {
  const Value args[] = {Value::integer(seed)};
  return std::get<ObjectRef>(invoke("random.default_rng", args, {}).variant());
}

ArrayRef vector(std::initializer_list<double> values) {
  return vector_array<double>(std::span(values.begin(), values.size()));
}

ErrorKind refusal_of(std::string_view op, std::initializer_list<Value> args,
                     std::initializer_list<NamedValue> named = {}) {
  try {
    invoke(op, std::span(args.begin(), args.size()), std::span(named.begin(), named.size()));
  } catch (const Error& e) {
    return e.kind();
  }
  FAIL("not refused: ", std::string(op));
  return ErrorKind::runtime_error;
}

}  // namespace

TEST_CASE("what the arguments decide is refused before the charge, and the stream stays where it was") {
  Session session;
  const ObjectRef rng = generator(5);
  const Value self = Value::of_object(rng);
  CHECK(refusal_of("random.Generator.normal", {self, Value::integer(0), Value::real(-1)}) == ErrorKind::value_error);
  CHECK(refusal_of("random.Generator.standard_normal", {self, Value::integer(-2)}) == ErrorKind::value_error);
  CHECK(refusal_of("random.Generator.choice", {self, Value::integer(3), Value::integer(4), Value::boolean(false)}) ==
        ErrorKind::value_error);
  CHECK(refusal_of("random.Generator.uniform", {self, Value::real(-1e308), Value::real(1e308)}) == ErrorKind::overflow);
  CHECK(refusal_of("random.Generator.integers", {self, Value::integer(3), Value::integer(3)}) ==
        ErrorKind::value_error);
  CHECK(refusal_of("random.Generator.standard_normal", {self, Value::integer(2)},
                   {{"dtype", Value::of_dtype(DType::int64)}}) == ErrorKind::type_error);
  CHECK(refusal_of("random.Generator.spawn", {self, Value::integer(2)}) == ErrorKind::unsupported_function);
  CHECK(refusal_of("random.Generator.random", {Value::integer(1)}) == ErrorKind::type_error);
  CHECK(refusal_of("random.seed", {Value::integer(-1)}) == ErrorKind::value_error);
  CHECK(session.used() == 0);
  const Value args[] = {self};
  const Result first = invoke("random.Generator.standard_normal", args, {});
  whest::random::Pcg64 bits(whest::random::SeedSequence(whest::random::Entropy(5)));
  CHECK(std::get<double>(first.variant()) == whest::random::standard_normal(bits));
}

TEST_CASE("a sampler that the budget refuses leaves its stream where it was") {
  const ObjectRef rng = generator(5);
  const Value self = Value::of_object(rng);
  {
    Session session(100);
    CHECK(refusal_of("random.Generator.standard_normal", {self, Value::integer(1000)}) == ErrorKind::budget_exhausted);
    CHECK(session.used() == 0);
  }
  Session session;
  whest::random::Pcg64 bits(whest::random::SeedSequence(whest::random::Entropy(5)));
  const Value args[] = {self};
  CHECK(std::get<double>(invoke("random.Generator.standard_normal", args, {}).variant()) ==
        whest::random::standard_normal(bits));
}

TEST_CASE("parameters broadcast against each other, row by row from one stream") {
  Session session;
  const ObjectRef rng = generator(9);
  const ArrayRef loc = vector({0, 100, 200});
  const Value size[] = {Value::integer(2), Value::integer(3)};
  const Value args[] = {Value::of_object(rng), Value(loc), Value::real(0.5), Value::tuple(size)};
  const ArrayRef got = invoke("random.Generator.normal", args, {}).take_array();
  whest::random::Pcg64 bits(whest::random::SeedSequence(whest::random::Entropy(9)));
  REQUIRE(got->size == 6);
  for (std::int64_t i = 0; i < 6; ++i) {
    CHECK(got->items<double>()[i] == 100.0 * static_cast<double>(i % 3) + 0.5 * whest::random::standard_normal(bits));
  }
  CHECK(session.used() == 6 * 16);
  const Value wrong[] = {Value::integer(4)};
  CHECK(refusal_of("random.Generator.normal",
                   {Value::of_object(rng), Value(loc), Value::real(1), Value::tuple(wrong)}) == ErrorKind::value_error);
}

TEST_CASE("random.seed repeats the module's stream; a RandomState has its own") {
  Session session;
  const Value seed[] = {Value::integer(42)};
  const Value three[] = {Value::integer(3)};
  const auto draw = [&] { return invoke("random.standard_normal", three, {}).take_array(); };
  invoke("random.seed", seed, {});
  const ArrayRef first = draw();
  const ArrayRef second = draw();
  CHECK(first->items<double>()[0] != second->items<double>()[0]);
  invoke("random.seed", seed, {});
  const ObjectRef state = std::get<ObjectRef>(invoke("random.RandomState", seed, {}).variant());
  const ArrayRef again = draw();
  const Value args[] = {Value::of_object(state), three[0]};
  const ArrayRef own = invoke("random.RandomState.standard_normal", args, {}).take_array();
  for (std::int64_t i = 0; i < 3; ++i) {
    CHECK(again->items<double>()[i] == first->items<double>()[i]);
    CHECK(own->items<double>()[i] == first->items<double>()[i]);
  }
}

TEST_CASE("curves: the distribution function undoes the quantile, the density is its slope") {
  using namespace flopscope::stats;
  struct Family {
    const char* name;
    Curve pdf, cdf, ppf;
  };
  const CurveParameters p{.loc = 0.5, .scale = 1.5, .a = 0.8, .b = 2.5};
  for (const Family& f : {Family{"norm", norm_pdf, norm_cdf, norm_ppf},
                          {"uniform", uniform_pdf, uniform_cdf, uniform_ppf},
                          {"expon", expon_pdf, expon_cdf, expon_ppf},
                          {"cauchy", cauchy_pdf, cauchy_cdf, cauchy_ppf},
                          {"logistic", logistic_pdf, logistic_cdf, logistic_ppf},
                          {"laplace", laplace_pdf, laplace_cdf, laplace_ppf},
                          {"lognorm", lognorm_pdf, lognorm_cdf, lognorm_ppf},
                          {"truncnorm", truncnorm_pdf, truncnorm_cdf, truncnorm_ppf}}) {
    for (const double q : {0.01, 0.1, 0.3, 0.51, 0.9, 0.99}) {
      INFO(f.name << " at " << q);
      const double x = f.ppf(q, p);
      CHECK(std::fabs(f.cdf(x, p) - q) < 1e-13);
      const double h = 1e-5 * p.scale;
      const double slope = (f.cdf(x + h, p) - f.cdf(x - h, p)) / (2 * h);
      CHECK(std::fabs(slope - f.pdf(x, p)) < 1e-6 * (1 + f.pdf(x, p)));
    }
    for (const double q : {-0.1, 1.5, std::nan("")}) CHECK(std::isnan(f.ppf(q, p)));
  }
}

TEST_CASE("the normal distribution function keeps its digits in the lower tail") {
  CHECK(std::fabs(stats::normal_distribution(-8) / 6.220960574271785e-16 - 1) < 1e-14);
  CHECK(stats::normal_quantile(0) == -INFINITY);
  CHECK(stats::normal_quantile(1) == INFINITY);
}

TEST_CASE("permuted leaves an array without elements as it is, whatever its other axes") {
  const Value seed = Value::integer(1);
  const auto generator = std::get<ObjectRef>(invoke("random.default_rng", {&seed, 1}, {}).variant());
  for (const std::int64_t axis : {0, 1, 2}) {
    const ArrayRef empty = zeros(DType::float64, {{2, 3, 0}});
    const Value args[] = {Value::of_object(generator), Value(empty)};
    const NamedValue named[] = {{"axis", Value::integer(axis)}};
    const Result result = invoke("random.Generator.permuted", args, named);
    CHECK(result.array()->size == 0);
    CHECK(result.array()->ndim == 3);
  }
}
