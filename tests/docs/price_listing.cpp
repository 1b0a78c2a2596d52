// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/core/cost_model.hpp>

#include "docs.hpp"

namespace docs {
namespace {

constexpr const char* k_models[] = {"flopscope-0.5", "flopscope-0.9", "flopscope-0.12", "fma1"};

constexpr const char* k_head = R"(# Prices of every operation

Written by `whest_price_listing` from the cost models (`lib/flopscope/cost_models/`); a test compares. A cell names the
formula, which `lib/flopscope/prices/` defines and explains under that name, then the weight where it is not 1, then the
factor for complex operands where the model has one and it is not 1. *unlogged*: neither charged, logged nor timed.
*refused*: the model does not have the operation, or every call of it is an error. *as* another operation: charged and
logged as that one. `einsum`: counted from subscripts, tags and identity (`docs/flopscope.md`). Operations priced alike
share a row.

| operations | 0.5 | 0.9 | 0.12 | fma1 |
|---|---|---|---|---|
)";

std::string cell(const flopscope::CostModel& model, const flopscope::OpPrice& price) {
  if (!price.supported || price.refused) return "*refused*";
  if (!price.logged) return "*unlogged*";
  if (!price.billed_as.empty()) return fmt::format("as `{}`", price.billed_as);
  std::string text = fmt::format("`{}`", price.formula->name);
  if (price.weight != 1) text += fmt::format(" x {}", price.weight);
  if (!model.has_complex_factors()) return text;
  if (std::isnan(price.complex_factor)) return text + ", no complex";
  if (price.complex_factor != 1) text += fmt::format(", complex x {}", price.complex_factor);
  return text;
}

}  // namespace

std::string price_listing() {
  std::map<std::string, std::vector<std::string>> names_by_cells;
  for (const flopscope::Operation& op : flopscope::Catalogue::instance().all()) {
    std::vector<std::string> cells;
    for (const char* name : k_models) {
      const flopscope::CostModel& model = flopscope::cost_model(name);
      cells.push_back(cell(model, model.price_of(op.index)));
    }
    names_by_cells[fmt::format("{}", fmt::join(cells, " | "))].push_back(fmt::format("`{}`", op.name));
  }
  std::map<std::string, std::string> rows;  // by the first name
  for (auto& [cells, names] : names_by_cells) {
    std::sort(names.begin(), names.end());
    rows[names.front()] = fmt::format("| {} | {} |\n", fmt::join(names, " "), cells);
  }
  std::string text = k_head;
  for (const auto& [name, row] : rows) text += row;
  return text;
}

}  // namespace docs
