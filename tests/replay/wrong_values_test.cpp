// SPDX-License-Identifier: MIT
// That the replay notices wrong values: golden results multiplied by a factor, and calls whose right results differ
// from the golden ones in what is open. Run through the program, as whoever replays lines does.
#include <doctest/doctest.h>

#include <golden.hpp>
#include <map>
#include <set>

#include "program.hpp"

using Json = nlohmann::ordered_json;
using whest::test::FreshDirectory;
using whest::test::Program;
using whest::test::Result;

namespace {

// By how much the floating numbers of a line are multiplied, by their precision.
struct Factor {
  double single, twofold;
  double of(const std::string& dtype) const { return dtype == "float32" || dtype == "complex64" ? single : twofold; }
};

Json multiplied(const Json& numbers, double factor) {
  if (numbers.is_number_float()) return numbers.get<double>() * factor;
  Json out = numbers;
  if (numbers.is_array())
    for (Json& x : out) x = multiplied(x, factor);
  return out;
}

Json wrong_result(Json result, Factor factor) {
  if (result.contains("tuple"))
    for (Json& part : result["tuple"]) part = wrong_result(part, factor);
  const std::string dtype = result.value("type", result.value("dtype", ""));
  if (!dtype.starts_with("float") && !dtype.starts_with("complex")) return result;
  for (const char* key : {"values", "head", "tail", "scalar"})
    if (result.contains(key)) result[key] = multiplied(result[key], factor.of(dtype));
  return result;
}

struct Replayed {
  std::string out, err;
  int exit_code = 0;
  bool failed(const std::string& id) const {
    return out.starts_with(id + ": ") || out.find("\n" + id + ": ") != std::string::npos;
  }
};

Replayed replayed(const std::vector<Json>& lines) {
  const FreshDirectory directory;
  std::string text;
  for (const Json& line : lines) text += line.dump() + "\n";
  directory.write("lines.jsonl", text);
  // One thread: the thread sanitizer takes the work of OpenBLAS's, which is not built with it, for races.
  const std::map<std::string, std::string> environment = {{"OPENBLAS_NUM_THREADS", "1"}};
  const Result result = Program(directory, {"lines.jsonl"}, environment, "flopscope_replay").wait();
  return {result.out, result.err, result.exit_code};
}

// Lines of a golden file whose numbers a factor changes, wrong by it, and no others.
std::set<std::string> unnoticed(const std::string& file, Factor factor) {
  std::vector<Json> lines;
  for (Json& line : whest::test::golden_lines(file)) {
    if (!line.contains("result") || line["result"].is_null()) continue;
    const Json wrong = wrong_result(line["result"], factor);
    if (wrong == line["result"]) continue;
    line["result"] = wrong;
    lines.push_back(line);
  }
  CHECK(lines.size() > 100);
  const Replayed result = replayed(lines);
  CHECK(result.exit_code == 1);
  std::set<std::string> out;
  for (const Json& line : lines)
    if (!result.failed(line["id"])) out.insert(line["id"]);
  return out;
}

// A call of our own, whose charge is not looked at.
Json call(const std::string& op, const Json& args, const Json& kwargs, const Json& result) {
  return {{"id", op},
          {"group", "linalg"},
          {"op", op},
          {"args", args},
          {"kwargs", kwargs},
          {"result", result},
          {"charge", Json::object()},
          {"log", Json::object()}};
}

Json array_of(const Json& shape, const Json& values, const char* dtype = "float64") {
  return {{"shape", shape}, {"dtype", dtype}, {"values", values}};
}

Json given(const Json& values, const char* dtype = "float64") {
  return {{"array", {{"values", values}, {"dtype", dtype}}}};
}

bool passes(const Json& line) { return replayed({line}).exit_code == 0; }

}  // namespace

TEST_CASE("replay: wrong values of linear algebra are noticed, but for what rounding leaves open") {
  // Their condition numbers are above 1 / eps: nothing is known of them but that.
  const std::set<std::string> open = {"linalg.cond/0", "linalg.cond/1", "linalg.cond/2", "linalg.cond/3",
                                      "linalg.cond/4", "linalg.cond/5",
                                      // the smallest singular value of a matrix without full rank: rounding alone
                                      "linalg.norm/12", "linalg.norm/25", "linalg.norm/38",
                                      // solutions of singular matrices: any multiple solves a near system as well
                                      "linalg.tensorinv/0", "linalg.tensorsolve/0"};
  for (const Factor factor : {Factor{11, 11}, Factor{1.01, 1.01}, Factor{1 + 1e-4, 1 + 1e-9}}) {
    CAPTURE(factor.single);
    for (const std::string& id : unnoticed("calls/linalg.jsonl", factor)) {
      CAPTURE(id);
      // Seven factors, and a matrix of rank 7 of 8, in float32: 1e-4 is within their rounding.
      const bool coarse = factor.single < 1.001 && (id == "linalg.matrix_power/2" || id == "linalg.pinv/1");
      CHECK((open.contains(id) || coarse));
    }
  }
}

TEST_CASE("replay: a norm is compared whatever its order is") {
  const Json vector = given({3.0, -4.0, 1.0}), infinite = {{"float", "inf"}};
  CHECK(passes(
      call("linalg.norm", Json::array({vector, infinite}), Json::object(), {{"scalar", 4.0}, {"type", "float64"}})));
  CHECK(!passes(
      call("linalg.norm", Json::array({vector, infinite}), Json::object(), {{"scalar", 5.0}, {"type", "float64"}})));
  CHECK(!passes(
      call("linalg.norm", Json::array({vector}), {{"ord", infinite}}, {{"scalar", 4.000001}, {"type", "float64"}})));
  const Json matrix = given({{1.0, 2.0}, {3.0, 4.0}});
  CHECK(passes(
      call("linalg.cond", Json::array({matrix, infinite}), Json::object(), {{"scalar", 21.0}, {"type", "float64"}})));
  CHECK(!passes(
      call("linalg.cond", Json::array({matrix, infinite}), Json::object(), {{"scalar", 21.001}, {"type", "float64"}})));
}

TEST_CASE("replay: inverses in float32 are compared to what their condition allows") {
  const Json matrix = given({{2.0, 1.0}, {1.0, 3.0}}, "float32");
  const auto inverse = [](double first) { return array_of({2, 2}, {first, -0.2, -0.2, 0.4}, "float32"); };
  for (const char* op : {"linalg.inv", "linalg.pinv"}) {
    CAPTURE(op);
    CHECK(passes(call(op, Json::array({matrix}), Json::object(), inverse(0.6))));
    CHECK(passes(call(op, Json::array({matrix}), Json::object(), inverse(0.6000001))));
    CHECK(!passes(call(op, Json::array({matrix}), Json::object(), inverse(0.60006))));
    CHECK(!passes(call(op, Json::array({matrix}), Json::object(), inverse(6.6))));
  }
  // Of two columns that are nearly one, the second differs by 1e-3: condition 4e3, so 1e-4 is within rounding.
  const Json steep = given({{1.0, 1.0}, {1.0, 1.0009765625}}, "float32");
  const auto steep_inverse = [](double f) {
    return array_of({2, 2}, {1025 * f, -1024 * f, -1024 * f, 1024 * f}, "float32");
  };
  CHECK(passes(call("linalg.inv", Json::array({steep}), Json::object(), steep_inverse(1.0001))));
  CHECK(!passes(call("linalg.inv", Json::array({steep}), Json::object(), steep_inverse(1.1))));
}

TEST_CASE("replay: traces and moved elements are exact but for the order of the sum") {
  const Json matrix = given({{0.1, 1.0}, {1.0, 0.2}});
  CHECK(passes(call("linalg.trace", Json::array({matrix}), Json::object(),
                    {{"scalar", 0.30000000000000004}, {"type", "float64"}})));
  CHECK(passes(call("linalg.trace", Json::array({matrix}), Json::object(), {{"scalar", 0.3}, {"type", "float64"}})));
  CHECK(!passes(
      call("linalg.trace", Json::array({matrix}), Json::object(), {{"scalar", 0.30000000001}, {"type", "float64"}})));
  CHECK(passes(call("linalg.diagonal", Json::array({matrix}), Json::object(), array_of({2}, {0.1, 0.2}))));
  CHECK(!passes(
      call("linalg.diagonal", Json::array({matrix}), Json::object(), array_of({2}, {0.1, 0.20000000000000004}))));
  CHECK(!passes(call("linalg.matrix_transpose", Json::array({matrix}), Json::object(),
                     array_of({2, 2}, {0.1, 1.0, 1.0, 0.20000000000000004}))));
}

TEST_CASE("replay: a result that lists too few values is refused") {
  const Json matrix = given({{0.1, 1.0}, {1.0, 0.2}});
  CHECK(!passes(call("linalg.diagonal", Json::array({matrix}), Json::object(), array_of({2}, Json::array({0.1})))));
  CHECK(!passes(call("linalg.diagonal", Json::array({matrix}), Json::object(), array_of({2}, Json::array()))));
  CHECK(!passes(call("linalg.inv", Json::array({matrix}), Json::object(), array_of({2, 2}, Json::array()))));
  CHECK(!passes(call("linalg.inv", Json::array({matrix}), Json::object(), {{"shape", {2, 2}}, {"dtype", "float64"}})));
}

TEST_CASE("replay: arguments by name and lists are seen as arrays by position are") {
  const Json list = {{2.0, 1.0}, {1.0, 3.0}};
  // Eigenvectors of the other sign.
  const auto factors = [](double first) {
    return Json{
        {"tuple",
         {array_of({2}, {first, 3.618033988749895}),
          array_of({2, 2}, {0.8506508083520399, -0.5257311121191336, -0.5257311121191336, -0.8506508083520399})}}};
  };
  const Json by_name = {{"a", given(list)}}, none = Json::array();
  CHECK(passes(call("linalg.eigh", Json::array({list}), Json::object(), factors(1.381966011250105))));
  CHECK(passes(call("linalg.eigh", none, by_name, factors(1.381966011250105))));
  CHECK(!passes(call("linalg.eigh", Json::array({list}), Json::object(), factors(1.382))));
  CHECK(!passes(call("linalg.eigh", none, by_name, factors(1.382))));
  // A sum of another order is within its rounding.
  Json transform =
      call("fft.fft", none, {{"a", given({0.1, 0.2, 0.3})}},
           array_of({3}, {{0.6, 0.0}, {-0.15, 0.08660254037844384}, {-0.15, -0.08660254037844384}}, "complex128"));
  transform["group"] = "fft";
  CHECK(passes(transform));
  transform["result"]["values"][0][0] = 0.6000001;
  CHECK(!passes(transform));
}

TEST_CASE("replay: a script ends with the step that a model refuses, or says what is missing") {
  const auto lines = whest::test::golden_lines("symmetry/propagation.jsonl");
  const auto is_refused = [](const Json& line) {
    for (const auto& [model, steps] : line["steps"].items())
      if (!steps.back()["charge"].is_object()) return false;
    return !line.contains("fault");
  };
  const auto refused = std::ranges::find_if(lines, is_refused);
  REQUIRE(refused != lines.end());
  Json further = *refused;
  further["script"].push_back(further["script"].back());
  CHECK(passes(further));
  const auto longer = std::ranges::find_if(lines, [](const Json& line) {
    return line["script"].size() > 1 && !line.contains("fault") && !line["steps"].front()[0]["charge"].is_object();
  });
  REQUIRE(longer != lines.end());
  Json broken = *longer;
  const std::size_t count = broken["script"].size();
  Json& steps = broken["steps"]["flopscope-0.9"];
  steps.erase(steps.begin() + 1, steps.end());
  const Replayed result = replayed({broken});
  CHECK(result.exit_code == 1);
  CHECK(result.out.find(broken["id"].get<std::string>() + ": flopscope-0.9: the line lists 1 steps of the script's " +
                        std::to_string(count) + ": expected all of them, or those up to one that is an error\n") !=
        std::string::npos);
}
