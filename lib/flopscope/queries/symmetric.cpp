// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <whest/flopscope/ops/detail/contraction_plan.hpp>
#include <whest/flopscope/queries/symmetric.hpp>
#include <whest/flopscope/symmetry/tag.hpp>

namespace flopscope::queries {
namespace {

std::string_view operation_name(const Value& v) {
  if (!v.is(ValueKind::string)) throw_type_error("the first argument is the name of an operation");
  return v.as_string();
}

TagRef tag_argument(const Value& v) {
  if (v.is_absent()) return nullptr;
  if (!v.is(ValueKind::group)) throw_type_error("symmetry must be a symmetry group");
  return v.as_group();
}

// Whether the group says anything about an array of this rank; a group whose sizes disagree is refused.
bool group_applies(const TagRef& tag, const Shape& shape) {
  if (!tag || tag->axes().back() >= static_cast<int>(shape.size())) return false;
  for (const auto& orbit : tag->group().orbits())
    for (const int point : orbit) {
      const auto size = [&](int p) {
        return shape[static_cast<std::size_t>(tag->axes()[static_cast<std::size_t>(p)])];
      };
      if (size(point) != size(orbit.front()))
        throw_value_error("a permutation of the group exchanges axes of different sizes");
    }
  return true;
}

}  // namespace

std::vector<int> reduced_axes(const Value& v, int ndim) {
  std::vector<int> axes;
  const auto take = [&](const Value& item) {
    if (!item.is(ValueKind::integer) && !item.is(ValueKind::boolean)) throw_type_error("axis must be an integer");
    if (ndim > 0) axes.push_back(static_cast<int>(((item.i % ndim) + ndim) % ndim));
  };
  if (v.is_absent())
    for (int d = 0; d < ndim; ++d) axes.push_back(d);
  else if (v.is_sequence())
    for (const Value& item : v.as_items()) take(item);
  else
    take(v);
  std::sort(axes.begin(), axes.end());
  axes.erase(std::unique(axes.begin(), axes.end()), axes.end());
  return axes;
}

double pointwise_cost(const Arguments& a, std::string_view& operation) {
  operation = operation_name(a.at(0));
  const Shape shape = a.shape(1);
  const TagRef tag = tag_argument(a.at(2));
  if (!tag) return std::max(product(shape), 1.0);
  const auto sizes = to_array_shape(shape);
  symmetry::require_fits(*tag, sizes);
  return symmetry::unique_elements(tag, sizes);
}

double reduction_cost(const Arguments& a, std::string_view& operation) {
  operation = operation_name(a.at(0));
  const Shape shape = a.shape(1);
  const auto axes = reduced_axes(a.at(2), static_cast<int>(shape.size()));
  const TagRef tag = tag_argument(a.at(3));
  const bool counts_input = a.model().rule("reduction.counts_input");
  for (const double size : shape)
    if (size != std::floor(size)) throw_value_error("a shape has whole sizes");
  if (tag && !a.at(2).is_absent() && tag->axes().back() >= static_cast<int>(shape.size()))
    throw_value_error("the group's axes are out of range");
  if (group_applies(tag, shape)) {
    const auto counts = symmetry::reduction_counts(tag, to_array_shape(shape), axes, contract::einsum_rules(a.model()));
    return std::max(counts_input ? counts.alpha : counts.alpha - counts.orbits_out, 1.0);
  }
  double in = 1, out = 1;
  for (std::size_t d = 0; d < shape.size(); ++d) {
    in *= shape[d];
    if (!std::binary_search(axes.begin(), axes.end(), static_cast<int>(d))) out *= shape[d];
  }
  return std::max(counts_input ? in : in - out, 1.0);
}

}  // namespace flopscope::queries
