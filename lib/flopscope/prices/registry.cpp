// SPDX-License-Identifier: MIT
// Formulas by name, over all families.
#include <fmt/format.h>

#include <map>
#include <whest/flopscope/core/errors.hpp>
#include <whest/flopscope/core/price.hpp>

namespace flopscope {

const Formula* find_formula(std::string_view name) {
  static const auto k_by_name = [] {
    std::map<std::string_view, const Formula*> map;
    for (const auto table : {pointwise_formulas(), reduction_formulas(), contraction_formulas(), creation_formulas(),
                             movement_formulas(), gather_formulas(), sorting_formulas(), polynomial_formulas(),
                             linalg_formulas(), fft_formulas(), random_formulas(), stats_formulas()})
      for (const Formula& f : table)
        if (!map.emplace(f.name, &f).second)
          throw Error(ErrorKind::runtime_error, fmt::format("formula '{}' is defined twice", f.name));
    return map;
  }();
  const auto at = k_by_name.find(name);
  return at == k_by_name.end() ? nullptr : at->second;
}

}  // namespace flopscope
