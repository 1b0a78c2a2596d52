// SPDX-License-Identifier: MIT
#include <algorithm>
#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/queries/listing.hpp>

namespace flopscope::queries {

namespace {

bool is_contraction(std::string_view name) {
  const auto table = contraction_operations();
  return std::any_of(table.begin(), table.end(), [&](const Operation& op) { return op.name == name; });
}

}  // namespace

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
    // Contractions are priced by their subscripts, not by a formula.
    const bool contraction = is_contraction(op.name) && price.formula->name == "zero";
    const bool is_free = price.weight == 0 || !price.logged || (price.formula->name == "zero" && !contraction);
    all.push_back({.name = op.name,
                   .standing = !price.supported ? Standing::refused
                               : is_free        ? Standing::free
                                                : Standing::counted,
                   .formula = contraction ? std::string_view("einsum") : price.formula->name,
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
