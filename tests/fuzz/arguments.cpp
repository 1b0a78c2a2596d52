// SPDX-License-Identifier: MIT
#include "arguments.hpp"

#include <algorithm>

#include "sensible.hpp"

namespace whest::fuzz {
namespace {

struct Parameter {
  std::string_view name;
  bool optional = false, variadic = false, by_name = false;
};

std::vector<Parameter> parameters_of(std::string_view signature) {
  std::vector<Parameter> all;
  bool by_name = false;
  for (std::size_t at = 0; at < signature.size();) {
    const std::size_t end = std::min(signature.find(',', at), signature.size());
    std::string_view text = signature.substr(at, end - at);
    at = end + 1;
    while (text.starts_with(' ')) text.remove_prefix(1);
    Parameter p{.name = text.substr(0, text.find('=')), .by_name = by_name};
    p.optional = p.name.size() != text.size();
    by_name = by_name || p.name.starts_with("*");
    if (p.name == "*") continue;
    if (p.name.starts_with("*")) {
      p.name.remove_prefix(1);
      p.variadic = true;
    }
    all.push_back(p);
  }
  return all;
}

}  // namespace

bool leaves_the_process(std::string_view name) {
  for (const std::string_view word : {"load", "save", "fromfile", "tofile", "loadtxt", "genfromtxt", "dump"})
    if (name.find(word) != std::string_view::npos) return true;
  return false;
}

void Arguments::draw(const flopscope::Operation& op) {
  if (m_random.one_in(5)) {
    draw_anything(op.signature);
  } else {
    draw_sensible(op);
  }
}

void Arguments::draw_sensible(const flopscope::Operation& op) {
  Sensible sensible(m_values, op);
  const auto together = sensible.together();
  if (together) positional = *together;
  bool by_place = !together;
  for (const Parameter& p : parameters_of(op.signature)) {
    if (together && !p.by_name) continue;  // the subscripts and their operands
    if (p.variadic) {
      for (std::int64_t n = m_random.between(1, 3); n > 0; --n)
        if (const auto v = sensible.value(p.name, true)) positional.push_back(*v);
      continue;
    }
    std::optional<Value> v;
    if (!p.optional || p.name == "seed" || sensible.wants(p.name) || m_random.one_in(5))
      v = sensible.value(p.name, p.optional);
    by_place = by_place && !p.by_name && v && (!p.optional || sensible.wants(p.name));
    if (v && by_place) {
      positional.push_back(*v);
    } else if (v) {
      named.push_back({p.name, *v});
    }
  }
}

void Arguments::draw_anything(std::string_view signature) {
  bool by_place = true;
  for (const Parameter& p : parameters_of(signature)) {
    const bool optional = p.optional && p.name != "seed";
    if (p.variadic) {
      for (std::int64_t n = m_random.below(4); n > 0; --n) positional.push_back(for_name(p.name));
      by_place = false;
    } else if (by_place && !p.by_name && (!optional || m_random.one_in(6))) {
      positional.push_back(for_name(p.name));
    } else {
      by_place = false;
      if (!optional || m_random.one_in(4)) named.push_back({p.name, for_name(p.name)});
    }
  }
  if (m_random.one_in(30)) positional.push_back(for_name(""));
  if (m_random.one_in(30) && !positional.empty()) positional.pop_back();
}

Value Arguments::for_name(std::string_view name) {
  const auto is = [&](std::initializer_list<std::string_view> names) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  // Never the system's entropy: a run can be repeated.
  if (name == "seed") return Value::integer(m_random.below(1000));
  if (m_random.one_in(12)) return m_values.anything();
  if (is({"axis", "axis1", "axis2", "axisa", "axisb", "axisc", "axes", "source", "destination"}))
    return m_values.integers();
  if (is({"shape", "size", "newshape", "reps", "repeats", "shift", "pad_width"})) return m_values.integers();
  if (is({"n", "k", "m", "deg", "ddof", "N", "M", "decimals", "minlength", "offset", "bins", "num"}))
    return m_values.integer();
  if (name == "dtype") return m_values.dtype();
  if (is({"keepdims", "full_matrices", "hermitian", "copy", "density", "endpoint", "replace", "full"}))
    return Value::boolean(m_random.one_in(2));
  if (is({"mode", "order", "method", "ord", "norm", "kind", "side", "UPLO", "casting", "indexing", "optimize"}))
    return m_random.one_in(4) ? m_values.anything() : m_values.word();
  if (name == "subscripts") return m_values.subscripts();
  if (is({"symmetry", "group"})) return m_values.group();
  if (is({"arrays", "choices", "condlist", "choicelist", "operands", "seq", "tup"})) return m_values.sequence();
  if (m_random.one_in(4)) return m_values.number();
  if (m_random.one_in(4)) return m_values.earlier();
  return m_values.array();
}

}  // namespace whest::fuzz
