// SPDX-License-Identifier: MIT
#include "arguments.hpp"

#include <algorithm>
#include <set>
#include <whest/flopscope/core/errors.hpp>

namespace flopscope::replay {
namespace {

// Names of parameters behind the first one that say how to work, on whatever data.
bool is_setting(std::string_view name) {
  static const std::set<std::string_view> k_names = {
      "UPLO",       "axes",   "axis",   "axis1",         "axis2",      "axisa",    "axisb",    "axisc",
      "bins",       "bias",   "cov",    "casting",       "compute_uv", "ddof",     "deg",      "dtype",
      "edge_order", "full",   "ind",    "full_matrices", "hermitian",  "indexing", "k",        "keepdims",
      "kind",       "kth",    "m",      "mode",          "norm",       "offset",   "optimize", "ord",
      "order",      "out",    "p",      "rcond",         "rtol",       "rowvar",   "s",        "shape",
      "size",       "sparse", "stable", "subscripts",    "tol",        "upper",    "where"};
  return k_names.contains(name);
}

// "a, *, axis=None" has a and axis.
std::vector<std::string_view> parameter_names(std::string_view signature) {
  std::vector<std::string_view> names;
  for (std::size_t begin = 0; begin <= signature.size();) {
    const std::size_t end = std::min(signature.find(", ", begin), signature.size());
    std::string_view name = signature.substr(begin, end - begin);
    begin = end + 2;
    if (name == "*") continue;
    if (name.starts_with('*')) name.remove_prefix(1);
    names.push_back(name.substr(0, name.find('=')));
  }
  return names;
}

bool holds_numbers_only(const Value& v) {
  return v.is_sequence() ? std::ranges::all_of(v.as_items(), holds_numbers_only) : v.is_scalar();
}

bool is_data(const Operation& op, std::size_t place, std::string_view name) {
  if (place == 0) return true;
  if (op.name == "linalg.matrix_power" || op.name.starts_with("fft.")) return false;  // n: a power, a length
  return !is_setting(name);
}

}  // namespace

Value CallArguments::with_arrays(const Value& v) {
  if (!v.is_sequence() || v.as_items().empty()) return v;
  if (!holds_numbers_only(v)) {  // several operands, arrays among them
    std::vector<Value> items;
    for (const Value& item : v.as_items()) items.push_back(with_arrays(item));
    return Value::tuple(m_items.emplace_back(std::move(items)));
  }
  try {
    return m_arrays.emplace_back(to_array(v));
  } catch (const Error&) {
    return v;  // lists of several lengths
  }
}

CallArguments::CallArguments(const std::string& op, std::span<const Value> positional,
                             std::span<const NamedValue> named)
    : m_all(positional.begin(), positional.end()), m_data(m_all) {
  const Operation* operation = Catalogue::instance().find(op);
  if (operation == nullptr) return;
  try {
    m_bound = bind(*operation, positional, named);
  } catch (const Error&) {
    return;
  }
  m_all = m_bound.values;
  const std::vector<std::string_view> names = parameter_names(operation->signature);
  for (std::size_t i = 0; i < names.size() && i < m_all.size(); ++i)
    if (is_data(*operation, i, names[i])) m_all[i] = with_arrays(m_all[i]);
  m_data = m_all;
  for (std::size_t i = 0; i < names.size() && i < m_data.size(); ++i)
    if (!is_data(*operation, i, names[i])) m_data[i] = Value();
}

}  // namespace flopscope::replay
