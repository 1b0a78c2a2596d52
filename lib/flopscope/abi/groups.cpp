// SPDX-License-Identifier: MIT
// The C functions that make symmetry groups.
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

double flopscope_group_order(const void* group) {
  const TagRef& tag = *static_cast<const TagRef*>(group);
  return tag ? static_cast<double>(tag->group().order()) : 1;
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
