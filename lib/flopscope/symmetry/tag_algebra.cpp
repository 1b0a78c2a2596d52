// SPDX-License-Identifier: MIT
// How tags pass through pointwise operations, reductions, transposition and indexing (C.1, C.3, C.5).
#include <algorithm>
#include <map>
#include <numeric>
#include <whest/flopscope/symmetry/tag.hpp>

namespace flopscope::symmetry {
namespace {

bool contains(std::span<const int> list, int value) { return std::ranges::find(list, value) != list.end(); }

// Points of the tag's group whose axes are not in `axes`.
std::vector<int> points_outside(const Tag& tag, std::span<const int> axes) {
  std::vector<int> points;
  for (int i = 0; i < tag.degree(); ++i)
    if (!contains(axes, tag.axes()[static_cast<std::size_t>(i)])) points.push_back(i);
  return points;
}

std::vector<int> axes_of(const Tag& tag, std::span<const int> points) {
  std::vector<int> axes;
  for (const int point : points) axes.push_back(tag.axes()[static_cast<std::size_t>(point)]);
  return axes;
}

// The permutations that keep the set of the axes not listed, on those axes; axis numbers unchanged.
TagRef keep_set(const Tag& tag, std::span<const int> dropped) {
  const std::vector<int> kept = points_outside(tag, dropped);
  return Tag::from_group(tag.group().setwise_stabilizer(kept).restricted_to(kept), axes_of(tag, kept));
}

// One child of a factory-made product when axes go: untouched, restricted (symmetric), or gone (C.5).
TagRef reduced_child(const TagRef& child, std::span<const int> axes) {
  const std::vector<int> kept = points_outside(*child, axes);
  if (static_cast<int>(kept.size()) == child->degree()) return child;
  if (child->kind() != Tag::Kind::symmetric || kept.size() < 2) return nullptr;
  return Tag::symmetric(axes_of(*child, kept));
}

// The tag after `axes` are summed, axis numbers unchanged.
TagRef without_axes(const TagRef& tag, std::span<const int> axes) {
  const auto touched = [&](int axis) { return contains(axes, axis); };
  if (std::ranges::none_of(tag->axes(), touched)) return tag;
  if (tag->kind() == Tag::Kind::symmetric) return reduced_child(tag, axes);
  if (tag->kind() == Tag::Kind::product) {
    std::vector<TagRef> left;
    for (const TagRef& child : tag->children())
      if (TagRef rest = reduced_child(child, axes)) left.push_back(std::move(rest));
    if (left.size() == 1) return left.front();
    if (!left.empty()) return Tag::direct_product(left);
  }
  return keep_set(*tag, axes);
}

}  // namespace

TagRef relabelled(const TagRef& tag, std::span<const int> new_axis) {
  if (!tag) return nullptr;
  const auto moved = [&](const std::vector<int>& axes) {
    std::vector<int> result;
    for (const int axis : axes) result.push_back(new_axis[static_cast<std::size_t>(axis)]);
    return result;
  };
  if (moved(tag->axes()) == tag->axes()) return tag;
  switch (tag->kind()) {
    case Tag::Kind::symmetric: {
      std::vector<int> axes = moved(tag->axes());
      if (!tag->inferred() && std::ranges::is_permutation(axes, tag->axes())) return tag;
      return Tag::symmetric(std::move(axes));
    }
    case Tag::Kind::product: {
      std::vector<TagRef> children;
      for (const TagRef& child : tag->children()) children.push_back(relabelled(child, new_axis));
      return Tag::direct_product(children);
    }
    default:
      break;
  }
  // The same generators on the moved axes, which are sorted again; the kind and the count of generators stay.
  const std::vector<int> axes = moved(tag->axes());
  std::vector<int> sorted = axes;
  std::ranges::sort(sorted);
  std::vector<int> place;
  for (const int axis : axes) place.push_back(static_cast<int>(std::ranges::find(sorted, axis) - sorted.begin()));
  Group group = tag->group().embedded(place, tag->degree());
  return std::make_shared<const Tag>(tag->kind(), std::move(sorted), std::move(group), std::vector<TagRef>{},
                                     tag->generator_count());
}

namespace {

// Axis numbers after `axes` have been removed; -1 for those.
std::vector<int> renumbering_without(int ndim, std::span<const int> axes) {
  std::vector<int> target;
  int next = 0;
  for (int axis = 0; axis < ndim; ++axis) target.push_back(contains(axes, axis) ? -1 : next++);
  return target;
}

TagRef joined(TagRef a, TagRef b) {
  if (!a) return b;
  if (!b) return a;
  return Tag::direct_product({std::move(a), std::move(b)});
}

// One operand's tag on the axes of the output (C.1); null where it has become trivial.
TagRef aligned(const TagRef& tag, Dims shape, Dims out_shape) {
  const int offset = static_cast<int>(out_shape.size()) - static_cast<int>(shape.size());
  std::vector<int> stretched, shifted;
  for (int axis = 0; axis < static_cast<int>(shape.size()); ++axis) {
    const std::int64_t size = shape[static_cast<std::size_t>(axis)];
    if (size == 1 && out_shape[static_cast<std::size_t>(axis + offset)] != 1 && contains(tag->axes(), axis))
      stretched.push_back(axis);
    shifted.push_back(axis + offset);
  }
  TagRef kept = stretched.empty() ? tag : keep_set(*tag, stretched);
  if (kept && offset > 0) kept = relabelled(kept, shifted);
  TagRef leading = offset > 1 ? automatic(out_shape.first(static_cast<std::size_t>(offset))) : nullptr;
  TagRef both = joined(std::move(leading), std::move(kept));
  return both && !both->group().is_trivial() ? both : nullptr;
}

}  // namespace

TagRef intersect(const TagRef& a, const TagRef& b, int ndim) {
  if (!a || !b) return nullptr;
  if (a == b || a->key() == b->key()) return a->group().is_trivial() ? nullptr : a;
  const Group left = a->full_group(ndim), right = b->full_group(ndim);
  if (left == right) return left.is_trivial() ? nullptr : a;
  std::vector<int> all(static_cast<std::size_t>(ndim));
  std::iota(all.begin(), all.end(), 0);
  return Tag::from_group(left.intersection(right), all);
}

TagRef aligned_intersection(std::span<const TaggedShape> operands, Dims out_shape) {
  for (const TaggedShape& operand : operands)
    if (!operand.shape.empty() && !operand.tag) return nullptr;
  const auto has_axes = [](const TaggedShape& operand) { return !operand.shape.empty(); };
  const auto only = std::ranges::find_if(operands, has_axes);
  // One among numbers keeps its tag as it is, a trivial one too.
  if (std::ranges::count_if(operands, has_axes) == 1 && std::ranges::equal(only->shape, out_shape)) return only->tag;
  TagRef result;
  bool constrained = false;
  for (const TaggedShape& operand : operands) {
    if (operand.shape.empty()) continue;
    TagRef on_output = aligned(operand.tag, operand.shape, out_shape);
    if (!on_output) continue;
    result = constrained ? intersect(result, on_output, static_cast<int>(out_shape.size())) : std::move(on_output);
    constrained = true;
  }
  return result;
}

TagRef reduce(const TagRef& tag, int ndim, std::span<const int> axes, bool keepdims) {
  if (!tag || static_cast<int>(axes.size()) >= ndim) return nullptr;
  TagRef left = without_axes(tag, axes);
  if (!left || left->group().is_trivial()) return nullptr;
  return keepdims ? left : relabelled(left, renumbering_without(ndim, axes));
}

TagRef along_axis(const TagRef& tag, int ndim, int axis) { return reduce(tag, ndim, std::span(&axis, 1), true); }

TagRef transpose(const TagRef& tag, std::span<const int> perm) {
  if (!tag) return nullptr;
  std::vector<int> target(perm.size());
  for (std::size_t i = 0; i < perm.size(); ++i) target[static_cast<std::size_t>(perm[i])] = static_cast<int>(i);
  return relabelled(tag, target);
}

TagRef fix_axes(const TagRef& tag, std::span<const int> axes) {
  if (!tag) return nullptr;
  std::vector<int> fixed;
  for (int i = 0; i < tag->degree(); ++i)
    if (contains(axes, tag->axes()[static_cast<std::size_t>(i)])) fixed.push_back(i);
  if (fixed.empty()) return tag;
  const std::vector<int> kept = points_outside(*tag, axes);
  return Tag::from_group(tag->group().pointwise_stabilizer(fixed).restricted_to(kept), axes_of(*tag, kept));
}

bool moves_axis(const TagRef& tag, int axis) {
  if (!tag) return false;
  const auto at = std::ranges::find(tag->axes(), axis);
  if (at == tag->axes().end()) return false;
  const int orbit = tag->group().orbit_of()[static_cast<std::size_t>(at - tag->axes().begin())];
  return tag->group().orbits()[static_cast<std::size_t>(orbit)].size() > 1;
}

TagRef index(const TagRef& tag, int ndim, std::span<const IndexItem> items) {
  if (!tag) return nullptr;
  std::vector<int> fixed, new_axes, target(static_cast<std::size_t>(ndim), -1);
  int axis = 0, out = 0;
  bool cut = false;  // a named axis is no longer whole
  for (const IndexItem item : items) {
    switch (item) {
      case IndexItem::gather:
        return nullptr;
      case IndexItem::new_axis:
        new_axes.push_back(out++);
        continue;
      case IndexItem::integer:
        fixed.push_back(axis++);
        continue;
      case IndexItem::partial_slice:
        cut = cut || std::ranges::find(tag->axes(), axis) != tag->axes().end();
        break;
      case IndexItem::full_slice:
        break;
    }
    target[static_cast<std::size_t>(axis++)] = out++;
  }
  for (; axis < ndim; ++axis) target[static_cast<std::size_t>(axis)] = out++;
  TagRef left = cut ? nullptr : fix_axes(tag, fixed);
  if (left && left != tag && left->group().is_trivial()) left = nullptr;
  TagRef fresh = new_axes.size() > 1 ? Tag::symmetric(new_axes) : nullptr;
  return joined(left ? relabelled(left, target) : nullptr, std::move(fresh));
}

}  // namespace flopscope::symmetry
