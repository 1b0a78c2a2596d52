// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>
#include <whest/flopscope/queries/query.hpp>
#include <whest/flopscope/queries/symmetric.hpp>
#include <whest/flopscope/queries/table.hpp>

namespace flopscope::queries {
namespace {

// unwrap: so much per element, at least 1. The operation's formula says how much.
double unwrap_cost(const Arguments& a, std::string_view& operation) {
  operation = "unwrap";
  const Operation* op = Catalogue::instance().find(operation);
  if (op == nullptr) throw Error(ErrorKind::attribute_error, "'unwrap' is not provided");
  PriceInput one;
  one.in = one.out = one.unique_in = one.unique_out = 1;
  return std::max(a.model().price_of(op->index).formula->price(one) * product(a.shape(0)), 1.0);
}

struct Counted {
  std::string_view name, signature;
  double (*cost)(const Arguments&, std::string_view&);
};
constexpr Counted k_counted[] = {
    {"pointwise_cost", k_pointwise_signature, pointwise_cost},
    {"reduction_cost", k_reduction_signature, reduction_cost},
    {"einsum_cost", k_einsum_signature, einsum_cost},
    {"unwrap_cost", "shape", unwrap_cost},
};

const Query* find(std::string_view name) {
  for (const auto table : {linalg_queries(), other_queries()})
    for (const Query& q : table)
      if (q.name == name) return &q;
  return nullptr;
}

BoundArguments bound(std::string_view name, std::string_view signature, std::span<const Value> positional,
                     std::span<const NamedValue> named) {
  return bind(signature_of(name, signature), positional, named);
}

std::string_view signature_under(const Query& q, const CostModel& model) {
  const bool later = !q.later_signature.empty() && model.rule("queries.later_signatures");
  return later ? q.later_signature : q.signature;
}

double formula_cost(const Query& q, std::span<const Value> positional, std::span<const NamedValue> named,
                    const CostModel& model) {
  const BoundArguments arguments = bound(q.name, signature_under(q, model), positional, named);
  const Operation* operation = Catalogue::instance().find(q.operation);
  if (operation == nullptr) throw Error(ErrorKind::attribute_error, fmt::format("'{}' is not provided", q.operation));
  return model.price_of(operation->index).formula->price(q.read(Arguments(arguments.values, model)));
}

constexpr std::string_view k_sort_signature = "n", k_multivariate_normal_signature = "N, d";

// numpy.random: sorting and the multivariate normal distribution, which have no weighted form.
std::optional<double> random_cost(std::string_view name, std::span<const Value> positional,
                                  std::span<const NamedValue> named, const CostModel& model) {
  if (name == "sort_cost") {
    const BoundArguments arguments = bound(name, k_sort_signature, positional, named);
    const double n = Arguments(arguments.values, model).number(0);
    const double log = n > 1 ? static_cast<double>(std::bit_width(static_cast<std::uint64_t>(std::ceil(n)) - 1)) : 0;
    return std::max(n * log, 1.0);
  }
  if (name == "multivariate_normal_cost" && model.rule("queries.later_signatures")) {
    const BoundArguments arguments = bound(name, k_multivariate_normal_signature, positional, named);
    const Arguments a(arguments.values, model);
    const double samples = a.number(0), d = a.number(1);
    // A decomposition of the covariance, then d normals and a product of d x d for each sample.
    return std::max(26 * d * d * d + samples * (16 * d + 2 * d * d), 1.0);
  }
  return std::nullopt;
}

// A method of a generator has the weight of the module's function, unless it has its own.
double weight_of(const CostModel& model, std::string_view operation) {
  if (model.states_weight_of(operation)) return model.weight_of(operation);
  for (const std::string_view of_generator : {"random.Generator.", "random.RandomState."})
    if (operation.starts_with(of_generator))
      return model.weight_of("random." + std::string(operation.substr(of_generator.size())));
  return model.weight_of(operation);
}

[[noreturn]] void not_provided(std::string_view function) {
  throw Error(ErrorKind::attribute_error, fmt::format("there is no cost query '{}'", function));
}

bool take_prefix(std::string_view& name, std::string_view prefix) {
  if (!name.starts_with(prefix)) return false;
  name.remove_prefix(prefix.size());
  return true;
}

// Where a function lives, by its name.
struct Place {
  std::string_view name;  // without prefixes
  bool linalg = false, fft = false, random = false;

  bool has(const Query& q) const {
    return !random && (linalg ? q.beside == Beside::linalg : fft ? q.beside == Beside::fft : true);
  }
  const Query* query() const {
    const Query* q = find(name);
    return q != nullptr && has(*q) ? q : nullptr;
  }
  const Counted* counted() const {
    if (linalg || fft || random) return nullptr;
    const auto* found =
        std::find_if(std::begin(k_counted), std::end(k_counted), [&](const Counted& c) { return c.name == name; });
    return found == std::end(k_counted) ? nullptr : found;
  }
};

Place place_of(std::string_view function) {
  Place place{.name = function};
  take_prefix(place.name, "flopscope.");
  place.linalg = take_prefix(place.name, "numpy.linalg.");
  place.fft = take_prefix(place.name, "numpy.fft.");
  place.random = take_prefix(place.name, "numpy.random.");
  if (!place.linalg && !place.fft && !place.random) take_prefix(place.name, "accounting.");
  return place;
}

}  // namespace

std::optional<std::string_view> signature(std::string_view function, const CostModel& model) {
  const Place place = place_of(function);
  if (const Query* q = place.query()) return signature_under(*q, model);
  if (const Counted* counted = place.counted()) return counted->signature;
  if (!place.random) return std::nullopt;
  if (place.name == "sort_cost") return k_sort_signature;
  const bool normal = place.name == "multivariate_normal_cost" && model.rule("queries.later_signatures");
  return normal ? std::optional(k_multivariate_normal_signature) : std::nullopt;
}

double cost(std::string_view function, std::span<const Value> positional, std::span<const NamedValue> named,
            const CostModel& model, Weights weights) {
  const Place place = place_of(function);
  if (place.random) {
    if (const auto answer = random_cost(place.name, positional, named, model)) return std::trunc(*answer);
    not_provided(function);
  }
  std::string_view operation;
  double unweighted = 0;
  if (const Query* q = place.query()) {
    unweighted = formula_cost(*q, positional, named, model);
    operation = q->operation;
  } else if (const Counted* counted = place.counted()) {
    const BoundArguments arguments = bound(place.name, counted->signature, positional, named);
    unweighted = counted->cost(Arguments(arguments.values, model), operation);
  } else {
    not_provided(function);
  }
  const bool weighted = weights == Weights::of_model && !place.linalg && !place.fft;
  // Adding 0 turns -0 into 0.
  return std::trunc(weighted ? unweighted * weight_of(model, operation) : unweighted) + 0.0;
}

std::string digits(double whole_number) { return fmt::format("{:.0f}", whole_number); }

std::vector<std::string_view> names() {
  std::vector<std::string_view> all;
  for (const auto table : {linalg_queries(), other_queries()})
    for (const Query& q : table) all.push_back(q.name);
  for (const Counted& c : k_counted) all.push_back(c.name);
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace flopscope::queries
