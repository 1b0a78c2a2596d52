// SPDX-License-Identifier: MIT
#include "query_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <whest/base/suggest.hpp>
#include <whest/flopscope/queries/query.hpp>

namespace whest::app {

namespace {

constexpr std::array k_options = {
    QueryOption{"k", "singular values wanted (svd), the power (matrix_power)"},
    QueryOption{"axis", "axis of a reduction"},
    QueryOption{"nrhs", "right-hand sides (solve)"},
    QueryOption{"b-cols", "columns of the right-hand side (lstsq)"},
    QueryOption{"b-ndim", "dimensions of the right-hand side (lstsq)"},
    QueryOption{"p", "order of the norm (cond)"},
    QueryOption{"ord", "order of a norm: a number, fro, nuc, inf"},
    QueryOption{"ind", "number of first axes (tensorinv)"},
    QueryOption{"ncols", "columns fitted at once (polyfit)"},
    QueryOption{"mode", "reduced, complete, r, raw (qr)"},
    QueryOption{"symmetric", "true or false (inv, det, slogdet, solve)"},
    QueryOption{"with-vectors", "true or false (svd)"},
    QueryOption{"full-matrices", "true or false (svd)"},
};

// Behind these names and their first argument nothing but shapes can stand.
bool only_shapes_follow(std::string_view query) {
  return query == "pointwise" || query == "reduction" || query == "einsum";
}

std::string as_shape(std::string word, bool lone_size_too) {
  if (word.find_first_not_of("0123456789x,") != std::string::npos) return word;
  const bool lone = word.find_first_of("x,") == std::string::npos;
  if (lone) return lone_size_too ? word + "x" : word;
  std::replace(word.begin(), word.end(), ',', 'x');
  return word;
}

}  // namespace

std::span<const QueryOption> query_options() { return k_options; }

base::Expected<std::vector<std::string>> query_words(const std::vector<std::string>& words,
                                                     const std::map<std::string, std::string>& named) {
  std::vector<std::string> known;
  for (const std::string_view function : flopscope::queries::names()) {
    known.emplace_back(function.substr(0, function.rfind("_cost")));
  }
  const std::string& name = words.front();
  const bool beside_operations = name.find('.') != std::string::npos;  // numpy.linalg.inv: the library knows
  if (!beside_operations && std::find(known.begin(), known.end(), name) == known.end()) {
    return base::usage_error(
        fmt::format("unknown query '{}'; 'whest flops --list' names them.{}", name, base::did_you_mean(name, known)));
  }
  std::vector<std::string> query = {name};
  for (std::size_t i = 1; i < words.size(); ++i) {
    query.push_back(as_shape(words[i], only_shapes_follow(name) && i > 1));
  }
  for (const auto& [option, text] : named) {
    if (text.empty()) continue;
    std::string argument = option;
    std::replace(argument.begin(), argument.end(), '-', '_');
    query.push_back(argument + "=" + text);
  }
  return query;
}

}  // namespace whest::app
