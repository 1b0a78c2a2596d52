// SPDX-License-Identifier: MIT
// A cost model: which formula, weight and factors price each operation, and the rules in which the versions differ. All
// of it is data (lib/flopscope/cost_models/<name>/*.json, embedded); the formulas themselves are in prices/.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <whest/flopscope/core/dtype.hpp>
#include <whest/flopscope/core/price.hpp>

namespace flopscope {

struct OpPrice {
  const Formula* formula = nullptr;
  double weight = 1;
  double complex_factor = 1;
  bool logged = true;               // false: the model neither logs nor times it, and it is never charged
  bool supported = true;            // false: refused with UnsupportedFunctionError under this model
  bool refused = false;             // every call of it ends in an error of its own
  std::string_view billed_as = {};  // what it costs is charged under that operation's name and price
};

class CostModel {
 public:
  const std::string& name() const { return m_name; }
  // Prices by catalogue index (Operation::index).
  const OpPrice& price_of(std::uint32_t operation_index) const { return m_prices[operation_index]; }
  // dtype_rate of the resolved dtype; 1 where the model has no rates.
  double dtype_rate(DType dtype) const { return m_rates[static_cast<std::size_t>(dtype)]; }
  bool has_complex_factors() const { return m_complex_factors; }
  // A named rule in which versions differ ("writes_void_tags", "einsum.clamp_negative", ...); false when the model's
  // data does not name it. Resolve once (at load or first use), not on the hot path.
  bool rule(std::string_view name) const;
  std::int64_t rule_number(std::string_view name, std::int64_t if_absent) const;
  // Rules of the hot path, resolved at load: what every write asks for, and every elementwise function where dtypes
  // have rates.
  bool writes_void_tags() const { return m_writes_void_tags; }
  bool prices_dtype_of_loop() const { return m_prices_dtype_of_loop; }
  // Weight of a name as cost queries use it: 1 for unknown names.
  double weight_of(std::string_view op_name) const;
  bool states_weight_of(std::string_view op_name) const { return m_weights.find(op_name) != m_weights.end(); }

 private:
  friend class CostModelLoader;
  std::string m_name;
  std::vector<OpPrice> m_prices;
  double m_rates[k_dtype_count] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
  bool m_complex_factors = false;
  bool m_writes_void_tags = false;
  bool m_prices_dtype_of_loop = false;
  std::map<std::string, double, std::less<>> m_rules;
  std::map<std::string, double, std::less<>> m_weights;
};

// Loaded on first use; throws flopscope::Error(value_error) naming the known models when there is none of that name.
const CostModel& cost_model(std::string_view name);
std::vector<std::string> cost_model_names();

// The model that contexts opened from now on charge under (process-wide; default "flopscope-0.5").
const CostModel& active_cost_model();
void set_active_cost_model(const CostModel& model);

}  // namespace flopscope
