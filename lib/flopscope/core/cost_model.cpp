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

#include <algorithm>
#include <atomic>
#include <limits>
#include <mutex>
#include <nlohmann/json.hpp>
#include <utility>
#include <whest/base/embedded.hpp>
#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/core/cost_model_data.hpp>
#include <whest/flopscope/queries/listing.hpp>

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

// The rules that the library's code asks for.
constexpr std::string_view k_rules[] = {
    "alias_weight_is_canonical",
    "arrays_can_be_assigned_to",
    "astype.returns_itself",
    "bills_weak_scalars_as_arrays",
    "clip.counts_positional_out",
    "clip.logs_its_result",
    "diff.counts_padding",
    "einsum.empty_is_free",
    "einsum.long_paths_shown_greedy",
    "einsum.multiply_add_is_one",
    "einsum.out_is_copied",
    "einsum.unlimited_effort",
    "fft.out_raises_rate",
    "histogram2d.looks_into_like_bins_only",
    "histogram_charges_its_parts",
    "indices.sparse_is_one",
    "matmul.takes_out",
    "multivariate_normal.logs_samples_and_axes",
    "pointwise.dtype_of_loop",
    "pointwise.mixed_logical_is_bool",
    "products.return_their_buffer",
    "products.tagged_ravel_is_logged",
    "queries.later_signatures",
    "queries.products_are_contractions",
    "random.measures_lists_by_length",
    "random.refuses_positional_dtype",
    "reduction.counts_input",
    "reduction.out_is_accumulator",
    "reduction.out_of_ptp_is_free",
    "reduction.ptp_keeps_tag",
    "results_are_logged",
    "row_stack_is_vstack",
    "sort.ignores_stable",
    "stats.log_their_argument",
    "svd.least_k",
    "symmetry.constructor_is_checked",
    "symmetry.has_modes",
    "symmetry.integers_as_float64",
    "symmetry.tags_are_exact",
    "take.returns_its_buffer",
    "tensordot.by_sizes",
    "vecdot.priced_along_last_axis",
    "where.logs_condition",
    "where_of_a_condition_is_nonzero",
    "writes_void_tags",
};

using Files = std::vector<CostModelFile>;

// The files of an embedded model; none: there is no such model.
Files embedded_files(std::string_view model) {
  const std::string folder = fmt::format("cost_models/{}/", model);
  Files files;
  for (const auto& f : whest::base::flopscope_cost_models)
    if (f.name.starts_with(folder)) files.push_back({f.name.substr(folder.size()), f.text});
  return files;
}

bool is_name_of_numpy(std::string_view name) {
  if (Catalogue::instance().find(name) != nullptr) return true;
  return std::ranges::any_of(queries::left_out_operations(), [&](const auto& left) { return left.name == name; });
}

// Stands for a complex factor that does not exist: no price can be made with it.
constexpr double k_complex_refused = std::numeric_limits<double>::quiet_NaN();

[[noreturn]] void bad_data(std::string_view model, const std::string& what) {
  throw_value_error(fmt::format("cost model {}: {}", model, what));
}

[[noreturn]] void unknown_model(std::string_view name) {
  throw_value_error(fmt::format("unknown cost model '{}'; known: {}", name, fmt::join(cost_model_names(), ", ")));
}

}  // namespace

class CostModelLoader {
 public:
  static CostModel load(std::string_view name, const Files& files) {
    CostModelLoader loader;
    loader.m_model.m_name = std::string(name);
    loader.read(name, files);
    loader.resolve();
    return std::move(loader.m_model);
  }

 private:
  void read(std::string_view name, const Files& files) {
    const auto head = std::ranges::find(files, "model.json", &CostModelFile::name);
    if (head == files.end()) bad_data(name, "there is no model.json");
    if (++m_depth > k_most_bases) bad_data(name, "its bases do not end");
    read_file(name, *head, &CostModelLoader::read_head);
    for (const CostModelFile& file : files)
      if (file.name == "weights.json") read_file(name, file, &CostModelLoader::read_weights);
    for (const CostModelFile& file : files)
      if (file.name != "model.json" && file.name != "weights.json")
        read_file(name, file, &CostModelLoader::read_family);
  }

  using Reader = void (CostModelLoader::*)(const json&);
  void read_file(std::string_view model, const CostModelFile& file, Reader reader) {
    const std::string where = fmt::format("{}/{}", model, file.name);
    const std::string before = std::exchange(m_where, where);
    try {
      const json data = json::parse(file.text);
      if (!data.is_object()) refuse("is no JSON object");
      (this->*reader)(data);
    } catch (const json::exception& e) {
      refuse(fmt::format("cannot be read ({})", e.what()));
    }
    m_where = before;
  }

  [[noreturn]] void refuse(const std::string& what) const { bad_data(m_model.m_name, m_where + " " + what); }

  double number(const json& value, std::string_view of) const {
    if (!value.is_number() || !(value.get<double>() >= 0)) refuse(fmt::format("has no number from 0 on for '{}'", of));
    return value.get<double>();
  }

  void read_head(const json& head) {
    if (const auto base = head.find("base"); base != head.end()) {
      const auto name = base->get<std::string>();
      const Files files = embedded_files(name);
      if (files.empty()) unknown_model(name);
      read(name, files);
    }
    for (const auto& [key, value] : head.items()) {
      if (key == "weights") {
        m_weighted = value.get<bool>();
      } else if (key == "dtype_rates") {
        for (const auto& [dtype, rate] : value.items()) {
          const auto d = dtype_from_name(dtype);
          if (!d) refuse(fmt::format("names an unknown dtype '{}'", dtype));
          m_model.m_rates[static_cast<std::size_t>(*d)] = number(rate, dtype);
        }
      } else if (key == "complex_factors") {
        m_model.m_complex_factors = value.get<bool>();
      } else if (key == "rules") {
        read_rules(value);
      } else if (key != "name" && key != "description" && key != "base") {
        refuse(fmt::format(
            "has an unknown key '{}'; known: name, description, base, weights, dtype_rates, complex_factors, rules",
            key));
      }
    }
  }

  void read_rules(const json& rules) {
    for (const auto& [rule, value] : rules.items()) {
      if (std::ranges::find(k_rules, rule) == std::end(k_rules)) refuse(fmt::format("has an unknown rule '{}'", rule));
      m_model.m_rules[rule] = number(value, rule);
    }
  }

  void require_operation(const std::string& op) const {
    if (!is_name_of_numpy(op)) refuse(fmt::format("names an unknown operation '{}'", op));
  }

  void read_weights(const json& weights) {
    for (const auto& [op, pair] : weights.items()) {
      require_operation(op);
      if (!pair.is_array() || pair.empty() || pair.size() > 2)
        refuse(fmt::format("has no pair of weight and complex factor for '{}'", op));
      if (!pair.at(0).is_null()) m_ops[op].weight = number(pair.at(0), op);
      if (pair.size() > 1)
        m_ops[op].complex_factor = pair.at(1) == "refused" ? k_complex_refused : number(pair.at(1), op);
    }
  }

  void read_family(const json& family) {
    for (const auto& [op, entry] : family.items()) {
      if (op == "rules") {
        read_rules(entry);
        continue;
      }
      require_operation(op);
      for (const auto& [key, value] : entry.items()) {
        OpData& d = m_ops[op];
        if (key == "formula")
          d.formula = value.get<std::string>();
        else if (key == "weight")
          d.weight = number(value, op);
        else if (key == "complex_factor")
          d.complex_factor = number(value, op);
        else if (key == "logged")
          d.logged = value.get<bool>();
        else if (key == "supported")
          d.supported = value.get<bool>();
        else
          refuse(fmt::format("has an unknown key '{}' of operation '{}'", key, op));
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
  std::string m_where;  // the file being read
  static constexpr int k_most_bases = 16;
  int m_depth = 0;
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
  const Files files = embedded_files(name);
  if (files.empty()) unknown_model(name);
  return s_models.emplace(std::string(name), CostModelLoader::load(name, files)).first->second;
}

CostModel cost_model_from(std::string_view name, std::span<const CostModelFile> files) {
  return CostModelLoader::load(name, {files.begin(), files.end()});
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
