// SPDX-License-Identifier: MIT
// Reads the tags and groups of tests/golden/symmetry and queries.
#pragma once

#include <golden.hpp>
#include <optional>
#include <string>
#include <vector>
#include <whest/flopscope/symmetry/refusal.hpp>
#include <whest/flopscope/symmetry/tag.hpp>

namespace whest::test {

using Json = nlohmann::ordered_json;
using flopscope::symmetry::Tag;
using flopscope::symmetry::TagRef;

// A declared tag: [[0, 1]] (one block: symmetric; more: Young), {"symmetric"|"cyclic"|"dihedral": axes},
// {"young": blocks}, {"product": tags}, {"generators": [...], "axes": axes}.
inline TagRef tag_of(const Json& tag) {
  if (tag.is_null()) return nullptr;
  if (tag.is_array()) {
    const auto blocks = tag.get<std::vector<std::vector<int>>>();
    return blocks.size() == 1 ? Tag::symmetric(blocks.front()) : Tag::young(blocks);
  }
  if (tag.contains("symmetric")) return Tag::symmetric(tag["symmetric"].get<std::vector<int>>());
  if (tag.contains("cyclic")) return Tag::cyclic(tag["cyclic"].get<std::vector<int>>());
  if (tag.contains("dihedral")) return Tag::dihedral(tag["dihedral"].get<std::vector<int>>());
  if (tag.contains("young")) return Tag::young(tag["young"].get<std::vector<std::vector<int>>>());
  if (tag.contains("product")) {
    std::vector<TagRef> children;
    for (const Json& child : tag["product"]) children.push_back(tag_of(child));
    return Tag::direct_product(std::move(children));
  }
  return Tag::from_generators(tag.at("generators").get<std::vector<std::vector<int>>>(),
                              tag.at("axes").get<std::vector<int>>());
}

// A tag of a result: null or {axes, order, generators}.
inline TagRef result_tag_of(const Json& tag) {
  if (tag.is_null() || tag.at("generators").empty()) return nullptr;
  return Tag::from_generators(tag["generators"].get<std::vector<std::vector<int>>>(),
                              tag["axes"].get<std::vector<int>>());
}

inline std::string text_of(const TagRef& tag) {
  if (!tag) return "none";
  std::string text = "axes";
  for (const int axis : tag->axes()) text += " " + std::to_string(axis);
  return text + " order " + std::to_string(tag->group().order());
}

// The class that the packages name for a refusal.
inline std::string class_of(const flopscope::Error& refusal) {
  using flopscope::ErrorKind;
  switch (refusal.kind()) {
    case ErrorKind::value_error:
      return "ValueError";
    case ErrorKind::index_error:
      return "IndexError";
    case ErrorKind::type_error:
      return "TypeError";
    case ErrorKind::key_error:
      return "KeyError";
    case ErrorKind::symmetry_error:
      return "SymmetryError";
    case ErrorKind::runtime_error:
      return "_DiminoBudgetExceeded";
    default:
      return "another class";
  }
}

inline const std::vector<std::string>& model_names() {
  static const std::vector<std::string> names{"flopscope-0.5", "flopscope-0.9", "flopscope-0.12"};
  return names;
}

}  // namespace whest::test
