// SPDX-License-Identifier: MIT
#include <algorithm>
#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/queries/listing.hpp>

namespace flopscope::queries {

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
    const bool is_free = price.weight == 0 || !price.logged || price.formula->name == "zero";
    all.push_back({.name = op.name,
                   .standing = !price.supported ? Standing::refused
                               : is_free        ? Standing::free
                                                : Standing::counted,
                   .formula = price.formula->name,
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
