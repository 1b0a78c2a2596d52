// SPDX-License-Identifier: MIT
#include <cmath>
#include <limits>
#include <whest/flopscope/queries/arguments.hpp>

namespace flopscope::queries {

Operation signature_of(std::string_view name, std::string_view signature) {
  Operation operation{};
  operation.name = name;
  operation.signature = signature;
  return operation;
}

double to_number(const Value& v) {
  if (v.is(ValueKind::string)) throw_type_error("a size is a number, not text");
  return to_double(v, "a size");
}

Shape to_sizes(const Value& v) {
  if (!v.is_sequence()) throw_type_error("a shape is a sequence of sizes");
  Shape shape;
  for (const Value& item : v.as_items()) shape.push_back(to_number(item));
  return shape;
}

const Value& Arguments::at(int i) const {
  static const Value k_missing;
  return static_cast<std::size_t>(i) < m_values.size() ? m_values[static_cast<std::size_t>(i)] : k_missing;
}

double Arguments::number(int i) const { return to_number(at(i)); }
double Arguments::number_or(int i, double if_absent) const { return has(i) ? number(i) : if_absent; }
bool Arguments::flag(int i) const { return to_bool(at(i), false); }

Shape Arguments::shape(int i) const { return to_sizes(at(i)); }

std::vector<std::int64_t> to_array_shape(const Shape& sizes) {
  std::vector<std::int64_t> shape;
  for (const double size : sizes) {
    if (size != std::floor(size)) throw_value_error("a shape has whole sizes");
    if (size < 0) throw_value_error("negative dimensions are not allowed");
    if (size > 9e18) throw_value_error("a size must be below 2^63");
    shape.push_back(static_cast<std::int64_t>(size));
  }
  return shape;
}
std::vector<std::int64_t> Arguments::array_shape(int i) const { return to_array_shape(shape(i)); }

NormOrder to_norm_order(const Value& v) {
  if (v.is_absent()) return {.none = true};
  if (v.is(ValueKind::string))
    return {.nuclear = v.as_string() == "nuc", .p = std::numeric_limits<double>::quiet_NaN()};
  return {.p = to_number(v)};
}

double product(const Shape& shape) {
  double p = 1;
  for (const double d : shape) p *= d;
  return p;
}

void require_contraction_sizes(const CostModel& model, std::initializer_list<double> sizes) {
  static constexpr std::string_view k_rule = "queries.products_are_contractions";
  if (!model.rule(k_rule)) return;
  for (const double size : sizes)
    if (size < 0) throw_value_error("negative dimensions are not allowed");
  for (const double size : sizes)
    if (size != std::floor(size)) throw_type_error("a float cannot be interpreted as an integer");
}

}  // namespace flopscope::queries
