// SPDX-License-Identifier: MIT
// Reading the arguments of cost queries: sizes are numbers, not necessarily whole or positive, since a query asks of
// anything what it would cost.
#pragma once

#include <optional>
#include <string_view>
#include <vector>
#include <whest/flopscope/core/operation.hpp>

namespace flopscope::queries {

using Shape = std::vector<double>;

class Arguments {
 public:
  Arguments(std::span<const Value> values, const CostModel& model) : m_values(values), m_model(model) {}

  const CostModel& model() const { return m_model; }
  // Missing where the model's signature is shorter.
  const Value& at(int i) const;
  bool has(int i) const { return !at(i).is_absent(); }
  double number(int i) const;                       // TypeError for anything else
  double number_or(int i, double if_absent) const;  // absent: missing or None
  bool flag(int i) const;                           // false when missing
  Shape shape(int i) const;                         // a sequence of numbers, else TypeError
  // A shape of whole numbers that are not negative, for what works on arrays.
  std::vector<std::int64_t> array_shape(int i) const;

 private:
  std::span<const Value> m_values;
  const CostModel& m_model;
};

// A signature without an operation, for bind().
Operation signature_of(std::string_view name, std::string_view signature);

double to_number(const Value& v);
Shape to_sizes(const Value& v);
std::vector<std::int64_t> to_array_shape(const Shape& sizes);

// An order of a norm: None, a number, or text (nan stands for text, which no vector norm knows).
struct NormOrder {
  bool none = false;
  bool nuclear = false;
  double p = 0;
};
NormOrder to_norm_order(const Value& v);

double product(const Shape& shape);

// Where the model prices products by its einsum engine, sizes must be whole (TypeError) and not negative (ValueError).
void require_contraction_sizes(const CostModel& model, std::initializer_list<double> sizes);

}  // namespace flopscope::queries
