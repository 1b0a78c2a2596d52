// SPDX-License-Identifier: MIT
// Loads cost models from their embedded data. Data of a model, file by file:
//   model.json      name, description, base (another model whose data this one starts from), weights (false: all 1),
//                   dtype_rates {dtype: rate}, complex_factors (true: on), rules {name: number}
//   weights.json    {operation: [weight or null, complex factor, or "refused": complex data is an error]}
//   <family>.json   {operation: {"formula", "weight", "complex_factor", "logged", "supported"}}, any of them; under
//                   "rules" the rules that only this family asks for
// A formula is a name of prices/, "as <operation>" where the charge goes under another operation's name and price, or
// "refused" where every call ends in an error; "X if <rule> else Y" chooses.
#include <fmt/format.h>

#include <atomic>
#include <limits>
#include <mutex>
#include <nlohmann/json.hpp>
#include <whest/base/embedded.hpp>
#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/core/cost_model.hpp>

namespace whest::base {
extern const std::span<const EmbeddedFile> flopscope_cost_models;
}

namespace flopscope {
namespace {

using nlohmann::json;

struct OpData {
  std::optional<std::string> formula;
  std::optional<double> weight, complex_factor;
  std::optional<bool> logged, supported;
};

// "cost_models/<model>/<file>.json" -> text
std::string_view file_text(std::string_view model, std::string_view file) {
  const std::string path = fmt::format("cost_models/{}/{}", model, file);
  for (const auto& f : whest::base::flopscope_cost_models)
    if (f.name == path) return f.text;
  return {};
}

// Stands for a complex factor that does not exist: no price can be made with it.
constexpr double k_complex_refused = std::numeric_limits<double>::quiet_NaN();

[[noreturn]] void bad_data(std::string_view model, const std::string& what) {
  throw Error(ErrorKind::runtime_error, fmt::format("cost model {}: {}", model, what));
}

}  // namespace

class CostModelLoader {
 public:
  static CostModel load(std::string_view name) {
    CostModelLoader loader;
    loader.read(name);
    loader.m_model.m_name = std::string(name);
    loader.resolve();
    return std::move(loader.m_model);
  }

 private:
  void read(std::string_view name) {
    const json head = json::parse(file_text(name, "model.json"));
    if (head.contains("base")) read(head.at("base").get<std::string>());
    if (head.contains("weights")) m_weighted = head.at("weights").get<bool>();
    if (head.contains("dtype_rates"))
      for (const auto& [dtype, rate] : head.at("dtype_rates").items()) {
        const auto d = dtype_from_name(dtype);
        if (!d) bad_data(name, "unknown dtype " + dtype);
        m_model.m_rates[static_cast<std::size_t>(*d)] = rate.get<double>();
      }
    if (head.contains("complex_factors")) m_model.m_complex_factors = head.at("complex_factors").get<bool>();
    for (const auto& [rule, value] : head.at("rules").items()) m_model.m_rules[rule] = value.get<double>();
    read_weights(json::parse(file_text(name, "weights.json")));
    const std::string prefix = fmt::format("cost_models/{}/", name);
    for (const auto& f : whest::base::flopscope_cost_models)
      if (f.name.starts_with(prefix) && !f.name.ends_with("/model.json") && !f.name.ends_with("/weights.json"))
        read_family(name, json::parse(f.text));
  }

  void read_weights(const json& weights) {
    for (const auto& [op, pair] : weights.items()) {
      if (!pair.at(0).is_null()) m_ops[op].weight = pair.at(0).get<double>();
      if (pair.size() > 1)
        m_ops[op].complex_factor = pair.at(1) == "refused" ? k_complex_refused : pair.at(1).get<double>();
    }
  }

  void read_family(std::string_view model, const json& family) {
    for (const auto& [op, entry] : family.items()) {
      if (op == "rules") {
        for (const auto& [rule, value] : entry.items()) m_model.m_rules[rule] = value.get<double>();
        continue;
      }
      for (const auto& [key, value] : entry.items()) {
        OpData& d = m_ops[op];
        if (key == "formula")
          d.formula = value.get<std::string>();
        else if (key == "weight")
          d.weight = value.get<double>();
        else if (key == "complex_factor")
          d.complex_factor = value.get<double>();
        else if (key == "logged")
          d.logged = value.get<bool>();
        else if (key == "supported")
          d.supported = value.get<bool>();
        else
          bad_data(model, fmt::format("unknown key '{}' of operation '{}'", key, op));
      }
    }
  }

  void resolve() {
    const bool alias_is_canonical = m_model.rule("alias_weight_is_canonical");
    for (const Operation& op : Catalogue::instance().all())
      m_model.m_prices.push_back(price_of(op, alias_is_canonical));
    m_model.m_writes_void_tags = m_model.rule("writes_void_tags");
    m_model.m_prices_dtype_of_loop = m_model.rule("pointwise.dtype_of_loop");
    for (const auto& [name, data] : m_ops)
      if (data.weight) m_model.m_weights[name] = m_weighted ? *data.weight : 1;
    if (alias_is_canonical)
      for (const Operation& op : Catalogue::instance().all())
        if (!op.canonical.empty()) m_model.m_weights.try_emplace(std::string(op.name), m_model.weight_of(op.canonical));
  }

  OpPrice price_of(const Operation& op, bool alias_is_canonical) const {
    OpPrice p;
    OpData d;
    if (const auto at = m_ops.find(op.name); at != m_ops.end()) d = at->second;
    if (!op.canonical.empty())
      if (const auto at = m_ops.find(op.canonical); at != m_ops.end()) {
        if (alias_is_canonical && !d.weight) d.weight = at->second.weight;
        if (!d.complex_factor) d.complex_factor = at->second.complex_factor;
        if (!d.formula) d.formula = at->second.formula;
      }
    set_formula(p, op.name, under_rules(d.formula ? std::string_view(*d.formula) : op.formula));
    p.weight = m_weighted ? d.weight.value_or(1) : 1;
    p.complex_factor = d.complex_factor.value_or(1);
    p.logged = d.logged.value_or(true);
    p.supported = d.supported.value_or(true);
    return p;
  }

  // "X if RULE else Y": what this model has of it.
  std::string_view under_rules(std::string_view formula) const {
    const std::size_t rule = formula.find(" if "), other = formula.find(" else ");
    if (rule == std::string_view::npos || other == std::string_view::npos) return formula;
    return m_model.rule(formula.substr(rule + 4, other - rule - 4)) ? formula.substr(0, rule)
                                                                    : formula.substr(other + 6);
  }

  void set_formula(OpPrice& p, std::string_view op, std::string_view formula) const {
    if (formula.starts_with("as ")) {
      const Operation* other = Catalogue::instance().find(formula.substr(3));
      if (other == nullptr) bad_data(m_model.m_name, fmt::format("operation '{}' is priced '{}'", op, formula));
      p.billed_as = other->name;
    }
    p.refused = formula == "refused";
    p.formula = find_formula(p.refused || !p.billed_as.empty() ? "zero" : formula);
    if (p.formula == nullptr)
      bad_data(m_model.m_name, fmt::format("operation '{}' asks for an unknown formula '{}'", op, formula));
  }

  CostModel m_model;
  std::map<std::string, OpData, std::less<>> m_ops;
  bool m_weighted = true;
};

bool CostModel::rule(std::string_view name) const { return rule_number(name, 0) != 0; }

std::int64_t CostModel::rule_number(std::string_view name, std::int64_t if_absent) const {
  const auto at = m_rules.find(name);
  return at == m_rules.end() ? if_absent : static_cast<std::int64_t>(at->second);
}

double CostModel::weight_of(std::string_view op_name) const {
  const auto at = m_weights.find(op_name);
  return at == m_weights.end() ? 1 : at->second;
}

std::vector<std::string> cost_model_names() {
  std::vector<std::string> names;
  for (const auto& f : whest::base::flopscope_cost_models)
    if (f.name.ends_with("/model.json")) names.emplace_back(f.name.substr(12, f.name.size() - 12 - 11));
  return names;
}

const CostModel& cost_model(std::string_view name) {
  static std::mutex s_mutex;
  static std::map<std::string, CostModel, std::less<>> s_models;
  const std::scoped_lock lock(s_mutex);
  if (const auto at = s_models.find(name); at != s_models.end()) return at->second;
  if (file_text(name, "model.json").empty())
    throw_value_error(fmt::format("unknown cost model '{}'; known: {}", name, fmt::join(cost_model_names(), ", ")));
  return s_models.emplace(std::string(name), CostModelLoader::load(name)).first->second;
}

namespace {
std::atomic<const CostModel*> s_active{nullptr};
}

const CostModel& active_cost_model() {
  if (const CostModel* m = s_active.load(std::memory_order_acquire)) return *m;
  return cost_model("flopscope-0.5");
}

void set_active_cost_model(const CostModel& model) { s_active.store(&model, std::memory_order_release); }

}  // namespace flopscope
