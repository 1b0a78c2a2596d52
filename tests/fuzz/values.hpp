// SPDX-License-Identifier: MIT
// Random values of every kind: arrays of every dtype and layout, tagged ones, numbers at the edges, words that
// operations know, results of earlier calls. Keeps what the values borrow from.
#pragma once

#include <deque>
#include <string>
#include <vector>
#include <whest/flopscope/core/value.hpp>

#include "random.hpp"

namespace whest::fuzz {

using flopscope::ArrayRef;
using flopscope::DType;
using flopscope::Value;
using Shape = std::vector<std::int64_t>;

// What calls may use beside fresh values.
struct Pool {
  std::vector<flopscope::Result> earlier;                       // results of earlier calls
  std::vector<flopscope::ObjectRef> generators, random_states;  // one of each; `self` of their methods
};

class Values {
 public:
  Values(Random& random, const Pool& pool) : m_random(random), m_pool(pool) {}
  Random& random() { return m_random; }
  const Pool& pool() const { return m_pool; }
  // The arrays handed out so far, those of earlier calls included.
  const std::deque<ArrayRef>& arrays() const { return m_arrays; }

  // Of any kind; and of a kind, mostly sensible, sometimes at the edges.
  Value anything();
  Value integer();
  Value number();
  Value integers();  // an axis, a shape...: an integer, a few of them, None
  Value sequence();
  Value slice();
  Value dtype();
  Value word();
  Value subscripts();
  Value group();
  Value earlier();
  Value array();

  // As asked for.
  Value kept(const ArrayRef& array);
  Value text(std::string text);
  Value items(std::vector<Value> items);  // as a list or a tuple
  Value list(std::vector<Value> items);
  Value tuple(std::vector<Value> items);
  Value slice(std::vector<Value> three);
  Value group_on(const std::vector<int>& axes);
  // Elements from low to high, whole numbers or halves; cast to the dtype.
  Value filled(DType dtype, const Shape& shape, double low, double high);
  ArrayRef fresh(DType dtype, const Shape& shape, double low, double high);

 private:
  ArrayRef other_layout(const ArrayRef& a);
  ArrayRef tagged(const ArrayRef& a);

  Random& m_random;
  const Pool& m_pool;
  std::deque<ArrayRef> m_arrays;
  std::deque<std::string> m_words;
  std::deque<std::vector<Value>> m_lists;
  std::deque<flopscope::TagRef> m_tags;
};

}  // namespace whest::fuzz
