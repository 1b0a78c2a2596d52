// SPDX-License-Identifier: MIT
#include "query_arguments.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <whest/base/parse.hpp>
#include <whest/base/suggest.hpp>
#include <whest/flopscope/core/catalogue.hpp>

namespace whest::app {

namespace {

using base::Expected;
using base::usage_error;

constexpr std::int64_t k_max_size = std::int64_t{1} << 53;  // exact as a double

std::vector<std::string> pieces(const std::string& text, const char* separators) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find_first_of(separators, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

std::vector<std::string> sizes_of(const std::string& shape) {
  std::vector<std::string> sizes = pieces(shape, "x,");
  if (sizes.size() > 1 && sizes.back().empty()) sizes.pop_back();  // "256x" is one size
  return sizes;
}

Expected<void> check_one_of(const std::string& what, const std::string& text, const std::vector<std::string>& choices) {
  if (std::find(choices.begin(), choices.end(), text) != choices.end()) return {};
  return usage_error(fmt::format("{} must be one of {}, got '{}'.{}", what, fmt::join(choices, ", "), text,
                                 base::did_you_mean(text, choices)));
}

Expected<void> check_size(const std::string& what, const std::string& text) {
  const auto size = base::parse_integer(what, text, 0, k_max_size);
  if (!size) return std::unexpected(size.error());
  return {};
}

Expected<void> check_operation(const std::string& what, const std::string& name, const flopscope::CostModel& model) {
  const flopscope::Operation* operation = flopscope::Catalogue::instance().find(name);
  if (operation == nullptr) {
    std::vector<std::string> known;
    for (const flopscope::Operation& one : flopscope::Catalogue::instance().all()) known.emplace_back(one.name);
    return usage_error(fmt::format("{} must be an operation of 'whest flops --list', got '{}'.{}", what, name,
                                   base::did_you_mean(name, known)));
  }
  if (!model.price_of(operation->index).supported)
    return usage_error(fmt::format("{} '{}' is not supported under {}.", what, name, model.name()));
  return {};
}

// The norms of a matrix have names and few numbers; those of a vector any finite number.
Expected<void> check_order(const std::string& what, const std::string& text, bool of_vector) {
  if (text == "inf" || text == "-inf" || text == "none") return {};
  if (!of_vector) return check_one_of(what, text, {"1", "-1", "2", "-2", "inf", "-inf", "fro", "nuc", "none"});
  const std::string magnitude = text.starts_with("-") ? text.substr(1) : text;
  const auto order = base::parse_real(what, magnitude, base::Bound::non_negative);
  if (order) return {};
  return usage_error(fmt::format("{} must be a finite number, inf, -inf or none, got '{}'.", what, text));
}

std::string what_is(std::string_view query, std::string_view name) { return fmt::format("{} of {}", name, query); }

// One argument by the name of its parameter.
Expected<void> check_alone(std::string_view query, const std::string& name, std::string& text,
                           const flopscope::CostModel& model) {
  const std::string what = what_is(query, name);
  if (name == "op_name") return check_operation(what, text, model);
  if (name == "mode") return check_one_of(what, text, {"reduced", "complete", "r", "raw"});
  if (name == "symmetric" || name == "with_vectors" || name == "full_matrices")
    return check_one_of(what, text, {"true", "false"});
  if (name == "axis" || name == "ord" || name == "p" || name == "ind") return {};  // together with the shape
  if (name.ends_with("shape")) {
    auto shape = checked_shape(what, text);
    if (!shape) return std::unexpected(shape.error());
    text = *shape;
    return {};
  }
  if (name == "k" && query == "matrix_power") {
    const auto power = base::parse_integer(what, text, -k_max_size, k_max_size);
    if (!power) return std::unexpected(power.error());
    return {};
  }
  return check_size(what, text);
}

Expected<void> check_axes(std::string_view query, QueryArguments& arguments) {
  const auto axis = arguments.find("axis");
  if (axis == arguments.end() || axis->second == "none") return {};
  const auto rank = static_cast<std::int64_t>(sizes_of(arguments.at("input_shape")).size());
  std::set<std::int64_t> seen;
  for (const std::string& one : sizes_of(axis->second)) {
    const auto value = base::parse_integer(what_is(query, "axis"), one, -rank, rank - 1);
    if (!value) return std::unexpected(value.error());
    if (!seen.insert(*value < 0 ? *value + rank : *value).second)
      return usage_error(fmt::format("{} names {} twice, in '{}'.", what_is(query, "axis"), one, axis->second));
  }
  std::replace(axis->second.begin(), axis->second.end(), ',', 'x');
  return {};
}

Expected<void> check_orders(std::string_view query, const QueryArguments& arguments) {
  if (const auto p = arguments.find("p"); p != arguments.end())
    return check_order(what_is(query, "p"), p->second, false);
  const auto order = arguments.find("ord");
  if (order == arguments.end()) return {};
  const bool of_vector = !query.ends_with("matrix_norm") && sizes_of(arguments.at("shape")).size() == 1;
  return check_order(what_is(query, "ord"), order->second, of_vector || query.ends_with("vector_norm"));
}

// A matrix where one is needed; first axes that the array has.
Expected<void> check_ranks(std::string_view query, const QueryArguments& arguments) {
  if (query == "matrix_norm" && sizes_of(arguments.at("shape")).size() < 2)
    return usage_error(fmt::format("shape of {} must have two sizes or more.", query));
  const auto ind = arguments.find("ind");
  if (ind == arguments.end() || ind->second == "none") return {};
  const auto rank = static_cast<std::int64_t>(sizes_of(arguments.at("a_shape")).size());
  const auto count = base::parse_integer(what_is(query, "ind"), ind->second, 1, rank);
  if (!count) return std::unexpected(count.error());
  return {};
}

// Singular values wanted: no more than there are.
Expected<void> check_singular_values(std::string_view query, const QueryArguments& arguments) {
  const auto k = arguments.find("k");
  if (k == arguments.end() || query == "matrix_power" || !arguments.contains("m")) return {};
  const auto m = base::parse_integer("m", arguments.at("m"), 0), n = base::parse_integer("n", arguments.at("n"), 0);
  const auto rank = base::parse_integer(what_is(query, "k"), k->second, 1, std::min(*m, *n));
  if (!rank) return std::unexpected(rank.error());
  return {};
}

}  // namespace

Expected<std::string> checked_shape(const std::string& what, const std::string& text) {
  const std::vector<std::string> sizes = sizes_of(text);
  for (const std::string& size : sizes) {
    const bool digits = !size.empty() && size.find_first_not_of("0123456789-") == std::string::npos;
    if (!digits)
      return usage_error(fmt::format("{} must be whole sizes joined by x, such as 256x256, got '{}'.", what, text));
    if (auto ok = check_size(fmt::format("a size in the {} '{}'", what, text), size); !ok)
      return std::unexpected(ok.error());
  }
  return fmt::format("{}{}", fmt::join(sizes, "x"), sizes.size() == 1 ? "x" : "");
}

Expected<void> check_query_arguments(std::string_view query, QueryArguments& arguments,
                                     const flopscope::CostModel& model) {
  for (auto& [name, text] : arguments) {
    if (auto ok = check_alone(query, name, text, model); !ok) return ok;
  }
  if (auto ok = check_axes(query, arguments); !ok) return ok;
  if (auto ok = check_orders(query, arguments); !ok) return ok;
  if (auto ok = check_ranks(query, arguments); !ok) return ok;
  return check_singular_values(query, arguments);
}

}  // namespace whest::app
