// SPDX-License-Identifier: MIT
// Replays lines of golden/symmetry through the waist: contractions (einsum.jsonl) with their paths, and scripts of
// operations on tagged arrays (propagation.jsonl): charge, log, and the tag of what comes back.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <whest/flopscope/budget/context.hpp>
#include <whest/flopscope/core/waist.hpp>
#include <whest/flopscope/ops/detail/einsum_path_info.hpp>
#include <whest/flopscope/symmetry/tag.hpp>

#include "compare.hpp"
#include "decode.hpp"
#include "format.hpp"

namespace flopscope::replay {
namespace {

using symmetry::Tag;

// ---- Input arrays (README of golden/symmetry) ----

double pattern(std::int64_t i, std::int64_t k, double lo, double hi) {
  const auto x = static_cast<std::uint64_t>(i) * 2654435761ULL + static_cast<std::uint64_t>(k) * 40503ULL + 12345ULL;
  return lo + (hi - lo) * (static_cast<double>(x & 0xffffffffULL) / 4294967296.0);
}

// Every element becomes the mean of its orbit, members added in ascending order, so that the result is exactly
// invariant. (The mean over the group, up to rounding: each member stands for as many elements of the group.)
void symmetrise(std::vector<double>& x, const Dims& shape, const Tag& tag) {
  Dims step(shape.size(), 1);
  for (int d = shape.size() - 2; d >= 0; --d) step[d] = step[d + 1] * shape[d + 1];
  const auto moved = [&](std::int64_t at, const symmetry::Permutation& g) {
    std::int64_t to_index = at;
    for (std::size_t i = 0; i < g.size(); ++i) {
      const int from = tag.axes()[i], to = tag.axes()[g[i]];
      to_index += (at / step[from] % shape[from] - at / step[to] % shape[to]) * step[to];
    }
    return to_index;
  };
  std::vector<bool> done(x.size(), false);
  for (std::size_t first = 0; first < x.size(); ++first) {
    if (done[first]) continue;
    std::vector<std::int64_t> orbit{static_cast<std::int64_t>(first)};
    done[first] = true;
    for (std::size_t k = 0; k < orbit.size(); ++k)
      for (const symmetry::Permutation& g : tag.group().generators()) {
        const std::int64_t next = moved(orbit[k], g);
        if (done[static_cast<std::size_t>(next)]) continue;
        done[static_cast<std::size_t>(next)] = true;
        orbit.push_back(next);
      }
    std::vector<double> members;
    for (const std::int64_t at : orbit) members.push_back(x[static_cast<std::size_t>(at)]);
    std::ranges::sort(members);
    double sum = 0;
    for (const double member : members) sum += member;
    for (const std::int64_t at : orbit) x[static_cast<std::size_t>(at)] = sum / static_cast<double>(members.size());
  }
}

ArrayRef input_array(const Json& spec) {
  const DType dtype = dtype_from_name(spec.value("dtype", "float64")).value();
  Dims shape;
  for (const Json& size : spec.at("shape")) shape.push_back(size.get<std::int64_t>());
  if (spec.contains("fill")) {
    ArrayRef a = zeros(DType::float64, shape);
    std::fill_n(a->mutable_items<double>(), a->size, spec["fill"] == "ones" ? 1.0 : 0.0);
    ArrayRef out = cast(*a, dtype);
    out->set_tag(symmetry::automatic(shape));
    return out;
  }
  const double lo = spec.at("lo").get<double>(), hi = spec.at("hi").get<double>();
  const std::string form = spec.value("form", "");
  const TagRef tag = decode_tag(spec.value("tag", Json()));
  const TagRef form_tag = spec.contains("sym_of") ? decode_tag(spec["sym_of"]) : tag;
  const auto part = [&](std::int64_t k) {
    std::vector<double> x(static_cast<std::size_t>(element_count(shape)));
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = pattern(static_cast<std::int64_t>(i), k, lo, hi);
    if (form == "sym" || form == "spd") symmetrise(x, shape, *form_tag);
    if (form == "spd") {
      const std::int64_t n = shape.back();
      for (std::size_t i = 0; i < x.size(); ++i)
        if (static_cast<std::int64_t>(i) / n % n == static_cast<std::int64_t>(i) % n)
          x[i] += static_cast<double>(n) * std::max(std::abs(lo), std::abs(hi));
    }
    return x;
  };
  std::vector<double> re = part(spec.at("k").get<std::int64_t>());
  ArrayRef wide = Array::make(DType::complex128, shape);
  std::vector<double> im(re.size(), 0.0);
  if (is_complex(dtype)) im = part(spec.at("k").get<std::int64_t>() + 1);
  for (std::size_t i = 0; i < re.size(); ++i) {
    if (dtype == DType::bool_) re[i] = re[i] > (lo + hi) / 2 ? 1 : 0;
    if (is_integer(dtype)) re[i] = std::trunc(re[i]);
    wide->mutable_items<Complex128>()[i] = {re[i], im[i]};
  }
  ArrayRef out = is_complex(dtype) ? cast(*wide, dtype) : cast(*cast(*wide, DType::float64), dtype);
  if (tag) out->set_tag(tag);
  return out;
}

ArrayRef view_of(const Array& a, bool transposed) {
  Dims shape(a.dims()), strides(a.byte_strides());
  TagRef tag = a.tag();
  if (transposed) {
    std::reverse(shape.begin(), shape.end());
    std::reverse(strides.begin(), strides.end());
    std::vector<int> perm;
    for (int d = a.ndim; d-- > 0;) perm.push_back(d);
    tag = symmetry::transpose(tag, perm);
  }
  ArrayRef view = Array::view(a.storage(), a.items<std::byte>(), a.type(), shape, strides);
  if (tag) view->set_tag(tag);
  return view;
}

struct Inputs {
  std::vector<ArrayRef> arrays;  // null where a scalar stands
  std::vector<Value> values;
};

Inputs make_inputs(const Json& list) {
  Inputs inputs;
  for (const Json& spec : list) {
    ArrayRef a;
    Value v;
    if (spec.contains("scalar")) {
      v = Value::real(spec["scalar"].get<double>());
      if (spec["scalar"].is_number_integer()) v = Value::integer(spec["scalar"].get<std::int64_t>());
    } else if (spec.contains("same")) {
      a = inputs.arrays.at(spec["same"].get<std::size_t>());
    } else if (spec.contains("view_T")) {
      a = view_of(*inputs.arrays.at(spec["view_T"].get<std::size_t>()), true);
    } else if (spec.contains("view")) {
      a = view_of(*inputs.arrays.at(spec["view"].get<std::size_t>()), false);
    } else {
      a = input_array(spec);
    }
    inputs.arrays.push_back(a);
    inputs.values.push_back(a ? Value(*a) : v);
  }
  return inputs;
}

// ---- Arguments ----

// Arguments of a script: inputs, earlier results, and the coding of the calls for the rest.
class Arguments {
 public:
  Arguments(const Inputs& inputs, const std::vector<std::optional<Result>>& results)
      : m_inputs(inputs), m_results(results) {}

  Value value(const Json& j) {
    if (j.is_array()) return sequence(j, true);
    if (!j.is_object()) return m_decoder.value(j);
    const std::string key = j.begin().key();
    const Json& inner = j.begin().value();
    if (key == "in") return m_inputs.values.at(inner.get<std::size_t>());
    if (key == "r") return result(inner);
    if (key == "list" || key == "path") return sequence(inner, false);
    if (key == "tuple" || key == "path_tuple") return sequence(inner, true);
    if (key == "ellipsis") return Value::ellipsis();
    if (key == "newaxis") return Value::none();
    if (key == "ints" || key == "bools") return index_array(inner, key == "bools");
    if (key == "group" || key == "symmetric" || key == "cyclic" || key == "dihedral" || key == "young" ||
        key == "product" || key == "generators")
      return Value::of_group(m_tags.emplace_back(decode_tag(key == "group" ? inner : j)));
    return m_decoder.value(j);
  }

  std::vector<NamedValue> named(const Json& kwargs) {
    std::vector<NamedValue> list;
    for (const auto& [name, v] : kwargs.items()) list.push_back({m_names.emplace_back(name), value(v)});
    return list;
  }

 private:
  Value sequence(const Json& items, bool tuple) {
    std::vector<Value> values;
    for (const Json& item : items) values.push_back(value(item));
    const std::vector<Value>& kept = m_lists.emplace_back(std::move(values));
    return tuple ? Value::tuple(kept) : Value::list(kept);
  }
  Value result(const Json& path) {
    const bool part = path.is_array();
    const auto& r = m_results.at((part ? path.at(0) : path).get<std::size_t>());
    if (!r) throw Error(ErrorKind::runtime_error, "the script goes on from a step that failed");
    const Result& found = part ? r->items()->at(path.at(1).get<std::size_t>()) : *r;
    if (found.is_array()) return Value(*found.array());
    if (const auto* b = std::get_if<bool>(&found.variant())) return Value::boolean(*b);
    if (const auto* d = std::get_if<double>(&found.variant())) return Value::real(*d);
    throw Error(ErrorKind::runtime_error, "a result that is no array is passed on");
  }
  Value index_array(const Json& items, bool bools) {
    Json spec;
    spec["array"]["values"] = items;
    spec["array"]["dtype"] = bools ? "bool" : "int64";
    return m_decoder.value(spec);
  }

  const Inputs& m_inputs;
  const std::vector<std::optional<Result>>& m_results;
  Decoder m_decoder;
  std::deque<std::vector<Value>> m_lists;
  std::deque<std::string> m_names;
  std::deque<TagRef> m_tags;
};

// ---- Comparison ----

std::string text_of(const TagRef& tag) {
  if (!tag) return "no tag";
  std::string generators;
  for (const auto& g : tag->group().sorted_generators()) generators += fmt::format("[{}]", fmt::join(g, ","));
  return fmt::format("axes ({}) order {} {}", fmt::join(tag->axes(), ", "), tag->group().order(), generators);
}

TagRef expected_tag(const Json& tag) {
  if (tag.is_null() || tag.at("generators").empty()) return nullptr;
  Json spec;
  spec["generators"] = tag.at("generators");
  spec["axes"] = tag.at("axes");
  return decode_tag(spec);
}

// A number that came back: {"scalar": type} and, where it is plain, its "value".
std::string compare_number(const Result& got, const Json& want) {
  const std::string type = want.at("scalar").get<std::string>();
  double value = 0;
  std::string have;
  if (got.is_array()) {
    if (got.array()->ndim != 0) return "an array instead of a number";
    have = name_of(got.array()->type());
    if (!is_complex(got.array()->type())) value = item_double(*got.array());
  } else if (const auto* b = std::get_if<bool>(&got.variant())) {
    have = "bool";
    value = *b ? 1 : 0;
  } else if (const auto* i = std::get_if<std::int64_t>(&got.variant())) {
    have = "int64";
    value = static_cast<double>(*i);
  } else if (const auto* d = std::get_if<double>(&got.variant())) {
    have = "float64";
    value = *d;
  } else if (std::holds_alternative<Complex128>(got.variant())) {
    have = "complex128";
  } else {
    return "no number";
  }
  const std::string expected = type == "int"       ? "int64"
                               : type == "float"   ? "float64"
                               : type == "complex" ? "complex128"
                                                   : type;
  if (have != expected) return fmt::format("a number of {} instead of {}", have, expected);
  if (!want.contains("value")) return "";
  const Json& v = want.at("value");
  const double number = v.is_boolean() ? (v.get<bool>() ? 1 : 0) : v.get<double>();
  return value == number ? "" : fmt::format("{} instead of {}", value, v.dump());
}

std::string compare_tagged(const Result& got, const Json& want) {
  if (want.is_null()) return got.is_none() || got.is_array() ? "" : "a result where none is expected";
  if (want.is_array()) {
    const auto* items = got.items();
    if (items == nullptr || items->size() != want.size()) return "another number of results";
    for (std::size_t i = 0; i < want.size(); ++i)
      if (std::string s = compare_tagged((*items)[i], want.at(i)); !s.empty())
        return fmt::format("result {}: {}", i, s);
    return "";
  }
  if (!want.contains("shape")) return compare_number(got, want);
  if (!got.is_array()) return "no array";
  const Array& a = *got.array();
  std::vector<std::int64_t> shape(a.dims().begin(), a.dims().end());
  if (shape != want.at("shape").get<std::vector<std::int64_t>>()) return "shape " + shape_text(a.dims());
  if (want.contains("dtype") && name_of(a.type()) != want.at("dtype").get<std::string>())
    return fmt::format("dtype {} instead of {}", name_of(a.type()), want.at("dtype").get<std::string>());
  if (!want.contains("tag")) return "";
  const TagRef wanted = expected_tag(want.at("tag"));
  return symmetry::same_symmetry(a.tag(), wanted) ? ""
                                                  : fmt::format("{} instead of {}", text_of(a.tag()), text_of(wanted));
}

struct Outcome {
  std::optional<Result> result;
  std::string error_class, error_text;
  std::int64_t charged = 0;
};

Outcome run_step(const std::string& call, std::span<const Value> args, std::span<const NamedValue> named) {
  Outcome out;
  const std::int64_t before = active_context()->flops_used();
  try {
    std::vector<Value> ordered(args.begin(), args.end());
    const std::string op = operation_called(call, ordered);
    out.result = invoke(op, ordered, named);
  } catch (const Error& e) {
    out.error_class = class_name(e.kind());
    out.error_text = e.what();
  }
  out.charged = active_context()->flops_used() - before;
  return out;
}

// A refusal of Python's own, whose class ours need not share. Stricter than the calls' is_pythons_own().
bool differs_by_language(const std::string& error) {
  return error == "TypeError" || error == "UFuncTypeError" || error == "AttributeError" || error == "IndexError" ||
         error == "KeyError";
}

// What differs between an outcome and a golden charge; empty: nothing. `fault` is the line's, "" for none.
std::string compare_outcome(const Outcome& got, const Json& charge, const std::string& fault) {
  if (fault == "internal") return got.error_class.empty() ? "" : "refused: " + got.error_text;
  if (charge.is_object() && fault == "tag_on_wrong_axes") {
    if (!got.error_class.empty()) return "refused: " + got.error_text;
    return got.charged == charge.at("charged").get<std::int64_t>()
               ? ""
               : fmt::format("charged {} instead of {}", got.charged, charge.at("charged").dump());
  }
  if (charge.is_object()) {
    const std::string want = charge.at("error").get<std::string>();
    if (got.error_class.empty()) return "not refused, where " + want + " is expected";
    if (got.error_class != want && !differs_by_language(want))
      return got.error_class + " (" + got.error_text + ") instead of " + want;
    if (fault != "charged_before_check" && got.charged != charge.at("charged").get<std::int64_t>())
      return fmt::format("charged {} instead of {} before the refusal", got.charged, charge.at("charged").dump());
    return "";
  }
  if (!got.error_class.empty()) return got.error_class + ": " + got.error_text;
  const std::int64_t want = std::max<std::int64_t>(0, charge.get<std::int64_t>());
  return got.charged == want ? "" : fmt::format("charged {} instead of {}", got.charged, want);
}

std::string compare_log(const BudgetContext& context, const Json& want) {
  std::string got, expected;
  for (const OpRecord& r : context.op_log()) got += fmt::format("[{}, {}]", r.op_name, r.flop_cost);
  for (const Json& record : want)
    expected += fmt::format("[{}, {}]", record.at(0).get<std::string>(),
                            std::max<std::int64_t>(0, record.at(1).get<std::int64_t>()));
  return got == expected ? "" : "log " + got + " instead of " + expected;
}

std::string fault_of(const Json& line, const std::string& model) {
  return line.contains("fault") && line.at("fault").contains(model) ? line.at("fault").at(model).get<std::string>()
                                                                    : "";
}

// ---- A line of einsum.jsonl ----

std::string compare_path(const Json& want, const symmetry::PathInfo& got, bool operand_is_named_right) {
  using symmetry::Count;
  const auto number = [](Count n) { return static_cast<std::int64_t>(n); };
  if (got.path != want.at("path").get<symmetry::Path>()) return "another path";
  if (number(got.naive_cost) != want.at("naive_cost").get<std::int64_t>())
    return fmt::format("naive cost {}", number(got.naive_cost));
  if (number(got.optimized_cost) != std::max<std::int64_t>(0, want.at("optimized_cost").get<std::int64_t>()))
    return fmt::format("optimized cost {}", number(got.optimized_cost));
  if (number(got.largest_intermediate) != want.at("largest_intermediate").get<std::int64_t>())
    return fmt::format("largest intermediate {}", number(got.largest_intermediate));
  if (got.optimizer != want.at("optimizer").get<std::string>()) return "optimizer " + got.optimizer;
  // Priced without a path: no step has a source. One that has none beside others is dense.
  const Json& steps = want.at("steps");
  const bool dense =
      !steps.empty() && std::ranges::all_of(steps, [](const Json& s) { return s.at("source").is_null(); });
  if (!dense && std::abs(got.speedup - want.at("speedup").get<double>()) > 1e-12)
    return fmt::format("speedup {}", got.speedup);
  if (got.steps.size() != want.at("steps").size()) return "another number of steps";
  for (std::size_t i = 0; i < got.steps.size(); ++i) {
    const symmetry::PathStep& step = got.steps.at(i);
    const Json& expected = want.at("steps").at(i);
    if (step.subscripts != expected.at("subscripts").get<std::string>()) return "step " + step.subscripts;
    if (number(step.dense_cost) != expected.at("dense_cost").get<std::int64_t>())
      return fmt::format("dense cost {} of step {}", number(step.dense_cost), i);
    if (dense) continue;
    if (number(step.cost) != expected.at("cost").get<std::int64_t>())
      return fmt::format("cost {} of step {}", number(step.cost), i);
    const Json& source = expected.at("source");
    if (name_of(step.source.value_or(symmetry::StepSource::dense)) !=
        (source.is_null() ? "dense" : source.get<std::string>()))
      return fmt::format("bound of step {}", i);
    const Json reductions = expected.value("pre_reductions", Json::array());
    if (step.reductions.size() != reductions.size()) return fmt::format("reductions of step {}", i);
    for (std::size_t r = 0; r < reductions.size(); ++r)
      if (number(step.reductions.at(r).cost) != reductions.at(r).at("cost").get<std::int64_t>() ||
          (operand_is_named_right && step.reductions.at(r).operand != reductions.at(r).at("operand").get<int>()))
        return fmt::format("reduction {} of step {}", r, i);
  }
  return "";
}

std::string replay_path(const Json& line, const std::string& model, const Inputs& inputs) {
  const Json& want = line.at("path_info").at(model);
  if (!want.contains("steps")) return "";
  const std::vector<std::optional<Result>> none;
  Arguments arguments(inputs, none);
  std::vector<Value> args{Value::string(line.at("subscripts").get_ref<const std::string&>())};
  args.insert(args.end(), inputs.values.begin(), inputs.values.end());
  Json kwargs = Json::object();
  if (line.contains("kwargs") && line.at("kwargs").contains("optimize"))
    kwargs["optimize"] = line.at("kwargs").at("optimize");
  const Outcome got = run_step("fnp.einsum_path", args, arguments.named(kwargs));
  if (!got.error_class.empty()) return "einsum_path: " + got.error_text;
  if (got.charged != want.at("charge").get<std::int64_t>()) return fmt::format("einsum_path charged {}", got.charged);
  const auto& object = std::get<ObjectRef>(got.result->items()->at(1).variant());
  const auto& info = dynamic_cast<const contract::PathInfoObject&>(*object).info();
  if (info.table().empty()) return "einsum_path has no table";
  const std::string difference = compare_path(want, info, model != "flopscope-0.5");
  return difference.empty() ? "" : "einsum_path: " + difference;
}

void replay_contraction_under(const std::string& model, const Json& line, std::vector<std::string>& out) {
  const std::string fault = fault_of(line, model);
  Inputs inputs = make_inputs(line.at("operands"));
  const std::vector<std::optional<Result>> none;
  Arguments arguments(inputs, none);
  const std::size_t arity = line.contains("arity") ? line.at("arity").get<std::size_t>() : inputs.values.size();
  std::vector<Value> args;
  const std::string op = line.at("op") == "@" ? "matmul" : line.at("op").get<std::string>();
  if (op == "einsum") args.push_back(Value::string(line.at("subscripts").get_ref<const std::string&>()));
  args.insert(args.end(), inputs.values.begin(), inputs.values.begin() + static_cast<std::ptrdiff_t>(arity));
  Json kwargs = line.value("kwargs", Json::object());
  if (kwargs.contains("symmetry") && kwargs["symmetry"].is_array())
    kwargs["symmetry"] = Json{{"group", kwargs["symmetry"]}};
  const std::vector<NamedValue> named = arguments.named(kwargs);
  BudgetContext context({.flop_budget = 1e18, .quiet = true, .name_space = {}, .wall_time_limit_s = {}});
  context.enter();
  const Outcome got = run_step("fnp." + op, args, named);
  context.exit();
  const auto note = [&](const std::string& s) {
    if (!s.empty()) out.push_back(fmt::format("{}: {}", model, s));
  };
  note(compare_outcome(got, line.at("charge").at(model), fault));
  if (fault.empty() || fault == "refund" || fault == "tag_on_wrong_axes")
    note(compare_log(context, line.at("log").at(model)));
  const Json& result = line.at("result")[fault == "tag_on_wrong_axes" ? "flopscope-0.12" : model];
  if (got.result) note(compare_tagged(*got.result, result));
  if (!line.contains("path_info") || !line.at("path_info").contains(model) || fault == "internal") return;
  context.enter();
  inputs.values.resize(arity);
  note(replay_path(line, model, inputs));
  context.exit();
}

// ---- A line of propagation.jsonl ----

// The steps that `model` took: all of the script, or up to the one that it refused.
const Json& steps_taken(const Json& line, const std::string& model) {
  const Json& steps = line.at("steps").at(model);
  const std::size_t count = line.at("script").size();
  const bool ends_in_error = !steps.empty() && steps.back().at("charge").is_object();
  if (steps.size() == count || (steps.size() < count && ends_in_error)) return steps;
  throw std::runtime_error(
      fmt::format("the line lists {} steps of the script's {}: expected all of them, or those up "
                  "to one that is an error",
                  steps.size(), count));
}

void replay_script_under(const std::string& model, const Json& line, std::vector<std::string>& out) {
  const std::string fault = fault_of(line, model);
  const std::string truth = fault == "tag_on_wrong_axes" || fault == "value_tag" ? "flopscope-0.12" : model;
  const Json &steps = steps_taken(line, model), &true_steps = steps_taken(line, truth);
  const Inputs inputs = make_inputs(line.at("inputs"));
  std::vector<std::optional<Result>> results;
  Arguments arguments(inputs, results);
  const auto note = [&](const std::string& s) {
    if (!s.empty()) out.push_back(fmt::format("{}: {}", model, s));
  };
  BudgetContext context({.flop_budget = 1e18, .quiet = true, .name_space = {}, .wall_time_limit_s = {}});
  context.enter();
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Json& step = line.at("script").at(i);
    Outcome got;
    try {
      std::vector<Value> args;
      for (const Json& arg : step.at("args")) args.push_back(arguments.value(arg));
      got = run_step(step.at("call").get<std::string>(), args, arguments.named(step.value("kwargs", Json::object())));
    } catch (const Error& e) {
      got.error_class = class_name(e.kind());
      got.error_text = e.what();
    }
    const Json& want = steps.at(i);
    const bool whole_fault = fault == "internal" && !want.at("charge").is_object();
    note(compare_outcome(got, want.at("charge"), whole_fault ? "" : fault));
    if (got.result && fault != "internal" && i < true_steps.size() && true_steps.at(i).contains("result"))
      note(compare_tagged(*got.result, true_steps.at(i).at("result")));
    results.push_back(std::move(got.result));
  }
  context.exit();
  const bool charged_alike = fault.empty() || fault == "stale_tag" || fault == "value_tag" || fault == "refund" ||
                             (fault == "tag_on_wrong_axes" && !line.at("charge").at(model).is_object());
  if (charged_alike) note(compare_log(context, line.at("log").at(model)));
  const Json& after = line.at("input_tags_after").at(truth);
  for (std::size_t i = 0; i < after.size() && fault != "charged_before_check" && fault != "internal"; ++i) {
    if (!inputs.arrays[i]) continue;
    const TagRef wanted = expected_tag(after[i]);
    if (!symmetry::same_symmetry(inputs.arrays[i]->tag(), wanted))
      note(fmt::format("input {} ends with {} instead of {}", i, text_of(inputs.arrays[i]->tag()), text_of(wanted)));
  }
  if (!line.contains("result_tags_after") || fault == "internal") return;
  const Json& left = line.at("result_tags_after").at(truth);
  for (std::size_t i = 0; i < left.size() && i < results.size(); ++i) {
    if (!results[i] || !results[i]->is_array() || left[i].is_array()) continue;
    const TagRef wanted = expected_tag(left[i]);
    if (!symmetry::same_symmetry(results[i]->array()->tag(), wanted))
      note(
          fmt::format("result {} ends with {} instead of {}", i, text_of(results[i]->array()->tag()), text_of(wanted)));
  }
}

template <class Replay>
void under_all_models(const Json& line, const Settings& settings, LineResult& out, Replay replay) {
  replay_under_models(out, settings, line.value("charge", Json::object()), [&](const std::string& model) {
    set_active_cost_model(cost_model(model));
    replay(model, line, out.mismatches);
  });
}

bool is_known(const std::string& call) { return Catalogue::instance().find(operation_named(call).op) != nullptr; }

// A name that no version provides either: the refusal is compared.
bool refused_by_all(const Json& line) {
  return std::ranges::all_of(line.at("charge").items(), [](const auto& of_model) {
    return of_model.value().is_object() && of_model.value().at("error") == "AttributeError";
  });
}

}  // namespace

LineResult replay_contraction(const Json& line, const Settings& settings) {
  LineResult out;
  out.id = line.at("id").get<std::string>();
  out.op = line.at("op").get<std::string>();
  out.group = "contractions";
  if (is_left_out(out, settings)) return out;
  under_all_models(line, settings, out, replay_contraction_under);
  return out;
}

LineResult replay_script(const Json& line, const Settings& settings) {
  LineResult out;
  out.id = line.at("id").get<std::string>();
  out.op = line.at("script").at(0).at("call").get<std::string>();
  out.group = "propagation";
  bool wanted = settings.ops.empty(), known = true;
  for (const Json& step : line.at("script")) {
    const std::string call = step.at("call").get<std::string>();
    wanted = wanted || settings.ops.contains(call);
    if (is_known(call) || refused_by_all(line)) continue;
    known = false;
    out.op = call;
  }
  if (!wanted || !known) {
    out.verdict = Verdict::skipped;
    return out;
  }
  under_all_models(line, settings, out, replay_script_under);
  return out;
}

}  // namespace flopscope::replay
