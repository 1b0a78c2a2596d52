// SPDX-License-Identifier: MIT
#include "budget_world.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <deque>
#include <set>
#include <thread>
#include <whest/flopscope/core/waist.hpp>
#include <whest/flopscope/queries/listing.hpp>

#include "format.hpp"

namespace flopscope::replay {
namespace {

Json number(double x) {
  if (x == std::floor(x) && std::fabs(x) < 9e15) return static_cast<std::int64_t>(x);
  return x;
}
Json optional_number(const std::optional<double>& x) { return x ? Json(*x) : Json(nullptr); }
Json text_or_null(std::string_view s) { return s.data() == nullptr ? Json(nullptr) : Json(std::string(s)); }

Json operations_record(const std::vector<OperationTotals>& operations) {
  Json out = Json::object();
  for (const OperationTotals& o : operations)
    out[o.name] = {{"flop_cost", o.flop_cost},
                   {"calls", o.calls},
                   {"flopscope_backend_time_s", o.backend_s},
                   {"flopscope_overhead_time_s", o.overhead_s}};
  return out;
}

bool is_left_out(const std::string& name) {
  const auto table = queries::left_out_operations();
  return std::ranges::any_of(table, [&](const queries::LeftOut& left) { return left.name == name; });
}

// Catches what a body prints to standard error.
template <class F>
std::string capture_stderr(F&& body) {
  std::fflush(stderr);
  const int saved = dup(2);
  FILE* file = std::tmpfile();
  dup2(fileno(file), 2);
  const auto restore = [&] {
    std::fflush(stderr);
    dup2(saved, 2);
    close(saved);
    std::string text(static_cast<std::size_t>(std::ftell(file) < 0 ? 0 : lseek(fileno(file), 0, SEEK_END)), '\0');
    lseek(fileno(file), 0, SEEK_SET);
    if (read(fileno(file), text.data(), text.size()) != static_cast<ssize_t>(text.size())) text.clear();
    std::fclose(file);
    return text;
  };
  try {
    body();
  } catch (...) {
    restore();
    throw;
  }
  return restore();
}

double number_of(const Json& j) {
  if (j.is_boolean()) return j.get<bool>() ? 1 : 0;
  if (j.is_object() && j.contains("float")) return std::strtod(j.at("float").get<std::string>().c_str(), nullptr);
  if (j.is_object() && j.contains("int")) return std::strtod(j.at("int").get<std::string>().c_str(), nullptr);
  if (!j.is_number()) throw_type_error("flop_budget must be a number");
  return j.get<double>();
}

}  // namespace

Json summary_record(const Summary& s, bool by_namespace) {
  Json out = {{"flop_budget", number(s.flop_budget)},
              {"flops_used", s.flops_used},
              {"flops_remaining", number(s.flops_remaining)}};
  out["operations"] = operations_record(s.operations);
  out["wall_time_s"] = optional_number(s.wall_s);
  out["flopscope_backend_time_s"] = s.backend_s;
  out["flopscope_overhead_time_s"] = s.overhead_s;
  out["residual_wall_time_s"] = optional_number(s.residual_s);
  if (!by_namespace) return out;
  out["by_namespace"] = Json::object();
  for (const NamespaceTotals& n : s.by_namespace)
    out["by_namespace"][n.name.value_or("null")] = {{"flops_used", n.flops_used},
                                                    {"calls", n.calls},
                                                    {"flopscope_backend_time_s", n.backend_s},
                                                    {"flopscope_overhead_time_s", n.overhead_s},
                                                    {"operations", operations_record(n.operations)}};
  return out;
}

const BudgetContext& BudgetWorld::named(const std::string& name) const {
  return name == "default" ? default_context() : *m_contexts.at(name);
}

std::string BudgetWorld::active() const {
  for (const auto& [name, c] : m_contexts)
    if (c.get() == active_context()) return name;
  return "default";
}

std::vector<std::string> BudgetWorld::context_names() const {
  std::vector<std::string> names{"default"};
  for (const auto& [name, c] : m_contexts) names.push_back(name);
  return names;
}

Json BudgetWorld::properties(const std::string& name) const {
  const BudgetContext& c = named(name);
  return {{"flop_budget", number(c.flop_budget())},
          {"flops_used", c.flops_used()},
          {"flops_remaining", number(c.flops_remaining())},
          {"op_log_length", c.op_log().size()},
          {"namespace", text_or_null(c.current_namespace())},
          {"wall_time_limit_s", optional_number(c.wall_time_limit_s())}};
}

Json BudgetWorld::records(const std::string& name, std::size_t first) const {
  const BudgetContext& c = named(name);
  Json out = Json::array();
  for (const OpRecord& r : c.op_log().from(first)) {
    out.push_back(
        {{"op_name", std::string(r.op_name)},
         {"subscripts", text_or_null(r.subscripts)},
         {"shapes", c.shapes(r)},
         {"flop_cost", r.flop_cost},
         {"cumulative", r.cumulative},
         {"namespace", text_or_null(r.name_space)},
         {"flopscope_context_start_offset_s", optional_number(r.start_offset_s)},
         {"flopscope_backend_duration_s", optional_number(r.backend_s)},
         {"flopscope_overhead_duration_s", r.overhead_s},
         {"resolved_dtype", r.resolved_dtype ? Json(std::string(name_of(*r.resolved_dtype))) : Json(nullptr)}});
  }
  return out;
}

// An argument: a value that was kept, or one written out. Throws where nothing was kept under the name.
Value BudgetWorld::argument(const Json& a) {
  if (!a.is_object() || !a.contains("ref")) return m_decoder.value(a);
  const std::string name = a.at("ref").get<std::string>();
  if (m_kept_values.contains(name)) return m_decoder.value(m_kept_values.at(name));
  return m_decoder.keep(m_kept.at(name));
}

// The operation that a step calls; its arguments are put into the operation's order.
std::string operation_of(const Json& what, std::vector<Value>& args) {
  if (what.contains("function")) {
    const std::string name = what.at("function").get<std::string>();
    return name.starts_with("flopscope.") ? name.substr(10) : name;
  }
  if (what.contains("method")) {
    const std::string name = what.at("method").get<std::string>();
    const bool of_generator = args.at(0).is(ValueKind::object);
    return of_generator ? "random.Generator." + name : operation_called("method." + name, args);
  }
  static const std::map<std::string, std::string> k_symbols = {
      {"+", "add"}, {"-", "sub"}, {"*", "mul"}, {"/", "truediv"}, {"@", "matmul"}, {"**", "pow"}, {"<", "lt"}};
  std::string name = what.at("operator").get<std::string>();
  if (name == "getitem") return name;
  if (const auto symbol = k_symbols.find(name); symbol != k_symbols.end()) name = symbol->second;
  return operation_called("operator." + name, args);
}

void BudgetWorld::call(const Json& what, Observation& out) {
  std::vector<Value> args;
  const Json positional = what.value("args", Json::array()), named_args = what.value("kwargs", Json::object());
  for (const Json& a : positional) {
    if (a.is_object() && a.contains("sleeping_function")) {  // a callback of Python's
      out.supported = false;
      return;
    }
    args.push_back(argument(a));
  }
  const std::string name = operation_of(what, args);
  // A method that nobody has is the compiler's to refuse.
  if (is_left_out(name) || (what.contains("method") && Catalogue::instance().find(name) == nullptr)) {
    out.left_out = true;
    return;
  }
  if (Catalogue::instance().find(name) == nullptr)
    throw Error(ErrorKind::attribute_error, "there is no operation '" + name + "'");
  std::deque<std::string> names;
  std::vector<NamedValue> keywords;
  for (const auto& [key, value] : named_args.items()) {
    keywords.push_back({names.emplace_back(key), argument(value)});
  }
  out.value = invoke(name, args, keywords);
  if (what.contains("as")) m_kept[what.at("as").get<std::string>()] = *out.value;
}

void BudgetWorld::with_scope(const Json& what, Observation& out) {
  BudgetContext& c = context(what);
  c.enter();
  for (const Json& inner : what.at("steps")) {
    out.inside.push_back(step(inner));
    if (!out.inside.back().error_class.empty()) {  // ends the scope and passes through
      c.exit();
      out.error_class = out.inside.back().error_class;
      out.error_text = out.inside.back().error_text;
      return;
    }
  }
  c.exit();
}

// An operation is looked up by its name; what the model does not support is not there.
void BudgetWorld::look_up(const std::string& name, Observation& out) {
  out.left_out = is_left_out(name);
  if (out.left_out) return;
  const Operation* op = Catalogue::instance().find(name);
  if (op == nullptr || !active_cost_model().price_of(op->index).supported)
    throw Error(ErrorKind::attribute_error, "flopscope.numpy does not provide '" + name + "'.");
}

// Options that only Python's constructor could be given are not supported here.
void BudgetWorld::make(const Json& what, Observation& out) {
  if (what.contains("flop_multiplier") || what.contains("bogus") || !what.contains("flop_budget")) {
    out.supported = false;
    return;
  }
  BudgetOptions o{
      .flop_budget = number_of(what.at("flop_budget")), .quiet = true, .name_space = {}, .wall_time_limit_s = {}};
  if (what.contains("quiet")) o.quiet = what.at("quiet").is_boolean() && what.at("quiet").get<bool>();
  if (what.contains("namespace") && what.at("namespace").is_string())
    o.name_space = what.at("namespace").get<std::string>();
  if (what.contains("wall_time_limit_s") && !what.at("wall_time_limit_s").is_null()) {
    if (what.at("wall_time_limit_s").is_string()) {
      out.supported = false;
      return;
    }
    o.wall_time_limit_s = number_of(what.at("wall_time_limit_s"));
  }
  m_contexts[what.at("context").get<std::string>()] = std::make_unique<BudgetContext>(std::move(o));
}

// Something made before the steps that use it.
void BudgetWorld::prepare(const Json& what) {
  if (!what.at("value").is_object() || !what.at("value").contains("array")) {
    m_kept_values[what.at("as").get<std::string>()] = what.at("value");
    return;
  }
  m_kept[what.at("as").get<std::string>()] = Result(ref_of(m_decoder.value(what.at("value")).as_array()));
}

void BudgetWorld::act(const Json& what, Observation& out) {
  const std::string act = what.at("act").get<std::string>();
  if (act != "make" && what.contains("context") && !m_contexts.contains(what.at("context").get<std::string>())) {
    out.supported = false;  // it could not be made
    return;
  }
  const bool by_namespace = what.value("by_namespace", false);
  if (act == "make") {
    make(what, out);
  } else if (act == "enter") {
    out.printed = capture_stderr([&] { context(what).enter(); });
  } else if (act == "exit") {
    context(what).exit();
  } else if (act == "with") {
    with_scope(what, out);
  } else if (act == "call" || act == "operator" || act == "method") {
    call(what, out);
  } else if (act == "look_up") {
    look_up(what.at("function").get<std::string>(), out);
  } else if (act == "current_budget") {
    out.data = properties(active());
  } else if (act == "prepare") {
    prepare(what);
  } else if (act == "namespace_open") {
    if (!what.at("segment").is_string()) throw_value_error("namespace segment must be a string");
    current_context().push_namespace(what.at("segment").get<std::string>());
  } else if (act == "namespace_close") {
    current_context().pop_namespace();
  } else if (act == "sleep") {
    std::this_thread::sleep_for(std::chrono::duration<double>(what.at("seconds").get<double>()));
  } else if (act == "summary") {
    out.data = summary_text(summarize(context(what)), by_namespace);
  } else if (act == "summary_dict") {
    out.data = summary_record(summarize(context(what)), by_namespace);
  } else if (act == "op_log") {
    out.data = records(what.at("context").get<std::string>(), 0);
  } else if (act == "budget_summary") {
    out.data = session_summary_text(by_namespace) + "\n";
  } else if (act == "budget_summary_dict") {
    out.data = summary_record(Session::instance().summary(), by_namespace);
  } else if (act == "budget_reset") {
    Session::instance().reset();
  } else if (act == "thread") {
    std::thread([&] {
      for (const Json& inner : what.at("steps")) out.inside.push_back(step(inner));
    }).join();
  } else if (act == "raise") {
    out.error_class = "ParticipantError";
    out.error_text = what.at("message").get<std::string>();
  } else {
    out.supported = false;
  }
}

Observation BudgetWorld::step(const Json& what) {
  Observation out;
  try {
    act(what, out);
  } catch (const Error& e) {
    out.error_class = class_name(e.kind());
    out.error_text = e.what();
  }
  return out;
}

}  // namespace flopscope::replay
