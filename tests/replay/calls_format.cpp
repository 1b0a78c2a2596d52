// SPDX-License-Identifier: MIT
// Replays a line of golden/calls through the waist, by operation name: charge, log and value under each cost model.
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <whest/flopscope/budget/context.hpp>
#include <whest/flopscope/core/waist.hpp>

#include "arguments.hpp"
#include "compare.hpp"
#include "decode.hpp"
#include "format.hpp"
#include "sdk.hpp"

namespace flopscope::replay {
namespace {

// What a recorded error of one version asks of ours.
enum class Expected : std::uint8_t {
  same_class,    // behaviour to keep, by class
  some_error,    // Python's own refusal: the fact counts, not the class
  right_result,  // a fault of that version: another version shows the right result
  anything,      // a fault of every version: nothing to compare
};

// README of calls: a RuntimeError ("This is a bug in flopscope") and a ZeroDivisionError are faults; one of Python's
// own errors where another version answers is one too, else it is Python's refusal of the arguments.
Expected expectation(const Json& line, const std::string& model) {
  const std::string kind = line.at("error").at(model).at(0).get<std::string>();
  const bool answered = line.contains("result");
  if (kind == "RuntimeError" || kind == "RecursionError" || kind == "ZeroDivisionError")
    return answered ? Expected::right_result : Expected::anything;
  if (!is_pythons_own(kind)) return Expected::same_class;
  // An argument that this version does not know.
  const std::string text = line.at("error").at(model).at(1).get<std::string>();
  if (text.find("unexpected keyword argument") != std::string::npos) return Expected::some_error;
  return answered ? Expected::right_result : Expected::some_error;
}

// A generator's operations run on a fresh generator of the line's seed; the module's after random.seed(seed).
void prepare_random(const std::string& op, const Json& line, Decoder& decoder, std::vector<Value>& args) {
  if (!line.contains("seed")) return;
  const Value seed[] = {Value::integer(line.at("seed").get<std::int64_t>())};
  if (op.starts_with("random.Generator."))
    args.insert(args.begin(), decoder.keep(invoke("random.default_rng", seed, {})));
  else if (op.starts_with("random.RandomState."))
    args.insert(args.begin(), decoder.keep(invoke("random.RandomState", seed, {})));
  else
    invoke("random.seed", seed, {});
}

struct Run {
  std::optional<Result> result;
  std::string error_class, error_text;
  std::int64_t charged = 0;
  std::vector<std::pair<std::string, std::int64_t>> log;
};

struct Prepared {
  Decoder decoder;
  std::vector<Value> args;
  std::vector<NamedValue> named;
};

Run run(const OperationName& method, const Prepared& prepared, bool through_sdk, bool wants_tuple) {
  Run out;
  BudgetContext context({.flop_budget = 1e18, .quiet = true, .name_space = {}, .wall_time_limit_s = {}});
  context.enter();
  try {
    out.result = through_sdk ? invoke_through_sdk(method.op, prepared.args, prepared.named)
                             : invoke(method.op, prepared.args, prepared.named);
  } catch (const Error& e) {
    out.error_class = class_name(e.kind());
    out.error_text = e.what();
  }
  context.exit();
  // Where the packages return one array or several, the headers return a list that is the array where it has one.
  if (through_sdk && out.result && out.result->items() != nullptr && out.result->items()->size() == 1 && !wants_tuple)
    out.result = Result(out.result->items()->front());
  out.charged = context.flops_used();
  for (const OpRecord& r : context.op_log()) out.log.emplace_back(r.op_name, r.flop_cost);
  return out;
}

std::string log_text(const std::vector<std::pair<std::string, std::int64_t>>& log) {
  std::string s;
  for (const auto& [op, cost] : log) s += fmt::format("[{}, {}]", op, cost);
  return "[" + s + "]";
}

// A negative charge is a fault of the package; ours is 0.
void compare_charge(const Json& line, const std::string& model, const Run& got, std::vector<std::string>& out) {
  const std::int64_t want = line.at("charge").at(model).get<std::int64_t>();
  if (got.charged != std::max<std::int64_t>(want, 0))
    out.push_back(fmt::format("{}: charged {} instead of {}", model, got.charged, want));
  std::vector<std::pair<std::string, std::int64_t>> log;
  for (const Json& record : line.at("log").at(model))
    log.emplace_back(record.at(0).get<std::string>(), std::max<std::int64_t>(record.at(1).get<std::int64_t>(), 0));
  if (got.log != log) out.push_back(fmt::format("{}: log {} instead of {}", model, log_text(got.log), log_text(log)));
}

double precision_of(DType dtype) {
  const DType real = is_complex(dtype) ? real_part_of(dtype) : dtype;
  if (real == DType::float16 || item_size(real) == 1) return 0x1p-10;
  return real == DType::float32 || item_size(real) == 2 ? 0x1p-23 : 0x1p-52;
}

// A buffer may be finer than the arithmetic whose result it takes: the tolerance is that of the arguments.
Tolerance in_buffer(const Tolerance& t, const CallArguments& arguments, const Prepared& prepared) {
  double finest = 1;
  for (const Value& v : arguments.data())
    if (v.is_array()) finest = std::min(finest, precision_of(v.as_array().type()));
  for (const NamedValue& v : prepared.named)
    if (v.name == "dtype" && v.value.is(ValueKind::dtype)) finest = precision_of(*to_dtype(v.value));
  double ratio = 1;
  for (const NamedValue& v : prepared.named) {
    const bool wrapped = v.value.is_sequence() && v.value.as_items().size() == 1;
    const Value& out = wrapped ? v.value.as_items()[0] : v.value;
    if (v.name == "out" && out.is_array()) ratio = std::max(ratio, finest / precision_of(out.as_array().type()));
  }
  return {.ulps = t.ulps * ratio, .scale = t.scale * ratio};
}

// A line holds the newest version's answer, in which ptp has dropped the tag that an older one keeps: lines of
// propagation have the tags of each.
Result comparable(const Result& got, const std::string& op) {
  const bool keeps = op == "ptp" && got.is_array() && active_cost_model().rule("reduction.ptp_keeps_tag");
  return keeps ? Result(copy_of(*got.array())) : got;
}

// The first of the comparisons that know the operation; nullopt: its elements are compared.
std::optional<std::string> compare_by_problem(const std::string& op, const std::vector<Value>& args,
                                              std::span<const NamedValue> named, const Result& got,
                                              const Json& expected) {
  for (const auto compare : {compare_factors, compare_solution, compare_sums, compare_norms, compare_determinants})
    if (auto difference = compare(op, args, got, expected)) return difference;
  return compare_order(op, args, named, got, expected);
}

std::string compare_answer(const Json& line, const OperationName& method, const Prepared& prepared,
                           const CallArguments& arguments, const Tolerance& tolerance, const Result& got) {
  const Json& expected = line.at("result");
  const bool undefined = line.value("values_undefined", false);
  std::optional<std::string> difference;
  if (!undefined) difference = compare_by_problem(method.op, arguments.all(), prepared.named, got, expected);
  return difference ? *difference : compare_result(comparable(got, method.op), expected, tolerance, undefined);
}

void compare_values(const Json& line, const std::string& model, const OperationName& method, const Prepared& prepared,
                    const Run& got, std::vector<std::string>& out) {
  if (!line.contains("result")) return;
  const CallArguments arguments(method.op, prepared.args, prepared.named);
  const Tolerance tolerance = in_buffer(
      tolerance_for(line.value("group", ""), method.op, arguments.data(), line.at("result")), arguments, prepared);
  std::string difference = compare_answer(line, method, prepared, arguments, tolerance, *got.result);
  if (difference.empty() && line.contains("argument0_after")) {
    const bool after_self = line.contains("seed") && prepared.args.size() > 1 && !prepared.args[0].is_array();
    const bool newest = model == "flopscope-0.12";  // whose answer the line holds
    difference =
        compare_written(prepared.args[after_self ? 1 : 0].as_array(), line.at("argument0_after"), tolerance, newest);
  }
  if (!difference.empty()) out.push_back(fmt::format("{}: {}", model, difference));
}

void replay_under(const std::string& model, const Json& line, const OperationName& method, bool through_sdk,
                  std::vector<std::string>& out) {
  set_active_cost_model(cost_model(model));
  Prepared prepared;
  prepared.args = prepared.decoder.positional(line.at("args"));
  if (method.reflected) std::swap(prepared.args.at(0), prepared.args.at(1));
  std::vector<std::string> names;
  for (const auto& [name, value] : line.at("kwargs").items())
    prepared.named.push_back({name, prepared.decoder.value(value)});
  for (std::size_t i = 0; i < prepared.named.size(); ++i) names.push_back(std::string(prepared.named[i].name));
  for (std::size_t i = 0; i < names.size(); ++i) prepared.named[i].name = names[i];
  prepare_random(method.op, line, prepared.decoder, prepared.args);

  const bool wants_tuple = line.contains("result") && line.at("result").contains("tuple");
  const Run got = run(method, prepared, through_sdk, wants_tuple);
  const bool has_error = line.contains("error") && line.at("error").contains(model);
  const Expected expected = has_error ? expectation(line, model) : Expected::right_result;
  if (expected == Expected::anything) return;
  if (expected == Expected::same_class || expected == Expected::some_error) {
    const std::string want = line.at("error").at(model).at(0).get<std::string>();
    const bool right = expected == Expected::some_error ? !got.error_class.empty() : got.error_class == want;
    if (!right)
      out.push_back(fmt::format("{}: {} instead of {}", model,
                                got.error_class.empty() ? "no error" : got.error_class + " (" + got.error_text + ")",
                                want));
    return;
  }
  const bool is_singular =
      got.error_class == "LinAlgError" && line.contains("result") &&
      is_singular_but_for_rounding(method.op, CallArguments(method.op, prepared.args, prepared.named).all(),
                                   line.at("result"));
  if (!got.error_class.empty() && !is_singular) {
    out.push_back(fmt::format("{}: {}: {}", model, got.error_class, got.error_text));
    return;
  }
  if (!has_error && line.at("charge").contains(model)) compare_charge(line, model, got, out);
  if (!is_singular) compare_values(line, model, method, prepared, got, out);
}

bool refuses_type_object(const Json& line) {
  if (!line.contains("error") || !line.at("op").get<std::string>().starts_with("random.")) return false;
  return std::ranges::any_of(line.at("error"), [](const Json& e) { return e.at(0) == "UnsupportedDtypeError"; });
}

}  // namespace

bool is_pythons_own(const std::string& error_class) {
  static const std::set<std::string> k_classes = {"TypeError",   "AttributeError", "UFuncTypeError",
                                                  "IndexError",  "KeyError",       "OverflowError",
                                                  "MemoryError", "AxisError",      "NotImplementedError"};
  return k_classes.contains(error_class);
}

LineResult replay_call(const Json& line, const Settings& settings) {
  LineResult out;
  out.id = line.at("id").get<std::string>();
  out.op = line.at("op").get<std::string>();
  out.group = line.value("group", "");
  const OperationName method = operation_named(out.op);
  const bool wanted = settings.ops.empty() || settings.ops.contains(out.op) || settings.ops.contains(method.op);
  // A dtype of C++ is no type object, which some models refuse where it comes by position.
  const bool known = settings.through_sdk ? sdk_has(method.op) && !refuses_type_object(line)
                                          : Catalogue::instance().find(method.op) != nullptr;
  if (!wanted || !known) {
    out.verdict = Verdict::skipped;
    return out;
  }
  for (const std::string& model : settings.models) {
    try {
      replay_under(model, line, method, settings.through_sdk, out.mismatches);
    } catch (const Error& e) {
      out.mismatches.push_back(fmt::format("{}: {}: {}", model, class_name(e.kind()), e.what()));
    } catch (const std::exception& e) {
      out.mismatches.push_back(fmt::format("{}: {}", model, e.what()));
    }
  }
  if (!out.mismatches.empty()) out.verdict = Verdict::failed;
  return out;
}

}  // namespace flopscope::replay
