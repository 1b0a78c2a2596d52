// SPDX-License-Identifier: MIT
#include <array>
#include <vector>
#include <whest/flopscope/ops/detail/contraction_plan.hpp>
#include <whest/flopscope/ops/detail/tags.hpp>
#include <whest/flopscope/symmetry/accumulation.hpp>
#include <whest/flopscope/symmetry/tag.hpp>

namespace flopscope::ufunc {

Tagged pointwise_tag(std::span<const Input> inputs, std::span<const std::int64_t> shape, double elements) {
  bool any = false;
  for (const Input& in : inputs) any = any || (!in.is_weak() && in.array()->tag());
  if (!any) return {nullptr, elements};
  if (inputs.size() == 1) {
    const TagRef& tag = inputs[0].array()->tag();
    return {tag, symmetry::unique_elements(tag, shape)};
  }
  static const TagRef k_none;
  std::vector<symmetry::TaggedShape> tagged;
  for (const Input& in : inputs) tagged.push_back({in.is_weak() ? k_none : in.array()->tag(), in.dims()});
  Tagged t{symmetry::aligned_intersection(tagged, shape), elements};
  if (t.tag) t.unique = symmetry::unique_elements(t.tag, shape);
  return t;
}

ReducedTag reduced_tag(const CostModel& model, const Array& a, const Axes& axes, bool keepdims) {
  const TagRef& tag = a.tag();
  const auto in = static_cast<double>(a.size);
  if (!tag) return {in, in, static_cast<double>(element_count(axes.shape)), nullptr};
  std::array<int, k_max_dims> reduced{};
  for (int i = 0; i < axes.reduced.size(); ++i)
    reduced[static_cast<std::size_t>(i)] = static_cast<int>(axes.reduced[i]);
  const std::span<const int> over(reduced.data(), static_cast<std::size_t>(axes.reduced.size()));
  const symmetry::ReductionCounts counts =
      symmetry::reduction_counts(tag, a.dims(), over, contract::einsum_rules(model));
  return {counts.unique_in, counts.alpha, counts.orbits_out,
          axes.all ? nullptr : symmetry::reduce(tag, a.ndim, over, keepdims)};
}

TagRef scan_tag(const Array& a, int axis) { return a.tag() ? symmetry::along_axis(a.tag(), a.ndim, axis) : nullptr; }

bool keeps_tag(const Array& out, const TagRef& written) {
  const TagRef& own = out.tag();
  return own && written && symmetry::same_symmetry(own, written);
}

bool declares_more(const Array& out, const TagRef& written) {
  return out.tag() && !out.tag()->inferred() && !keeps_tag(out, written);
}

TagRef shifted_tag(const TagRef& tag, int ndim, int leading) {
  if (!tag || leading == 0) return tag;
  const int first = 0;
  return leading == 1 ? symmetry::expand_dims(tag, ndim, {&first, 1}) : nullptr;
}

}  // namespace flopscope::ufunc
