// SPDX-License-Identifier: MIT
#include "query_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <whest/base/suggest.hpp>
#include <whest/flopscope/queries/query.hpp>

#include "query_arguments.hpp"

namespace whest::app {

namespace {

constexpr std::array k_options = {
    QueryOption{"k", "singular values wanted (svd), the power (matrix_power)"},
    QueryOption{"axis", "axis of a reduction, or axes: 0,1"},
    QueryOption{"nrhs", "right-hand sides (solve)"},
    QueryOption{"b-cols", "columns of the right-hand side (lstsq)"},
    QueryOption{"b-ndim", "dimensions of the right-hand side (lstsq)"},
    QueryOption{"p", "order of the norm (cond): 1, -1, 2, -2, inf, -inf, fro, nuc"},
    QueryOption{"ord", "order of a norm: a number, inf, -inf, fro, nuc"},
    QueryOption{"ind", "number of first axes (tensorinv; tensorsolve under flopscope-0.5)"},
    QueryOption{"ncols", "columns fitted at once (polyfit, from flopscope-0.9 on)"},
    QueryOption{"mode", "reduced, complete, r, raw (qr, from flopscope-0.9 on)"},
    QueryOption{"symmetric", "true or false (inv, det, slogdet, solve)"},
    QueryOption{"with-vectors", "true or false (svd, from flopscope-0.9 on)"},
    QueryOption{"full-matrices", "true or false (svd, from flopscope-0.9 on)"},
};

// A parameter of a query, from its signature.
struct Parameter {
  std::string name;
  bool required = true;
  bool by_name_only = false;
};

// "m, n, k=None, *, with_vectors=False" without the parameters that take groups and objects, which nobody can type.
std::vector<Parameter> parameters_of(std::string_view signature) {
  std::vector<Parameter> parameters;
  bool by_name_only = false;
  while (!signature.empty()) {
    const std::size_t comma = std::min(signature.find(", "), signature.size());
    const std::string_view part = signature.substr(0, comma);
    signature.remove_prefix(std::min(comma + 2, signature.size()));
    const std::string name(part.substr(0, part.find('=')));
    if (name == "*") by_name_only = true;
    if (name == "*" || name == "symmetry" || name == "operand_symmetries" || name == "identity_pattern") continue;
    parameters.push_back({name, part.find('=') == std::string_view::npos, by_name_only});
  }
  return parameters;
}

// Words of one query, sorted into its parameters.
class Query {
 public:
  Query(std::string function, const std::vector<std::string>& words, const std::map<std::string, std::string>& named,
        const flopscope::CostModel& model, std::string_view signature)
      : m_function(std::move(function)), m_model(model), m_parameters(parameters_of(signature)) {
    m_name = m_function.substr(0, m_function.rfind("_cost"));
    for (std::size_t i = 1; i < words.size(); ++i) {
      const std::size_t equals = words[i].find('=');
      const bool is_named = equals != std::string::npos && equals > 0 && words[i].find("->") == std::string::npos;
      if (is_named) {
        m_named.emplace_back(words[i].substr(0, equals), words[i].substr(equals + 1));
      } else {
        m_plain.push_back(words[i]);
      }
    }
    for (const auto& [option, text] : named) {
      if (text.empty()) continue;
      std::string argument = option;
      std::replace(argument.begin(), argument.end(), '-', '_');
      m_named.emplace_back(argument, text);
    }
  }

  base::Expected<std::vector<std::string>> words() {
    const std::string kind = m_name.substr(m_name.rfind('.') + 1);
    if (kind == "einsum") return with_shapes(1);
    if (kind == "multi_dot") return with_shapes(0);
    if (auto ok = bind(kind == "pointwise" || kind == "reduction"); !ok) return std::unexpected(ok.error());
    if (auto ok = check_query_arguments(kind, m_arguments, m_model); !ok) return std::unexpected(ok.error());
    std::vector<std::string> all = {m_function};
    for (const Parameter& parameter : m_parameters) {
      const auto given = m_arguments.find(parameter.name);
      if (given != m_arguments.end()) all.push_back(parameter.name + "=" + given->second);
    }
    return all;
  }

 private:
  std::string takes() const {
    std::vector<std::string> names;
    for (const Parameter& parameter : m_parameters) names.push_back(parameter.name);
    return fmt::format("{} under {} takes {}", m_name, m_model.name(), fmt::join(names, ", "));
  }

  // `shape_behind_name`: the second word is the shape, though the library takes it by name only.
  base::Expected<void> bind(bool shape_behind_name) {
    for (std::size_t i = 0; i < m_plain.size(); ++i) {
      const bool fits = i < m_parameters.size() && (!m_parameters[i].by_name_only || (shape_behind_name && i == 1));
      if (!fits) return base::usage_error(fmt::format("'{}' is one argument too many: {}.", m_plain[i], takes()));
      m_arguments.emplace(m_parameters[i].name, m_plain[i]);
    }
    for (const auto& [name, text] : m_named) {
      const bool known = std::any_of(m_parameters.begin(), m_parameters.end(),
                                     [&](const Parameter& parameter) { return parameter.name == name; });
      if (!known) return base::usage_error(fmt::format("there is no argument '{}': {}.", name, takes()));
      if (!m_arguments.emplace(name, text).second)
        return base::usage_error(fmt::format("{} of {} is given twice.", name, m_name));
    }
    for (const Parameter& parameter : m_parameters) {
      if (parameter.required && !m_arguments.contains(parameter.name))
        return base::usage_error(fmt::format("{} is missing: {}.", parameter.name, takes()));
    }
    return {};
  }

  // einsum and multi_dot: shapes to the end, behind `first` words that are none.
  base::Expected<std::vector<std::string>> with_shapes(std::size_t first) const {
    if (!m_named.empty())
      return base::usage_error(fmt::format("there is no argument '{}': {}.", m_named.front().first, takes()));
    std::vector<std::string> all = {m_function};
    for (std::size_t i = 0; i < m_plain.size(); ++i) {
      if (i < first) {
        all.push_back(m_plain[i]);
        continue;
      }
      const auto shape = checked_shape(fmt::format("shape {} of {}", i - first + 1, m_name), m_plain[i]);
      if (!shape) return std::unexpected(shape.error());
      all.push_back(*shape);
    }
    if (all.size() < first + 2) return base::usage_error(fmt::format("shapes are missing: {}.", takes()));
    if (first == 0) {
      if (auto ok = check_chain(all); !ok) return std::unexpected(ok.error());
    }
    return all;
  }

  // Matrices to be multiplied one after the other; a vector may stand at either end.
  base::Expected<void> check_chain(const std::vector<std::string>& words) const {
    if (words.size() < 3) return base::usage_error(fmt::format("{} needs two shapes or more.", m_name));
    for (std::size_t i = 1; i < words.size(); ++i) {
      const auto rank = std::count(words[i].begin(), words[i].end(), 'x') + (words[i].ends_with('x') ? 0 : 1);
      const bool at_end = i == 1 || i + 1 == words.size();
      if (rank != 2 && !(rank == 1 && at_end))
        return base::usage_error(fmt::format("{}: '{}' is no matrix.", m_name, words[i]));
      if (i == 1) continue;
      const std::string& before = words[i - 1];
      const std::string last =
          before.ends_with('x') ? before.substr(0, before.size() - 1) : before.substr(before.find('x') + 1);
      const std::string first = words[i].substr(0, words[i].find('x'));
      if (last != first)
        return base::usage_error(fmt::format("{}: '{}' and '{}' do not fit together.", m_name, before, words[i]));
    }
    return {};
  }

  std::string m_function, m_name;
  const flopscope::CostModel& m_model;
  std::vector<Parameter> m_parameters;
  std::vector<std::string> m_plain;
  std::vector<std::pair<std::string, std::string>> m_named;
  QueryArguments m_arguments;
};

}  // namespace

std::span<const QueryOption> query_options() { return k_options; }

base::Expected<std::vector<std::string>> query_words(const std::vector<std::string>& words,
                                                     const std::map<std::string, std::string>& named,
                                                     const flopscope::CostModel& model) {
  const std::string& name = words.front();
  const std::string function = name.ends_with("_cost") ? name : name + "_cost";
  const auto signature = flopscope::queries::signature(function, model);
  if (!signature) {
    std::vector<std::string> known;
    for (const std::string_view one : flopscope::queries::names())
      known.emplace_back(one.substr(0, one.rfind("_cost")));
    return base::usage_error(fmt::format("unknown query '{}' under {}; 'whest flops --list' names them.{}", name,
                                         model.name(), base::did_you_mean(name, known)));
  }
  return Query(function, words, named, model, *signature).words();
}

}  // namespace whest::app
