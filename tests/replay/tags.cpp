// SPDX-License-Identifier: MIT
// Golden tags ("tag", "group", "sym_of" entries of calls, queries and symmetry) as symmetry tags.
#include <whest/flopscope/symmetry/tag.hpp>

#include "decode.hpp"

namespace flopscope::replay {
namespace {

using symmetry::Tag;

std::vector<int> ints(const Json& j) { return j.get<std::vector<int>>(); }

}  // namespace

TagRef decode_tag(const Json& j) {
  if (j.is_null()) return nullptr;
  if (j.is_array()) {  // [[0, 1]]: one full group per block
    if (j.size() == 1) return Tag::symmetric(ints(j.at(0)));
    std::vector<std::vector<int>> blocks;
    for (const Json& block : j) blocks.push_back(ints(block));
    return Tag::young(blocks);
  }
  if (j.contains("generators")) {
    std::vector<std::vector<int>> generators;
    for (const Json& g : j.at("generators")) generators.push_back(ints(g));
    return Tag::from_generators(generators, ints(j.at("axes")));
  }
  if (j.contains("symmetric")) return Tag::symmetric(ints(j.at("symmetric")));
  if (j.contains("cyclic")) return Tag::cyclic(ints(j.at("cyclic")));
  if (j.contains("dihedral")) return Tag::dihedral(ints(j.at("dihedral")));
  if (j.contains("young")) {
    std::vector<std::vector<int>> blocks;
    for (const Json& block : j.at("young")) blocks.push_back(ints(block));
    return Tag::young(blocks);
  }
  std::vector<TagRef> children;
  for (const Json& child : j.at("product")) children.push_back(decode_tag(child));
  return Tag::direct_product(children);
}

double tag_order(const Tag& tag) { return static_cast<double>(tag.group().order()); }

}  // namespace flopscope::replay
