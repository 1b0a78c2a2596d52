// SPDX-License-Identifier: MIT
// Arguments that an operation should accept: arrays of shapes that fit together, numbers in the domain of a
// distribution, words that the parameter knows.
#pragma once

#include <map>
#include <optional>
#include <string_view>
#include <whest/flopscope/core/operation.hpp>

#include "values.hpp"

namespace whest::fuzz {

class Sensible {
 public:
  Sensible(Values& values, const flopscope::Operation& op);

  // A value for a parameter; nothing: better left out.
  std::optional<Value> value(std::string_view parameter, bool optional);
  // Whether an optional parameter is needed for the call to make sense.
  bool wants(std::string_view parameter) const;
  // Arguments that only make sense together (einsum's text and operands); nothing: parameter by parameter.
  std::optional<std::vector<Value>> together();

  // What the recipes are made of.
  Values& values() { return m_values; }
  Random& random() { return m_values.random(); }
  bool is(std::string_view name) const { return m_op.name == name; }
  bool takes(std::string_view word) const { return m_op.signature.find(word) != std::string_view::npos; }
  const Shape& shape() const { return m_shape; }
  DType dtype() const { return m_dtype; }
  std::int64_t ndim() const { return static_cast<std::int64_t>(m_shape.size()); }
  std::int64_t length() const { return m_shape.empty() ? 1 : m_shape.back(); }  // of the last axis
  Value operand();                                                              // of the call's shape and dtype
  Value whole(std::int64_t low, std::int64_t high) { return Value::integer(random().between(low, high)); }
  Value real(double low, double high);  // in quarters
  Value word(std::initializer_list<const char*> words);
  Value vector(DType dtype, std::int64_t n, double low, double high) { return values().filled(dtype, {n}, low, high); }
  Value truths(const Shape& of) { return values().filled(DType::bool_, of, 0, 1); }
  Value positions(const Shape& of, std::int64_t below);  // of elements along an axis of that length
  Value as_items(const Shape& numbers);
  Value regular_matrix();  // symmetric, far from singular

 private:
  Values& m_values;
  const flopscope::Operation& m_op;
  Shape m_shape;
  DType m_dtype = DType::float64;
};

}  // namespace whest::fuzz
