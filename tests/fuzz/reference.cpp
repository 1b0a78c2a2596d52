// SPDX-License-Identifier: MIT
#include "reference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <whest/flopscope/core/waist.hpp>
#include <whest/flopscope/symmetry/tag.hpp>

#include "tagged_array.hpp"

namespace whest::fuzz {

using namespace flopscope;
using brute::Index;

Finding price_finding(const std::string& what, std::int64_t charged, double counted) {
  const auto whole = static_cast<std::int64_t>(std::max(counted, 0.0));
  if (charged == whole) return std::nullopt;
  return fmt::format("{}: charged {}, counted {}", what, charged, whole);
}

namespace {

Index random_shape(Random& random, std::int64_t most_axes, std::int64_t least_extent, std::int64_t most_extent) {
  Index shape;
  for (std::int64_t n = random.below(most_axes + 1); n > 0; --n)
    shape.push_back(random.between(least_extent, most_extent));
  if (random.one_in(2) && !shape.empty()) std::fill(shape.begin(), shape.end(), shape[0]);
  return shape;
}

DType real_dtype(Random& random) { return random.of({DType::float64, DType::float32, DType::int64, DType::int32}); }

// What the models say of prices in general.
struct Pricing {
  explicit Pricing(const BudgetContext& context) : model(context.model().name()) {}
  bool is_audited() const { return model == "flopscope-0.9" || model == "flopscope-0.12"; }
  bool multiply_add_is_one() const { return model == "fma1"; }
  double weight(double of_flopscope) const { return model == "fma1" ? 1 : of_flopscope; }
  double rate(DType dtype) const {
    const int bits = 8 * item_size(dtype) / (is_complex(dtype) ? 2 : 1);
    return is_audited() && bits == 64 ? 2 : 1;
  }
  // Nothing is known of the prices of a model that was added.
  bool is_known() const { return is_audited() || model == "flopscope-0.5" || model == "fma1"; }
  std::string model;
};

Finding priced(const Pricing& pricing, const std::string& what, std::int64_t charged, double counted) {
  return pricing.is_known() ? price_finding(what, charged, counted) : std::nullopt;
}

struct Charge {
  Result result;
  std::int64_t flops = 0;
};

Charge run(BudgetContext& context, std::string_view op, const std::vector<Value>& args,
           const std::vector<NamedValue>& named = {}) {
  const std::int64_t before = context.flops_used();
  Result result = invoke(op, args, named);
  return {std::move(result), context.flops_used() - before};
}

std::string shown(const std::string& what, const std::vector<TaggedArray>& operands) {
  std::string text = what;
  for (const TaggedArray& a : operands) {
    text += fmt::format(" {} {}", shape_text(a.array->dims()), name_of(a.array->type()));
    if (a.group.size() > 1) text += fmt::format(" with {} permutations", a.group.size());
  }
  return text;
}

// ---- Contractions ----

struct Contraction {
  std::vector<std::string> terms;
  std::string output;
  std::map<char, std::int64_t> extents;
  std::vector<TaggedArray> operands;
  bool same_object = false;

  std::string text() const {
    std::string s = terms.front();
    for (std::size_t i = 1; i < terms.size(); ++i) s += "," + terms[i];
    return s + "->" + output;
  }
  std::vector<Value> arrays() const {
    std::vector<Value> values;
    for (const TaggedArray& a : operands) values.emplace_back(a.array);
    return values;
  }
  bool has_no_elements() const {
    return std::ranges::any_of(terms, [&](const std::string& term) {
      return std::ranges::any_of(term, [&](char c) { return extents.at(c) == 0; });
    });
  }
};

// Operands for the terms; the second may be the first once more.
void draw_operands(Random& random, Contraction& c, DType dtype) {
  for (const std::string& term : c.terms) {
    Index shape;
    for (const char label : term) shape.push_back(c.extents.at(label));
    const bool again = !c.operands.empty() && dims_of(*c.operands.front().array) == shape && random.one_in(2);
    c.same_object = c.same_object || again;
    c.operands.push_back(again ? c.operands.front() : tagged_array(random, shape, dtype));
  }
}

Finding value_finding(const Contraction& c, const Array& got) {
  std::string labels;
  for (const std::string& term : c.terms)
    for (const char label : term)
      if (labels.find(label) == std::string::npos) labels += label;
  const auto extents_of = [&](const std::string& word) {
    Index shape;
    for (const char label : word) shape.push_back(c.extents.at(label));
    return shape;
  };
  const auto pick = [&](const std::string& term, const Index& index) {
    Index picked;
    for (const char label : term) picked.push_back(index[labels.find(label)]);
    return picked;
  };
  std::map<Index, double> sums;
  for (const Index& index : brute::indices_of(extents_of(labels))) {
    double product = 1;
    for (std::size_t i = 0; i < c.terms.size(); ++i) product *= at(*c.operands[i].array, pick(c.terms[i], index));
    sums[pick(c.output, index)] += product;
  }
  if (dims_of(got) != extents_of(c.output)) return shown(c.text(), c.operands) + ": the shape";
  for (const Index& index : brute::indices_of(extents_of(c.output)))
    if (at(got, index) != sums[index]) return shown(c.text(), c.operands) + ": a value";
  return std::nullopt;
}

Finding contraction_price_finding(const Pricing& pricing, const Contraction& c, const std::string& what,
                                  std::int64_t charged) {
  std::vector<brute::Operand> operands;
  for (std::size_t i = 0; i < c.terms.size(); ++i) operands.push_back({c.terms[i], c.operands[i].group});
  const bool isolated = brute::has_isolated(operands, c.output);
  // An object twice of which axes are summed alone is no longer twice the same; what of it is left is not said.
  if (operands.size() > 2 || (c.same_object && isolated)) return std::nullopt;
  if (c.has_no_elements() && isolated) return std::nullopt;
  const auto n = brute::contraction(operands, c.same_object, c.output, c.extents, {pricing.multiply_add_is_one()});
  if (n.nothing) return priced(pricing, what, charged, 0);
  const DType dtype = c.operands.front().array->type();
  double factor = 1;
  if (pricing.is_audited() && is_complex(dtype) && n.total > 0)
    factor = static_cast<double>(6 * n.products + 2 * (n.total - n.products)) / static_cast<double>(n.total);
  return priced(pricing, shown(what, c.operands), charged, static_cast<double>(n.total) * pricing.rate(dtype) * factor);
}

}  // namespace

Finding einsum_case(Random& random, BudgetContext& context) {
  Contraction c;
  const bool equal = random.one_in(2);
  for (char label = 'a'; label <= 'd'; ++label)
    c.extents[label] = equal ? 3 : random.between(random.one_in(6) ? 0 : 1, 3);
  std::string used;
  for (std::int64_t n = random.between(1, 3); n > 0; --n) {
    std::string& term = c.terms.emplace_back();
    for (std::int64_t k = random.below(4); k > 0; --k) {
      term += static_cast<char>('a' + random.below(4));
      if (used.find(term.back()) == std::string::npos) used += term.back();
    }
  }
  for (const char label : used)
    if (random.one_in(2)) c.output.insert(random.one_in(2) ? 0 : c.output.size(), 1, label);
  draw_operands(random, c, random.one_in(4) ? random.of({DType::complex64, DType::complex128}) : real_dtype(random));
  const std::string text = c.text();
  std::vector<Value> args = c.arrays();
  args.insert(args.begin(), Value::string(text));
  const Charge charge = run(context, "einsum", args);
  if (auto finding = value_finding(c, *charge.result.array())) return "einsum " + *finding;
  return contraction_price_finding(Pricing(context), c, "einsum " + text, charge.flops);
}

Finding product_case(Random& random, BudgetContext& context) {
  struct Named {
    const char *op, *first, *second, *output;
  };
  const Named named = random.of<Named>({{"matmul", "ij", "jk", "ik"},
                                        {"linalg.matmul", "ij", "jk", "ik"},
                                        {"matmul", "bij", "bjk", "bik"},
                                        {"dot", "ij", "jk", "ik"},
                                        {"dot", "i", "i", ""},
                                        {"inner", "ij", "kj", "ik"},
                                        {"outer", "i", "j", "ij"},
                                        {"vdot", "i", "i", ""},
                                        {"vecdot", "ij", "ij", "i"},
                                        {"matvec", "ij", "j", "i"},
                                        {"vecmat", "i", "ij", "j"}});
  Contraction c;
  const bool equal = random.one_in(2);
  for (const char label : {'b', 'i', 'j', 'k'}) c.extents[label] = equal ? 3 : random.between(2, 4);
  c.terms = {named.first, named.second};
  c.output = named.output;
  draw_operands(random, c, random.of({DType::float64, DType::float32}));
  const Charge charge = run(context, named.op, c.arrays());
  if (charge.result.is_array())
    if (auto finding = value_finding(c, *charge.result.array())) return std::string(named.op) + " " + *finding;
  return contraction_price_finding(Pricing(context), c, named.op, charge.flops);
}

// ---- Pointwise ----

namespace {

// Two operands and the shape they broadcast to. Tags where both have one shape, or one is a number.
struct Pair {
  TaggedArray a, b;
  Index shape;
  brute::Group group;
};

Pair broadcast_pair(Random& random, DType dtype) {
  const Index shape = random_shape(random, 4, 0, 4);
  Index left = shape, right = shape;
  for (std::size_t d = 0; d < shape.size(); ++d)
    if (random.one_in(3)) (random.one_in(2) ? left : right)[d] = 1;
  const auto drop = static_cast<std::ptrdiff_t>(random.below(std::ssize(shape) + 1));
  if (random.one_in(2)) right.erase(right.begin(), right.begin() + drop);
  Pair pair{tagged_array(random, left, dtype), tagged_array(random, right, dtype), left, {}};
  pair.a.array->set_tag(nullptr);
  pair.b.array->set_tag(nullptr);
  for (std::size_t d = 0; d < right.size(); ++d) {
    std::int64_t& e = pair.shape[left.size() - right.size() + d];
    if (e == 1) e = right[d];
  }
  pair.group = brute::generated(static_cast<int>(pair.shape.size()), {});
  return pair;
}

Pair tagged_pair(Random& random, DType dtype) {
  const Index shape = random_shape(random, 3, 1, 4);
  const bool number = random.one_in(4);
  Pair pair{tagged_array(random, shape, dtype), tagged_array(random, number ? Index{} : shape, dtype), shape, {}};
  for (const brute::Permutation& p : pair.a.group)
    if (number || std::ranges::find(pair.b.group, p) != pair.b.group.end()) pair.group.push_back(p);
  return pair;
}

}  // namespace

Finding pointwise_case(Random& random, BudgetContext& context) {
  const DType dtype = real_dtype(random);
  const Pair pair = random.one_in(2) ? broadcast_pair(random, dtype) : tagged_pair(random, dtype);
  const auto which = static_cast<std::size_t>(random.below(4));
  const std::string name = std::array{"add", "multiply", "maximum", "subtract"}[which];
  const Charge charge = run(context, name, {pair.a.array, pair.b.array});
  const Array& got = *charge.result.array();
  if (dims_of(got) != pair.shape) return name + ": the shape";
  for (const Index& index : brute::indices_of(pair.shape)) {
    const auto picked = [&](const Array& a) {
      Index own(index.end() - a.ndim, index.end());
      for (std::size_t d = 0; d < own.size(); ++d)
        if (a.shape[d] == 1) own[d] = 0;
      return at(a, own);
    };
    const double x = picked(*pair.a.array), y = picked(*pair.b.array);
    const double z = which == 0 ? x + y : which == 1 ? x * y : which == 2 ? std::max(x, y) : x - y;
    if (at(got, index) != z) return shown(name, {pair.a, pair.b}) + ": a value";
  }
  const auto orbits = static_cast<double>(std::max<std::int64_t>(brute::orbits(pair.shape, pair.group), 1));
  const Pricing pricing(context);
  return priced(pricing, shown(name, {pair.a, pair.b}), charge.flops, orbits * pricing.rate(dtype));
}

Finding unary_case(Random& random, BudgetContext& context) {
  struct Named {
    const char* op;
    double weight;
    bool sees_tags;
  };
  const Named named = random.of<Named>({{"exp", 16, true},
                                        {"sin", 16, true},
                                        {"tanh", 16, true},
                                        {"negative", 1, true},
                                        {"square", 1, true},
                                        {"abs", 1, true},
                                        {"floor", 1, true},
                                        {"isnan", 1, false},
                                        {"isfinite", 1, false}});
  const Pricing pricing(context);
  const DType dtype = random.of({DType::float64, DType::float32});
  const TaggedArray a = tagged_array(random, random_shape(random, 4, 1, 3), dtype);
  const Charge charge = run(context, named.op, {a.array});
  const auto count = named.sees_tags ? brute::orbits(dims_of(*a.array), a.group) : a.array->size;
  return priced(
      pricing, shown(named.op, {a}), charge.flops,
      static_cast<double>(std::max<std::int64_t>(count, 1)) * pricing.rate(dtype) * pricing.weight(named.weight));
}

// ---- Reductions ----

namespace {

struct Reduced {
  std::string op;
  TaggedArray a;
  std::vector<bool> reduced;  // by axis
  bool all = false;

  double price(const Pricing& pricing) const {
    const brute::ReductionCounts n = brute::reduction(dims_of(*a.array), a.group, reduced);
    if (pricing.multiply_add_is_one()) return static_cast<double>(n.in);
    const auto in = static_cast<double>(n.in), out = static_cast<double>(n.out);
    const double folds = static_cast<double>(n.pairs) - out, some = std::max(folds, 1.0);
    const bool spread = op == "var" || op == "std";
    if (!pricing.is_audited()) return op == "mean" ? static_cast<double>(n.pairs) : spread ? 2 * some : some;
    if (op == "mean") return folds + out;
    if (spread) return 2 * in + 2 * folds + 2 * out + (op == "std" ? out : 0);
    return op == "count_nonzero" ? in : some;
  }

  // What the numbers are summed in.
  DType billed() const {
    const DType own = a.array->type();
    if (is_floating(own)) return own;
    if (op == "sum" || op == "prod") return DType::int64;
    return op == "mean" || op == "var" || op == "std" ? DType::float64 : own;
  }

  std::map<Index, double> expected() const {
    std::map<Index, double> values;
    for (const Index& index : brute::indices_of(dims_of(*a.array))) {
      const double x = op == "count_nonzero" ? (at(*a.array, index) != 0 ? 1 : 0) : at(*a.array, index);
      Index kept;
      for (std::size_t d = 0; d < index.size(); ++d)
        if (!reduced[d]) kept.push_back(index[d]);
      const auto [place, fresh] = values.try_emplace(kept, x);
      if (!fresh)
        place->second = op == "max"   ? std::max(place->second, x)
                        : op == "min" ? std::min(place->second, x)
                                      : place->second + x;
    }
    return values;
  }
};

}  // namespace

Finding reduction_case(Random& random, BudgetContext& context) {
  Index shape = random_shape(random, 3, 1, 4);
  if (shape.empty()) shape = {random.between(1, 5)};
  Reduced r;
  r.op = random.of({"sum", "max", "min", "count_nonzero", "prod", "mean", "var", "std", "any", "all"});
  r.a = tagged_array(random, shape, real_dtype(random));
  r.all = random.one_in(3);
  r.reduced.assign(shape.size(), r.all);
  std::vector<Value> axes;
  for (std::size_t d = 0; d < shape.size(); ++d)
    if (!r.all && (random.one_in(2) || (d + 1 == shape.size() && axes.empty()))) {
      r.reduced[d] = true;
      axes.push_back(Value::integer(static_cast<std::int64_t>(d) - (random.one_in(2) ? std::ssize(shape) : 0)));
    }
  std::vector<NamedValue> named;
  if (!r.all) named.push_back({"axis", axes.size() == 1 ? axes[0] : Value::tuple(axes)});
  const Charge charge = run(context, r.op, {r.a.array}, named);
  const bool exact = r.op == "sum" || r.op == "max" || r.op == "min" || r.op == "count_nonzero";
  if (exact && charge.result.is_array())
    for (const auto& [index, value] : r.expected())
      if (at(*charge.result.array(), index) != value) return shown(r.op, {r.a}) + ": a value";
  const Pricing pricing(context);
  return priced(pricing, shown(r.op, {r.a}), charge.flops, r.price(pricing) * pricing.rate(r.billed()));
}

// ---- Groups ----

Finding orbits_case(Random& random, BudgetContext&) {
  const auto degree = static_cast<int>(random.between(2, 4));
  std::vector<int> axes(static_cast<std::size_t>(degree));
  std::iota(axes.begin(), axes.end(), 0);
  std::vector<std::vector<int>> generators;
  for (std::int64_t n = random.between(1, 2); n > 0; --n) {
    std::vector<int> image = axes;
    for (std::size_t i = image.size(); i > 1; --i)
      std::swap(image[i - 1], image[static_cast<std::size_t>(random.below(static_cast<std::int64_t>(i)))]);
    generators.push_back(image);
  }
  const TagRef tag = symmetry::Tag::from_generators(generators, axes);
  if (!tag) return std::nullopt;
  const Index shape(static_cast<std::size_t>(degree), random.between(1, 4));
  const auto orbits = static_cast<double>(brute::orbits(shape, brute::generated(degree, generators)));
  if (symmetry::unique_elements(tag, shape) != orbits) return "unique_elements of " + tag->key();
  return std::nullopt;
}

}  // namespace whest::fuzz
