// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/queries/listing.hpp>

namespace flopscope::queries {

namespace {

bool costs_nothing(const OpPrice& price) { return price.weight == 0 || !price.logged || price.formula->name == "zero"; }

}  // namespace

Standing standing_of(const CostModel& model, const OpPrice& price) {
  if (!price.supported || price.refused) return Standing::refused;
  const Operation* other = Catalogue::instance().find(price.billed_as);
  return costs_nothing(other != nullptr ? model.price_of(other->index) : price) ? Standing::free : Standing::counted;
}

std::string formula_text(const OpPrice& price) {
  return price.billed_as.empty() ? std::string(price.formula->name) : fmt::format("as {}", price.billed_as);
}

std::string_view name_of(Standing standing) {
  switch (standing) {
    case Standing::counted:
      return "counted";
    case Standing::free:
      return "free";
    case Standing::refused:
      return "refused";
    case Standing::not_provided:
      break;
  }
  return "not provided";
}

std::vector<ListedOperation> list_operations(const CostModel& model) {
  const Catalogue& catalogue = Catalogue::instance();
  std::vector<ListedOperation> all;
  for (const Operation& op : catalogue.all()) {
    const OpPrice& price = model.price_of(op.index);
    all.push_back({.name = op.name,
                   .standing = standing_of(model, price),
                   .formula = formula_text(price),
                   .weight = price.weight,
                   .complex_factor = price.complex_factor,
                   .reason = {}});
  }
  for (const LeftOut& left : left_out_operations())
    if (catalogue.find(left.name) == nullptr)
      all.push_back({.name = left.name, .standing = Standing::not_provided, .formula = {}, .reason = left.reason});
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return all;
}

}  // namespace flopscope::queries
