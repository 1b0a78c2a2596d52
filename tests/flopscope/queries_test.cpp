// SPDX-License-Identifier: MIT
// Cost queries beyond what the golden files hold: the model fma1, and the listing of operations.
#include <doctest/doctest.h>

#include <set>
#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/core/errors.hpp>
#include <whest/flopscope/queries/listing.hpp>
#include <whest/flopscope/queries/query.hpp>
#include <whest/flopscope/queries/text.hpp>

#include "golden.hpp"

using namespace flopscope;

namespace {

double ask(std::string_view function, std::vector<Value> positional, std::vector<NamedValue> named,
           std::string_view model = "fma1") {
  return queries::cost(function, positional, named, cost_model(model));
}

}  // namespace

TEST_CASE("fma1 answers as the Budget Planning document") {
  const Value sizes[] = {Value::integer(256), Value::integer(256)};
  const Value shape = Value::tuple(sizes);
  const Value shapes[] = {shape, shape};
  CHECK(ask("einsum_cost", {Value::string("ij,jk->ik"), Value::list(shapes)}, {}) == 16777216);
  CHECK(ask("svd_cost", {Value::integer(256), Value::integer(256)}, {{"k", Value::integer(10)}}) == 655360);
  CHECK(ask("pointwise_cost", {Value::string("exp")}, {{"shape", shape}}) == 65536);
  CHECK(ask("reduction_cost", {Value::string("sum")}, {{"input_shape", shape}}) == 65536);
}

TEST_CASE("words ask the same questions") {
  const auto words = [](std::vector<std::string> w, std::string_view model = "fma1") {
    return queries::cost_of_words(w, cost_model(model));
  };
  CHECK(words({"einsum", "ij,jk->ik", "256x256", "256x256"}) == 16777216);
  CHECK(words({"svd", "256", "256", "k=10"}) == 655360);
  CHECK(words({"pointwise", "exp", "256x256"}) == 65536);
  CHECK(words({"reduction", "sum", "256x256"}) == 65536);
  CHECK(words({"reduction", "sum", "4x5", "axis=1"}, "flopscope-0.5") == 16);
  CHECK(words({"multi_dot", "10x30", "30x5", "5x60"}, "flopscope-0.5") == 9000);
  CHECK(words({"norm", "24x", "inf"}, "flopscope-0.9") == 48);
  CHECK(words({"numpy.linalg.inv", "8"}, "flopscope-0.5") == 512);
  CHECK_THROWS_AS(words({"svd", "256", "256", "k=ten"}), Error);
  CHECK_THROWS_AS(words({}), Error);
}

TEST_CASE("an answer may pass 2^63, and its digits are all there") {
  const Value sizes[] = {Value::integer(3000000000), Value::integer(3000000000)};
  const double answer =
      ask("pointwise_cost", {Value::string("exp")}, {{"shape", Value::tuple(sizes)}}, "flopscope-0.5");
  CHECK(queries::digits(answer) == "144000000000000000000");
}

TEST_CASE("an unknown query is refused") {
  try {
    ask("accounting.no_such_cost", {}, {});
    FAIL("an answer to a query that does not exist");
  } catch (const Error& e) {
    CHECK(e.kind() == ErrorKind::attribute_error);
  }
}

TEST_CASE("names that are left out have a reason, and stand once") {
  std::set<std::string_view> seen;
  for (const queries::LeftOut& left : queries::left_out_operations()) {
    CHECK(!left.reason.empty());
    CHECK(seen.insert(left.name).second);
  }
  for (const std::string& model : cost_model_names()) {
    std::set<std::string_view> names;
    for (const queries::ListedOperation& op : queries::list_operations(cost_model(model))) {
      CHECK_MESSAGE(names.insert(op.name).second, op.name);
      CHECK((op.standing == queries::Standing::not_provided) == !op.reason.empty());
    }
  }
}

TEST_CASE("every name the packages know is an operation or left out for a reason, not both") {
  std::set<std::string_view> left_out;
  for (const queries::LeftOut& left : queries::left_out_operations()) {
    left_out.insert(left.name);
    CHECK_MESSAGE(Catalogue::instance().find(left.name) == nullptr, left.name);
  }
  const auto operations = whest::test::golden_json("calls/operations.json");
  CHECK(operations.size() > 600);
  for (const auto& [name, facts] : operations.items()) {
    const bool provided = Catalogue::instance().find(name) != nullptr;
    CHECK_MESSAGE((provided || left_out.contains(name)), name);
  }
}
