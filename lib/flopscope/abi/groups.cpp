// SPDX-License-Identifier: MIT
// The C functions that make symmetry groups, and tell what they are.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <span>
#include <string_view>
#include <vector>
#include <whest/flopscope/abi/error_boundary.hpp>
#include <whest/flopscope/core/value.hpp>
#include <whest/flopscope/symmetry/refusal.hpp>
#include <whest/flopscope/symmetry/tag.hpp>

using namespace flopscope;
using symmetry::Tag;

namespace {

template <class F>
flopscope_status make_group(void** group, F&& make) {
  return abi::guarded([&] {
    try {
      *group = new TagRef(make());
    } catch (const symmetry::Refusal& r) {
      throw_value_error(r.what());
    }
  });
}

const Tag& tag_of(const void* group) { return **static_cast<const TagRef*>(group); }

std::int32_t* write(symmetry::Image image, std::int32_t* to) { return std::ranges::copy(image, to).out; }

}  // namespace

flopscope_status flopscope_group_make(const char* kind, const int32_t* axes, int32_t count, void** group) {
  return make_group(group, [&] {
    const std::vector<int> list(axes, axes + count);
    const std::string_view name = kind;
    if (name == "symmetric") return Tag::symmetric(list);
    if (name == "cyclic") return Tag::cyclic(list);
    if (name == "dihedral") return Tag::dihedral(list);
    throw_value_error("a group is symmetric, cyclic or dihedral, not '" + std::string(name) + "'");
  });
}

flopscope_status flopscope_group_product(const void* const* groups, int32_t count, void** group) {
  return make_group(group, [&] {
    std::vector<TagRef> children;
    for (int32_t i = 0; i < count; ++i) children.push_back(*static_cast<const TagRef*>(groups[i]));
    return Tag::direct_product(children);
  });
}

flopscope_status flopscope_group_generated(const int32_t* generators, int32_t generator_count, const int32_t* axes,
                                           int32_t count, void** group) {
  return make_group(group, [&] {
    std::vector<std::vector<int>> list;
    for (int32_t g = 0; g < generator_count; ++g)
      list.emplace_back(generators + g * count, generators + (g + 1) * count);
    return Tag::from_generators(list, {axes, axes + count});
  });
}

void* flopscope_array_symmetry(const flopscope_array* array) {
  const TagRef& tag = as_internal(array).tag();
  return tag ? new TagRef(tag) : nullptr;
}

flopscope_status flopscope_group_read(const void* group, flopscope_group_facts* facts) {
  return abi::guarded([&] {
    const symmetry::Group& g = tag_of(group).group();
    *facts = {.order = static_cast<double>(g.order()),
              .degree = g.degree(),
              .generator_count = static_cast<std::int32_t>(g.generators().size()),
              .is_symmetric = g.is_full_symmetric() ? 1 : 0,
              .is_abelian = g.is_abelian() ? 1 : 0,
              .is_transitive = g.is_transitive() ? 1 : 0};
  });
}

flopscope_status flopscope_group_axes(const void* group, int32_t* axes) {
  return abi::guarded([&] { std::ranges::copy(tag_of(group).axes(), axes); });
}

flopscope_status flopscope_group_generators(const void* group, int32_t* images) {
  return abi::guarded([&] {
    for (const symmetry::Permutation& generator : tag_of(group).group().generators()) images = write(generator, images);
  });
}

flopscope_status flopscope_group_elements(const void* group, int32_t* images) {
  return abi::guarded([&] {
    const symmetry::Group& g = tag_of(group).group();
    if (!g.is_listable()) symmetry::refuse_too_large();
    for (std::size_t i = 0; i < g.elements().size(); ++i) images = write(g.elements()[i], images);
  });
}

flopscope_status flopscope_group_contains(const void* group, const int32_t* image, int32_t degree, int32_t* contains) {
  return abi::guarded([&] {
    const symmetry::Group& g = tag_of(group).group();
    std::vector<std::int32_t> positions(static_cast<std::size_t>(g.degree()));
    std::iota(positions.begin(), positions.end(), 0);
    const std::span wanted(image, static_cast<std::size_t>(std::max(degree, 0)));
    if (!std::ranges::is_permutation(wanted, positions))
      throw_value_error(fmt::format("a permutation of the group's {} positions was expected", g.degree()));
    *contains = g.contains(symmetry::Permutation(wanted.begin(), wanted.end())) ? 1 : 0;
  });
}

flopscope_status flopscope_group_equal(const void* a, const void* b, int32_t* equal) {
  return abi::guarded([&] {
    *equal = symmetry::same_symmetry(*static_cast<const TagRef*>(a), *static_cast<const TagRef*>(b)) ? 1 : 0;
  });
}

flopscope_status flopscope_group_unique_count(const void* group, const int64_t* shape, int32_t ndim, double* count) {
  return abi::guarded([&] {
    *count = symmetry::burnside_unique_count(tag_of(group), {shape, static_cast<std::size_t>(ndim)});
  });
}
