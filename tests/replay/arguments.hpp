// SPDX-License-Identifier: MIT
// The arguments of a call as comparisons want them: in the order of the signature whether they came by position or by
// name, and lists of numbers as arrays.
#pragma once

#include <deque>
#include <string>
#include <vector>
#include <whest/flopscope/core/catalogue.hpp>

namespace flopscope::replay {

class CallArguments {
 public:
  CallArguments(const std::string& op, std::span<const Value> positional, std::span<const NamedValue> named);
  CallArguments(const CallArguments&) = delete;
  CallArguments& operator=(const CallArguments&) = delete;

  // Signature order; what was left out is missing. Where the call does not bind: its positional arguments.
  const std::vector<Value>& all() const { return m_all; }
  // The same with what sets an operation (an order, axes, a buffer) missing: its data alone.
  const std::vector<Value>& data() const { return m_data; }

 private:
  Value with_arrays(const Value& v);

  std::deque<ArrayRef> m_arrays;
  std::deque<std::vector<Value>> m_items;
  BoundArguments m_bound;
  std::vector<Value> m_all, m_data;
};

}  // namespace flopscope::replay
