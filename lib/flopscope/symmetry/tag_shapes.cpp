// SPDX-License-Identifier: MIT
// How tags pass through changes of shape: reshape, squeeze, new axes, joining, tiling; and automatic tags (C.2, C.4).
#include <algorithm>
#include <map>
#include <numeric>
#include <whest/flopscope/symmetry/tag.hpp>

namespace flopscope::symmetry {
namespace {

TagRef inferred(const TagRef& tag) {
  return std::make_shared<const Tag>(tag->kind(), tag->axes(), tag->group(), tag->children(), tag->generator_count(),
                                     true);
}

}  // namespace

TagRef reshape(const TagRef& tag, Dims from, Dims to) {
  if (!tag) return nullptr;
  if (std::ranges::equal(from, to)) return tag;
  // The named axes, all of one size, and what lies between them must be found again in the result, in this order.
  std::vector<int> named = tag->axes();
  std::ranges::sort(named);
  const std::int64_t extent = from[static_cast<std::size_t>(tag->axes().front())];
  std::vector<int> target(from.size(), -1);
  std::size_t in = 0, out = 0;
  const auto elements_before = [&](std::size_t end) {
    std::int64_t n = 1;
    for (; in < end; ++in) n *= from[in];
    return n;
  };
  for (const int axis : named) {
    const std::int64_t between = elements_before(static_cast<std::size_t>(axis));
    std::int64_t found = 1;
    while (found < between && out < to.size()) found *= to[out++];
    if (found != between) return nullptr;
    while (extent != 1 && out < to.size() && to[out] == 1) ++out;
    if (out == to.size() || to[out] != extent) return nullptr;
    target[static_cast<std::size_t>(axis)] = static_cast<int>(out++);
    ++in;
  }
  std::int64_t behind = 1;
  for (; out < to.size(); ++out) behind *= to[out];
  return behind == elements_before(from.size()) ? relabelled(tag, target) : nullptr;
}

TagRef squeeze(const TagRef& tag, int ndim, std::span<const int> axes) {
  if (!tag) return nullptr;
  if (std::ranges::any_of(axes, [&](int axis) { return moves_axis(tag, axis); })) return nullptr;
  std::vector<IndexItem> items(static_cast<std::size_t>(ndim), IndexItem::full_slice);
  for (const int axis : axes) items[static_cast<std::size_t>(axis)] = IndexItem::integer;
  return index(tag, ndim, items);
}

TagRef expand_dims(const TagRef& tag, int ndim, std::span<const int> new_axes) {
  std::vector<IndexItem> items(static_cast<std::size_t>(ndim) + new_axes.size(), IndexItem::full_slice);
  for (const int axis : new_axes) items[static_cast<std::size_t>(axis)] = IndexItem::new_axis;
  if (tag && tag->group().is_trivial())
    return new_axes.size() > 1 ? Tag::symmetric({new_axes.begin(), new_axes.end()}) : nullptr;
  return index(tag, ndim, items);
}

namespace {

// Full groups on the axes of equal size.
TagRef equal_axes(Dims shape) {
  std::vector<std::pair<std::int64_t, std::vector<int>>> blocks;  // by size, in the order of appearance
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    auto at = std::ranges::find(blocks, shape[axis], &std::pair<std::int64_t, std::vector<int>>::first);
    if (at == blocks.end()) at = blocks.insert(blocks.end(), {shape[axis], {}});
    at->second.push_back(static_cast<int>(axis));
  }
  std::erase_if(blocks, [](const auto& block) { return block.second.size() < 2; });
  if (blocks.empty()) return nullptr;
  std::vector<std::vector<int>> axes;
  for (auto& block : blocks) axes.push_back(std::move(block.second));
  return Tag::young(axes);
}

}  // namespace

TagRef broadcast_to(const TagRef& tag, Dims from, Dims to) {
  // Along new axes all elements are equal, tagged or not.
  if (!tag || tag->group().is_trivial()) return equal_axes(to.first(to.size() - from.size()));
  const TaggedShape operand{tag, from};
  return aligned_intersection(std::span(&operand, 1), to);
}

TagRef flip(const TagRef& tag, int ndim, std::span<const int> axes) {
  if (!tag) return nullptr;
  const Group all = tag->full_group(ndim);
  const Group kept = all.setwise_stabilizer(axes);
  const auto flipped = [&](int axis) { return std::ranges::find(axes, axis) != axes.end(); };
  const auto named_flipped = std::ranges::count_if(tag->axes(), flipped);
  if (named_flipped == 0 || named_flipped == tag->degree()) return tag;
  if (kept.is_trivial()) return nullptr;
  if (kept == all) return tag;
  std::vector<int> every(static_cast<std::size_t>(ndim));
  std::iota(every.begin(), every.end(), 0);
  return Tag::from_group(kept, every);
}

TagRef change_axes(const TagRef& tag, std::span<const int> axes) {
  if (!tag) return nullptr;
  const auto is_named = [&](int axis) { return std::ranges::find(tag->axes(), axis) != tag->axes().end(); };
  return std::ranges::any_of(axes, is_named) ? nullptr : tag;
}

TagRef split(const TagRef& tag, int axis) { return fix_axes(tag, std::span(&axis, 1)); }

TagRef tile(const TagRef& tag, int ndim, std::span<const std::int64_t> counts) {
  if (!tag) return nullptr;
  const int extra = static_cast<int>(counts.size()) - ndim;  // positive: new leading axes; negative: counts of 1 lead
  const auto count_of = [&](int axis) { return axis + extra < 0 ? 1 : counts[static_cast<std::size_t>(axis + extra)]; };
  for (const auto& orbit : tag->group().orbits())
    for (const int point : orbit)
      if (count_of(tag->axes()[static_cast<std::size_t>(point)]) !=
          count_of(tag->axes()[static_cast<std::size_t>(orbit.front())]))
        return nullptr;
  if (extra <= 0) return tag;
  std::vector<int> target(static_cast<std::size_t>(ndim));
  std::iota(target.begin(), target.end(), extra);
  return relabelled(tag, target);
}

TagRef stack(std::span<const TagRef> parts, int part_ndim, int axis) {
  if (parts.empty()) return nullptr;
  TagRef shared = parts.front();
  for (const TagRef& part : parts.subspan(1)) shared = intersect(shared, part, part_ndim);
  const int at[] = {axis};
  return shared ? expand_dims(shared, part_ndim, at) : nullptr;
}

TagRef concatenate(std::span<const TagRef> parts, int ndim, int axis) {
  if (parts.empty()) return nullptr;
  TagRef shared = parts.front();
  for (const TagRef& part : parts.subspan(1)) shared = intersect(shared, part, ndim);
  return split(shared, axis);
}

TagRef automatic(Dims shape) {
  const TagRef tag = equal_axes(shape);
  return tag ? inferred(tag) : nullptr;
}

TagRef symmetric_pair(int first, int second) { return inferred(Tag::symmetric({first, second})); }

TagRef like(const TagRef& tag, Dims shape) { return tag && fits(*tag, shape) ? tag : automatic(shape); }

}  // namespace flopscope::symmetry
