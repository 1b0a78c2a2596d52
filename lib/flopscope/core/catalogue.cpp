// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <whest/flopscope/core/catalogue.hpp>

namespace flopscope {
namespace {

struct Parameter {
  std::string_view name;
  bool variadic = false;
  bool keyword_only = false;
  bool required = true;
};

std::string_view trim(std::string_view s) {
  while (!s.empty() && s.front() == ' ') s.remove_prefix(1);
  while (!s.empty() && s.back() == ' ') s.remove_suffix(1);
  return s;
}

// "a, *xs, axis=None": a variadic parameter makes those after it keyword-only, and so does a lone "*" (not a slot).
std::vector<Parameter> parse_signature(std::string_view text) {
  std::vector<Parameter> out;
  bool keyword_only = false;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    std::string_view part = trim(text.substr(0, comma));
    text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
    if (part == "*") {
      keyword_only = true;
      continue;
    }
    Parameter p{.name = part, .keyword_only = keyword_only};
    if (const std::size_t eq = part.find('='); eq != std::string_view::npos) {
      p.name = trim(part.substr(0, eq));
      p.required = false;
    }
    if (p.name.starts_with('*')) {
      p.name.remove_prefix(1);
      p.variadic = true;
      p.required = false;
      keyword_only = true;
    }
    out.push_back(p);
  }
  return out;
}

}  // namespace

const Catalogue& Catalogue::instance() {
  static const Catalogue k_catalogue;
  return k_catalogue;
}

Catalogue::Catalogue() {
  for (const auto table : {unary_operations(), binary_operations(), reduction_operations(), contraction_operations(),
                           creation_operations(), movement_operations(), indexing_operations(), gather_operations(),
                           sorting_operations(), polynomial_operations(), linalg_operations(), fft_operations(),
                           random_operations(), stats_operations(), symmetry_operations()})
    m_operations.insert(m_operations.end(), table.begin(), table.end());
  for (std::uint32_t i = 0; i < m_operations.size(); ++i) {
    m_operations[i].index = i;
    m_operations[i].arity = static_cast<std::uint32_t>(parse_signature(m_operations[i].signature).size());
    m_by_name.push_back(i);
  }
  std::sort(m_by_name.begin(), m_by_name.end(),
            [&](auto a, auto b) { return m_operations[a].name < m_operations[b].name; });
  const auto twice = std::adjacent_find(m_by_name.begin(), m_by_name.end(),
                                        [&](auto a, auto b) { return m_operations[a].name == m_operations[b].name; });
  if (twice != m_by_name.end())
    throw Error(ErrorKind::runtime_error,
                fmt::format("operation '{}' stands twice in the catalogue", m_operations[*twice].name));
}

const Operation* Catalogue::find(std::string_view name) const {
  const auto at = std::lower_bound(m_by_name.begin(), m_by_name.end(), name,
                                   [&](auto i, std::string_view n) { return m_operations[i].name < n; });
  return at != m_by_name.end() && m_operations[*at].name == name ? &m_operations[*at] : nullptr;
}

namespace {

// NumPy takes a buffer in a tuple of one as well.
void take_out_of_tuple(Value& out) {
  if (out.is(ValueKind::tuple) && out.as_items().size() == 1) out = out.as_items()[0];
}

}  // namespace

BoundArguments bind(const Operation& op, std::span<const Value> positional, std::span<const NamedValue> named) {
  const std::vector<Parameter> parameters = parse_signature(op.signature);
  BoundArguments out;
  out.values.resize(parameters.size());
  std::size_t used = 0;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].variadic) {
      out.variadic.assign(positional.begin() + static_cast<std::ptrdiff_t>(used), positional.end());
      used = positional.size();
      out.values[i] = Value::tuple(out.variadic);
    } else if (!parameters[i].keyword_only && used < positional.size()) {
      out.values[i] = positional[used++];
      if (out.values[i].is(ValueKind::dtype) || out.values[i].is_array()) out.values[i].flags |= k_by_position;
    }
  }
  if (used < positional.size())
    throw_type_error(
        fmt::format("{}() takes {} positional arguments but {} were given", op.name, used, positional.size()));
  for (const NamedValue& n : named) {
    const auto at = std::find_if(parameters.begin(), parameters.end(),
                                 [&](const Parameter& p) { return p.name == n.name && !p.variadic; });
    if (at == parameters.end())
      throw_type_error(fmt::format("{}() got an unexpected keyword argument '{}'", op.name, n.name));
    Value& slot = out.values[static_cast<std::size_t>(at - parameters.begin())];
    if (!slot.is_missing())
      throw_type_error(fmt::format("{}() got multiple values for argument '{}'", op.name, n.name));
    slot = n.value;
  }
  for (std::size_t i = 0; i < parameters.size(); ++i)
    if (parameters[i].name == "out") take_out_of_tuple(out.values[i]);
  for (std::size_t i = 0; i < parameters.size(); ++i)
    if (parameters[i].required && out.values[i].is_missing())
      throw_type_error(fmt::format("{}() missing required argument: '{}'", op.name, parameters[i].name));
  return out;
}

}  // namespace flopscope
