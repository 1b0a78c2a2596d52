// SPDX-License-Identifier: MIT
// Tags: the factories and their errors, and whether a tag may be on an array of a given shape.
#include <algorithm>
#include <numeric>
#include <whest/flopscope/symmetry/refusal.hpp>
#include <whest/flopscope/symmetry/tag.hpp>

namespace flopscope::symmetry {
namespace {

void require_axes(const std::vector<int>& axes) {
  if (axes.empty()) refuse_value("axes must be non-empty");
  std::vector<int> sorted = axes;
  std::ranges::sort(sorted);
  if (std::ranges::adjacent_find(sorted) != sorted.end()) refuse_value("axes must be unique");
}

// Generators on axes in any order, rewritten on the ascending axes.
std::vector<Permutation> on_sorted_axes(std::span<const Permutation> generators, std::span<const int> axes,
                                        std::span<const int> sorted) {
  std::vector<int> place(axes.size());
  for (std::size_t i = 0; i < axes.size(); ++i)
    place[i] = static_cast<int>(std::ranges::find(sorted, axes[i]) - sorted.begin());
  std::vector<Permutation> moved;
  for (const Permutation& g : generators) {
    Permutation m(g.size());
    for (std::size_t i = 0; i < g.size(); ++i)
      m[static_cast<std::size_t>(place[i])] = static_cast<std::uint8_t>(place[g[i]]);
    moved.push_back(std::move(m));
  }
  return moved;
}

TagRef make(Tag::Kind kind, std::span<const Permutation> generators, const std::vector<int>& axes,
            int generator_count) {
  std::vector<int> sorted = axes;
  std::ranges::sort(sorted);
  Group group(static_cast<int>(axes.size()), on_sorted_axes(generators, axes, sorted));
  return std::make_shared<const Tag>(kind, std::move(sorted), std::move(group), std::vector<TagRef>{}, generator_count);
}

Permutation rotation(std::size_t n) {
  Permutation p(n);
  for (std::size_t i = 0; i < n; ++i) p[i] = static_cast<std::uint8_t>((i + 1) % n);
  return p;
}

Permutation reflection(std::size_t n) {
  Permutation p(n);
  for (std::size_t i = 0; i < n; ++i) p[i] = static_cast<std::uint8_t>((n - i) % n);
  return p;
}

std::string make_key(Tag::Kind kind, const std::vector<int>& axes, const Group& group,
                     const std::vector<TagRef>& children) {
  std::string key(1, static_cast<char>('a' + static_cast<int>(kind)));
  if (!children.empty()) {
    for (const TagRef& child : children) key += '(' + child->key() + ')';
    return key;
  }
  for (const int axis : axes) key += std::to_string(axis) + ',';
  if (kind == Tag::Kind::symmetric) return key;
  for (const Permutation& g : group.generators()) {
    key += ';';
    for (const std::uint8_t image : g) key += static_cast<char>('!' + image);
  }
  return key;
}

}  // namespace

Tag::Tag(Kind kind, std::vector<int> axes, Group group, std::vector<TagRef> children, int generator_count,
         bool inferred)
    : m_kind(kind),
      m_axes(std::move(axes)),
      m_group(std::move(group)),
      m_children(std::move(children)),
      m_generator_count(generator_count),
      m_inferred(inferred),
      m_key(make_key(m_kind, m_axes, m_group, m_children)) {}

TagRef Tag::symmetric(std::vector<int> axes) {
  require_axes(axes);
  std::ranges::sort(axes);
  const int n = static_cast<int>(axes.size());
  return std::make_shared<const Tag>(Kind::symmetric, std::move(axes), Group::symmetric(n), std::vector<TagRef>{},
                                     n - 1);
}

TagRef Tag::cyclic(const std::vector<int>& axes) {
  require_axes(axes);
  const Permutation turn = rotation(axes.size());
  return make(Kind::cyclic, std::span(&turn, 1), axes, axes.size() > 1 ? 1 : 0);
}

TagRef Tag::dihedral(std::vector<int> axes) {
  require_axes(axes);
  if (axes.size() <= 2) return symmetric(std::move(axes));  // C.9
  const Permutation both[] = {rotation(axes.size()), reflection(axes.size())};
  return make(Kind::dihedral, both, axes, 2);
}

TagRef Tag::young(const std::vector<std::vector<int>>& blocks) {
  if (blocks.empty()) refuse_value("young() requires at least one block");
  std::vector<TagRef> children;
  for (const auto& block : blocks) children.push_back(symmetric(block));
  return children.size() == 1 ? children.front() : direct_product(children);
}

TagRef Tag::direct_product(const std::vector<TagRef>& children) {
  if (children.empty()) refuse_value("direct_product() requires at least one group");
  std::vector<TagRef> flat;
  std::vector<int> axes;
  bool from_factories = true;
  int generator_count = 0;
  for (const TagRef& child : children) {
    if (child->kind() == Kind::product)
      flat.insert(flat.end(), child->children().begin(), child->children().end());
    else
      flat.push_back(child);
    from_factories = from_factories && child->kind() != Kind::generated;
    axes.insert(axes.end(), child->axes().begin(), child->axes().end());
    generator_count += child->generator_count();
  }
  std::ranges::sort(axes);
  if (std::ranges::adjacent_find(axes) != axes.end())
    refuse_value("SymmetryGroup.direct_product() requires disjoint supports");
  std::vector<Permutation> generators;
  for (const TagRef& child : flat) {
    std::vector<int> place;
    for (const int axis : child->axes())
      place.push_back(static_cast<int>(std::ranges::find(axes, axis) - axes.begin()));
    const Group embedded = child->group().embedded(place, static_cast<int>(axes.size()));
    generators.insert(generators.end(), embedded.generators().begin(), embedded.generators().end());
  }
  Group group(static_cast<int>(axes.size()), std::move(generators));
  if (!from_factories) flat.clear();
  return std::make_shared<const Tag>(from_factories ? Kind::product : Kind::generated, std::move(axes),
                                     std::move(group), std::move(flat), generator_count);
}

TagRef Tag::from_generators(const std::vector<std::vector<int>>& generators, const std::vector<int>& axes) {
  if (generators.empty()) refuse_value("At least one generator literal is required");
  require_axes(axes);
  std::vector<Permutation> permutations;
  for (const auto& g : generators) {
    if (g.size() != axes.size())
      refuse_value("Generator literal has degree " + std::to_string(g.size()) + ", expected degree " +
                   std::to_string(axes.size()));
    std::vector<int> sorted = g;
    std::ranges::sort(sorted);
    for (std::size_t i = 0; i < sorted.size(); ++i)
      if (sorted[i] != static_cast<int>(i)) {
        std::string text;
        for (const int image : g) text += (text.empty() ? "" : ", ") + std::to_string(image);
        refuse_value("Generator literal [" + text + "] is not a bijection on range(" + std::to_string(g.size()) + ")");
      }
    permutations.emplace_back(g.begin(), g.end());
  }
  const auto moving = std::ranges::count_if(generators, [](const auto& g) { return !std::ranges::is_sorted(g); });
  return make(Kind::generated, permutations, axes, static_cast<int>(moving));
}

TagRef Tag::from_group(const Group& group, std::span<const int> axes) {
  if (group.is_trivial()) return nullptr;
  return make(Kind::generated, group.generators(), {axes.begin(), axes.end()},
              static_cast<int>(group.generators().size()));
}

Group Tag::full_group(int ndim) const { return m_group.embedded(m_axes, ndim); }

bool same_symmetry(const TagRef& a, const TagRef& b) {
  if (a == b) return true;
  int ndim = 0;
  for (const TagRef* tag : {&a, &b})
    if (*tag) ndim = std::max(ndim, (*tag)->axes().back() + 1);
  const Group left = a ? a->full_group(ndim) : Group::trivial(ndim);
  const Group right = b ? b->full_group(ndim) : Group::trivial(ndim);
  return left == right;
}

void require_fits(const Tag& tag, Dims shape) {
  const int ndim = static_cast<int>(shape.size());
  if (tag.axes().front() < 0 || tag.axes().back() >= ndim)
    refuse_value("SymmetryGroup axes are out of range for ndim=" + std::to_string(ndim));
  if (fits(tag, shape)) return;
  std::string axes;
  for (const int axis : tag.axes()) axes += (axes.empty() ? "" : ", ") + std::to_string(axis);
  refuse_symmetry("Tensor not symmetric along axes (" + axes +
                  "): max deviation = inf (tolerance: atol=1e-06, rtol=1e-05)");
}

bool fits(const Tag& tag, Dims shape) {
  if (tag.axes().front() < 0 || tag.axes().back() >= static_cast<int>(shape.size())) return false;
  const auto size = [&](int point) {
    return shape[static_cast<std::size_t>(tag.axes()[static_cast<std::size_t>(point)])];
  };
  return std::ranges::all_of(tag.group().orbits(), [&](const std::vector<int>& orbit) {
    return std::ranges::all_of(orbit, [&](int point) { return size(point) == size(orbit.front()); });
  });
}

}  // namespace flopscope::symmetry
