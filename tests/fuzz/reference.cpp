// SPDX-License-Identifier: MIT
#include "reference.hpp"

#include <cmath>
#include <map>
#include <numeric>
#include <set>

namespace whest::fuzz {

using namespace flopscope;

namespace {

ArrayRef small_integers(Random& random, const std::vector<std::int64_t>& shape) {
  const ArrayRef a = Array::make(DType::float64, shape);
  for (std::int64_t i = 0; i < a->size; ++i) a->mutable_items<double>()[i] = static_cast<double>(random.below(9) - 4);
  return a;
}

// Every index of a shape, in C order.
std::vector<std::vector<std::int64_t>> indices_of(const std::vector<std::int64_t>& shape) {
  std::vector<std::vector<std::int64_t>> all{{}};
  for (const std::int64_t extent : shape) {
    std::vector<std::vector<std::int64_t>> next;
    for (const auto& head : all) {
      for (std::int64_t i = 0; i < extent; ++i) {
        next.push_back(head);
        next.back().push_back(i);
      }
    }
    all = std::move(next);
  }
  return all;
}

double at(const Array& a, const std::vector<std::int64_t>& index) {
  const auto* p = static_cast<const std::byte*>(a.data);
  for (std::size_t d = 0; d < index.size(); ++d) p += index[d] * a.strides[d];
  return read_double(a, p);
}

std::vector<std::int64_t> random_shape(Random& random, std::int64_t max_ndim) {
  std::vector<std::int64_t> shape;
  for (std::int64_t n = random.below(max_ndim + 1); n > 0; --n) shape.push_back(random.below(5));
  return shape;
}

std::vector<std::int64_t> dims_of(const Array& a) { return {a.dims().begin(), a.dims().end()}; }

}  // namespace

std::optional<std::string> einsum_case(Random& random) {
  std::map<char, std::int64_t> extent;
  for (char c = 'a'; c <= 'd'; ++c) extent[c] = random.below(4);
  std::vector<std::string> terms;
  std::string labels, text;
  std::vector<ArrayRef> operands;
  for (std::int64_t n = 1 + random.below(3); n > 0; --n) {
    std::string& term = terms.emplace_back();
    std::vector<std::int64_t> shape;
    for (std::int64_t k = random.below(4); k > 0; --k) {
      term += static_cast<char>('a' + random.below(4));
      shape.push_back(extent[term.back()]);
      if (labels.find(term.back()) == std::string::npos) labels += term.back();
    }
    text += (terms.size() == 1 ? "" : ",") + term;
    operands.push_back(small_integers(random, shape));
  }
  std::string out;
  for (const char c : labels)
    if (random.one_in(2)) out += c;
  text += "->" + out;
  std::vector<Value> args{Value::string(text)};
  for (const ArrayRef& a : operands) args.emplace_back(a);
  const ArrayRef got = to_array([&] {
    static Result result;
    result = invoke("einsum", args, {});
    return Value(result.array());
  }());
  std::map<std::vector<std::int64_t>, double> sums;
  std::vector<std::int64_t> all, result_shape;
  for (const char c : labels) all.push_back(extent[c]);
  for (const char c : out) result_shape.push_back(extent[c]);
  const auto pick = [&](const std::string& term, const std::vector<std::int64_t>& index) {
    std::vector<std::int64_t> picked;
    for (const char c : term) picked.push_back(index[labels.find(c)]);
    return picked;
  };
  for (const auto& index : indices_of(all)) {
    double product = 1;
    for (std::size_t i = 0; i < terms.size(); ++i) product *= at(*operands[i], pick(terms[i], index));
    sums[pick(out, index)] += product;
  }
  if (dims_of(*got) != result_shape) return "einsum " + text + ": the shape";
  for (const auto& index : indices_of(result_shape))
    if (at(*got, index) != sums[index]) return "einsum " + text + ": a value";
  return std::nullopt;
}

std::optional<std::string> pointwise_case(Random& random) {
  std::vector<std::int64_t> shape = random_shape(random, 4), left = shape, right = shape;
  for (std::size_t d = 0; d < shape.size(); ++d)
    if (random.one_in(3)) (random.one_in(2) ? left : right)[d] = 1;
  const auto drop = static_cast<std::ptrdiff_t>(random.below(static_cast<std::int64_t>(shape.size()) + 1));
  if (random.one_in(2)) right.erase(right.begin(), right.begin() + drop);
  const ArrayRef a = small_integers(random, left), b = small_integers(random, right);
  const std::vector<const char*> names = {"add", "multiply", "maximum", "subtract"};
  const std::int64_t which = random.below(4);
  const Value args[] = {a, b};
  const Result result = invoke(names[static_cast<std::size_t>(which)], args, {});
  const Array& got = *result.array();
  std::vector<std::int64_t> expected = left;
  for (std::size_t d = 0; d < right.size(); ++d) {
    std::int64_t& e = expected[left.size() - right.size() + d];
    if (e == 1) e = right[d];
  }
  if (dims_of(got) != expected) return std::string(names[static_cast<std::size_t>(which)]) + ": the shape";
  for (const auto& index : indices_of(expected)) {
    const auto picked = [&](const std::vector<std::int64_t>& dims) {
      std::vector<std::int64_t> own(index.end() - static_cast<std::ptrdiff_t>(dims.size()), index.end());
      for (std::size_t d = 0; d < dims.size(); ++d)
        if (dims[d] == 1) own[d] = 0;
      return own;
    };
    const double x = at(*a, picked(left)), y = at(*b, picked(right));
    const double z = which == 0 ? x + y : which == 1 ? x * y : which == 2 ? std::max(x, y) : x - y;
    if (at(got, index) != z) return std::string(names[static_cast<std::size_t>(which)]) + ": a value";
  }
  return std::nullopt;
}

std::optional<std::string> reduction_case(Random& random) {
  std::vector<std::int64_t> shape{1 + random.below(4)};
  for (std::int64_t n = random.below(3); n > 0; --n) shape.push_back(1 + random.below(4));
  const ArrayRef a = small_integers(random, shape);
  const auto axis = static_cast<std::size_t>(random.below(static_cast<std::int64_t>(shape.size())));
  const bool sum = random.one_in(2);
  const Value args[] = {a};
  const NamedValue named[] = {{"axis", Value::integer(static_cast<std::int64_t>(axis))}};
  const Result result = invoke(sum ? "sum" : "max", args, named);
  std::map<std::vector<std::int64_t>, double> expected;
  for (auto index : indices_of(shape)) {
    const double x = at(*a, index);
    index.erase(index.begin() + static_cast<std::ptrdiff_t>(axis));
    const auto [place, fresh] = expected.try_emplace(index, x);
    if (!fresh) place->second = sum ? place->second + x : std::max(place->second, x);
  }
  for (const auto& [index, value] : expected)
    if (at(*result.array(), index) != value) return std::string(sum ? "sum" : "max") + ": a value";
  return std::nullopt;
}

std::optional<std::string> orbits_case(Random& random) {
  const int degree = 2 + static_cast<int>(random.below(3));
  std::vector<int> axes(static_cast<std::size_t>(degree));
  std::iota(axes.begin(), axes.end(), 0);
  std::vector<std::vector<int>> generators;
  for (std::int64_t n = 1 + random.below(2); n > 0; --n) {
    std::vector<int> image = axes;
    for (std::size_t i = image.size(); i > 1; --i)
      std::swap(image[i - 1], image[static_cast<std::size_t>(random.below(static_cast<std::int64_t>(i)))]);
    generators.push_back(image);
  }
  const TagRef tag = symmetry::Tag::from_generators(generators, axes);
  const std::vector<std::int64_t> shape(static_cast<std::size_t>(degree), 1 + random.below(4));
  if (!tag) return std::nullopt;
  std::set<std::vector<std::int64_t>> seen;
  double orbits = 0;
  for (const auto& start : indices_of(shape)) {
    if (!seen.insert(start).second) continue;
    ++orbits;
    std::vector<std::vector<std::int64_t>> open{start};
    while (!open.empty()) {
      const std::vector<std::int64_t> index = open.back();
      open.pop_back();
      for (const std::vector<int>& image : generators) {
        std::vector<std::int64_t> moved(index.size());
        for (std::size_t d = 0; d < index.size(); ++d) moved[static_cast<std::size_t>(image[d])] = index[d];
        if (seen.insert(moved).second) open.push_back(moved);
      }
    }
  }
  if (symmetry::unique_elements(tag, shape) != orbits) return "unique_elements of " + tag->key();
  return std::nullopt;
}

}  // namespace whest::fuzz
