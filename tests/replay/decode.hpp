// SPDX-License-Identifier: MIT
// Turns the argument coding of the golden files (tests/golden/calls/README.md) into values of the waist.
#pragma once

#include <deque>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>
#include <whest/flopscope/core/value.hpp>

namespace flopscope::replay {

using Json = nlohmann::ordered_json;

// Owns everything that decoded values borrow; values live as long as the decoder.
class Decoder {
 public:
  // Decodes the positional arguments of a call; {"same": "0.1"} refers to an earlier one.
  std::vector<Value> positional(const Json& args);
  Value value(const Json& j);
  // An object made by an earlier call (a random generator), as a value.
  Value keep(const Result& result);

 private:
  Value sequence(const Json& items, bool tuple);
  Value array(const Json& spec);
  class IndexReader;
  Value index_text(std::string_view text);
  Value same(const Json& path);
  Value hold(ArrayRef a);
  std::span<const Value> hold(std::vector<Value> items);

  std::deque<ArrayRef> m_arrays;
  std::deque<std::vector<Value>> m_lists;
  std::deque<std::string> m_texts;
  std::deque<TagRef> m_tags;
  std::deque<ObjectRef> m_objects;
  std::vector<Value> m_positional;
  std::vector<std::vector<Value>*> m_open;  // the lists being read, outermost first
};

// {"array": {...}} with "key": the deterministic pattern, with its form and tag.
ArrayRef pattern_array(const Json& spec);
// The tag that a golden "tag" or "group" entry names ([[0, 1]], {"cyclic": [..]}, {"young": ..}, {"generators",
// "axes"}...).
TagRef decode_tag(const Json& j);
// Number of elements of a tag's group.
double tag_order(const symmetry::Tag& tag);

}  // namespace flopscope::replay
