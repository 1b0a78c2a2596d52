// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <vector>
#include <whest/flopscope/budget/context.hpp>
#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/core/cost_model_data.hpp>
#include <whest/flopscope/core/half.hpp>
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

namespace {

// What is wrong with a model of these files; "" where nothing is.
std::string fault_of(std::vector<CostModelFile> files) {
  if (std::ranges::none_of(files, [](const CostModelFile& f) { return f.name == "model.json"; }))
    files.push_back({"model.json", R"({"base": "flopscope-0.5"})"});
  try {
    cost_model_from("mine", files);
    return "";
  } catch (const Error& e) {
    CHECK(e.kind() == ErrorKind::value_error);
    return e.what();
  }
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

TEST_CASE("a cost model is its data: what it does not say is its base's") {
  const CostModelFile files[] = {
      {"model.json", R"({"base": "flopscope-0.9", "dtype_rates": {"float64": 3}, "rules": {"writes_void_tags": 1}})"},
      {"weights.json", R"({"exp": [10, 2.5], "log": [null, "refused"]})"},
      {"own.json",
       R"({"sum": {"formula": "reduction.input"}, "abs": {"logged": false}, "sin": {"supported": false}})"}};
  const CostModel mine = cost_model_from("mine", files);
  const CostModel& base = cost_model("flopscope-0.9");
  const auto price = [](const CostModel& model, std::string_view name) {
    return model.price_of(Catalogue::instance().find(name)->index);
  };
  CHECK(mine.name() == "mine");
  CHECK(price(mine, "exp").weight == 10);
  CHECK(price(mine, "exp").complex_factor == 2.5);
  CHECK(price(mine, "log").weight == price(base, "log").weight);
  CHECK(price(mine, "sum").formula->name == "reduction.input");
  CHECK_FALSE(price(mine, "abs").logged);
  CHECK_FALSE(price(mine, "sin").supported);
  CHECK(price(mine, "add").weight == price(base, "add").weight);
  CHECK(mine.dtype_rate(DType::float64) == 3);
  CHECK(mine.dtype_rate(DType::int64) == base.dtype_rate(DType::int64));
  CHECK(mine.writes_void_tags());
}

TEST_CASE("data of a cost model that says nothing to anybody is refused with a sentence") {
  CHECK(fault_of({{"weights.json", R"({"sqrrt": [1]})"}}) ==
        "cost model mine: mine/weights.json names an unknown operation 'sqrrt'");
  CHECK(fault_of({{"unary.json", R"({"sqrrt": {"weight": 1}})"}}) ==
        "cost model mine: mine/unary.json names an unknown operation 'sqrrt'");
  CHECK(fault_of({{"unary.json", R"({"sqrt": {"wieght": 1}})"}}) ==
        "cost model mine: mine/unary.json has an unknown key 'wieght' of operation 'sqrt'");
  CHECK(fault_of({{"unary.json", R"({"rules": {"write_voids_tags": 1}})"}}) ==
        "cost model mine: mine/unary.json has an unknown rule 'write_voids_tags'");
  CHECK(fault_of({{"model.json", R"({"base": "flopscope-0.5", "rule": {}})"}})
            .starts_with("cost model mine: mine/model.json has an unknown key 'rule'; known: "));
  CHECK(fault_of({{"model.json", R"({"base": "flopscope-0.6"})"}}).starts_with("unknown cost model 'flopscope-0.6'"));
  CHECK(fault_of({{"model.json", R"({"dtype_rates": {"float65": 2}})"}}) ==
        "cost model mine: mine/model.json names an unknown dtype 'float65'");
  for (const char* text : {"{", "[]", R"({"sqrt": [-1]})", R"({"sqrt": 1})", R"({"sqrt": ["2"]})", R"({"sqrt": []})"})
    CHECK_MESSAGE(fault_of({{"weights.json", text}}).starts_with("cost model mine: mine/weights.json "), text);
  CHECK(fault_of({{"unary.json", R"({"sqrt": {"formula": "no.such"}})"}}) ==
        "cost model mine: operation 'sqrt' asks for an unknown formula 'no.such'");
}

TEST_CASE("every folder of data is built in, and every rule that the code asks for is known") {
  const std::filesystem::path room = WHEST_SOURCE_DIR "/lib/flopscope";
  std::set<std::string> folders;
  for (const auto& folder : std::filesystem::directory_iterator(room / "cost_models"))
    folders.insert(folder.path().filename());
  const std::vector<std::string> names = cost_model_names();
  CHECK(std::set<std::string>(names.begin(), names.end()) == folders);
  const std::regex asked(R"re(rule(?:_number)?\("([a-z0-9_.]+)")re");
  std::set<std::string> rules;
  for (const auto& file : std::filesystem::recursive_directory_iterator(room)) {
    if (file.path().extension() != ".cpp" && file.path().extension() != ".hpp") continue;
    const std::string text = text_of(file.path());
    for (std::sregex_iterator at(text.begin(), text.end(), asked), end; at != end; ++at) rules.insert((*at)[1]);
  }
  CHECK(rules.size() > 20);
  for (const std::string& rule : rules) {
    const std::string text = "{\"rules\": {\"" + rule + "\": 1}}";
    CHECK_MESSAGE(fault_of({{"own.json", text}}) == "", rule);
  }
}

TEST_CASE("numbers of half precision are converted as the language converts them, at every half and around every tie") {
  const auto same = [](auto a, auto b) { return a != a ? b != b : a == b && std::signbit(a) == std::signbit(b); };
  int wrong = 0;
  const auto check = [&](double x) {
    for (const double near : {x, std::nextafter(x, INFINITY), std::nextafter(x, -INFINITY)})
      wrong += !same(static_cast<float>(half_of(near)), static_cast<float>(static_cast<Half>(near)));
    const auto single = static_cast<float>(x);
    for (const float near : {single, std::nextafter(single, INFINITY), std::nextafter(single, -INFINITY)})
      wrong += !same(static_cast<float>(half_of(near)), static_cast<float>(static_cast<Half>(near)));
  };
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    const auto x = std::bit_cast<Half>(static_cast<std::uint16_t>(bits));
    const auto wide = static_cast<float>(x);
    wrong += !same(float_of(x), wide);
    const auto after = static_cast<float>(std::bit_cast<Half>(static_cast<std::uint16_t>(bits + 1)));
    check(static_cast<double>(wide));
    check((static_cast<double>(wide) + static_cast<double>(after)) / 2);
  }
  for (const double x : {65519.0, 65520.0, 65536.0, 1e6, 1e300, 0x1p-25, 0x1p-26, 1e-300, 5e-324}) {
    check(x);
    check(-x);
  }
  CHECK(wrong == 0);
}
