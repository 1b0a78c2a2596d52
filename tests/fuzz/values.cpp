// SPDX-License-Identifier: MIT
#include "values.hpp"

#include <cmath>
#include <limits>
#include <whest/flopscope/symmetry/tag.hpp>

namespace whest::fuzz {

using flopscope::symmetry::Tag;

namespace {

constexpr std::int64_t k_dtypes = 14;

const std::vector<std::string>& words() {
  static const std::vector<std::string> k_words = {
      "C",       "F",      "K",     "A",       "full",  "same",     "valid",   "reduced",  "complete", "r",
      "raw",     "fro",    "nuc",   "linear",  "lower", "higher",   "nearest", "midpoint", "left",     "right",
      "wrap",    "clip",   "raise", "reflect", "edge",  "constant", "mean",    "median",   "auto",     "fd",
      "sturges", "sqrt",   "U",     "L",       "xy",    "ij",       "ortho",   "forward",  "backward", "optimal",
      "greedy",  "unsafe", "no",    "float32", "int8",  "nonsense", "",        "stable",   "i,j->ij",  "ij->ji"};
  return k_words;
}

}  // namespace

Value Values::anything() {
  switch (m_random.below(12)) {
    case 0:
      return Value();
    case 1:
      return Value::none();
    case 2:
      return Value::boolean(m_random.one_in(2));
    case 3:
      return integer();
    case 4:
      return word();
    case 5:
      return dtype();
    case 6:
      return sequence();
    case 7:
      return slice();
    case 8:
      return Value::ellipsis();
    case 9:
      return group();
    case 10:
      return number();
    default:
      return earlier();
  }
}

Value Values::integer() {
  static const std::vector<std::int64_t> k_edges = {std::numeric_limits<std::int64_t>::min(),
                                                    std::numeric_limits<std::int64_t>::max(),
                                                    std::int64_t{1} << 40,
                                                    -(std::int64_t{1} << 40),
                                                    -1000,
                                                    1000};
  return Value::integer(m_random.one_in(40) ? m_random.of(k_edges) : m_random.below(10) - 3);
}

Value Values::number() {
  static const std::vector<double> k_edges = {0.0,      -0.0,      1e300, -1e300, 1e-310, std::nan(""),
                                              INFINITY, -INFINITY, 0.5,   -2.5,   1e18,   3.0};
  switch (m_random.below(4)) {
    case 0:
      return Value::real(m_random.of(k_edges));
    case 1:
      return Value::complex({m_random.of(k_edges), m_random.of(k_edges)});
    case 2:
      return Value::real(static_cast<double>(m_random.below(21) - 10) / 4);
    default:
      return integer();
  }
}

Value Values::integers() {
  if (m_random.one_in(8)) return Value::none();
  if (m_random.one_in(2)) return integer();
  std::vector<Value> some;
  for (std::int64_t n = m_random.below(5); n > 0; --n) some.push_back(integer());
  return items(std::move(some));
}

Value Values::sequence() {
  std::vector<Value> some;
  for (std::int64_t n = m_random.below(4); n > 0; --n)
    some.push_back(m_random.one_in(3) ? number() : m_random.one_in(8) ? anything() : array());
  return items(std::move(some));
}

Value Values::slice() {
  const auto bound = [&] { return m_random.one_in(3) ? Value::none() : integer(); };
  return slice({bound(), bound(), bound()});
}

Value Values::dtype() { return Value::of_dtype(static_cast<DType>(m_random.below(k_dtypes))); }
Value Values::word() { return Value::string(m_random.of(words())); }

Value Values::subscripts() {
  std::string s;
  for (std::int64_t n = 1 + m_random.below(3); n > 0; --n) {
    for (std::int64_t k = m_random.below(4); k > 0; --k) s += static_cast<char>('a' + m_random.below(4));
    if (m_random.one_in(12)) s += "...";
    if (n > 1) s += ',';
  }
  if (!m_random.one_in(4)) s += "->";
  for (std::int64_t k = m_random.below(3); k > 0; --k) s += static_cast<char>('a' + m_random.below(4));
  return text(std::move(s));
}

Value Values::group() {
  std::vector<int> axes;
  for (int axis = 0; axis < 4; ++axis)
    if (m_random.one_in(2)) axes.push_back(axis);
  if (axes.size() < 2) axes = {0, 1};
  return group_on(axes);
}

Value Values::group_on(const std::vector<int>& axes) {
  m_tags.push_back(m_random.one_in(3)   ? Tag::cyclic(axes)
                   : m_random.one_in(2) ? Tag::dihedral(axes)
                                        : Tag::symmetric(axes));
  return Value::of_group(m_tags.back());
}

Value Values::earlier() {
  for (int tries = 0; tries < 4 && !m_pool.earlier.empty(); ++tries) {
    const flopscope::Result& result = m_random.of(m_pool.earlier);
    if (result.is_array()) return kept(result.array());
    if (const auto* object = std::get_if<flopscope::ObjectRef>(&result.variant())) return Value::of_object(*object);
  }
  return array();
}

ArrayRef Values::fresh(DType dtype, const Shape& shape, double low, double high) {
  const ArrayRef wide = flopscope::Array::make(DType::float64, shape);
  const auto steps = static_cast<std::int64_t>((high - low) * 2) + 1;
  for (std::int64_t i = 0; i < wide->size; ++i)
    wide->mutable_items<double>()[i] = low + static_cast<double>(m_random.below(steps)) / 2;
  return flopscope::cast(*wide, dtype);
}

Value Values::filled(DType dtype, const Shape& shape, double low, double high) {
  return kept(fresh(dtype, shape, low, high));
}

Value Values::array() {
  Shape shape;
  for (std::int64_t n = m_random.one_in(40) ? 12 : m_random.below(4); n > 0; --n)
    shape.push_back(m_random.one_in(15) ? 0 : 1 + m_random.below(n > 6 ? 2 : 4));
  const bool square = m_random.one_in(2);
  if (square) std::fill(shape.begin(), shape.end(), shape.empty() ? 1 : shape[0]);
  const ArrayRef wide = ArrayRef(flopscope::Array::make(DType::float64, shape));
  // Few different values, so that equal ones, zeros and masks occur; every seventh array has extremes.
  const bool extremes = m_random.one_in(7);
  for (std::int64_t i = 0; i < wide->size; ++i) {
    const double edges[] = {std::nan(""), INFINITY, -INFINITY, 1e308, -1e308, 1e-310};
    wide->mutable_items<double>()[i] = extremes && m_random.one_in(4)
                                           ? edges[m_random.below(6)]
                                           : static_cast<double>(m_random.below(9) - 3) / (m_random.one_in(2) ? 1 : 4);
  }
  ArrayRef a = flopscope::cast(*wide, static_cast<DType>(m_random.below(k_dtypes)));
  if (m_random.one_in(4) && a->ndim > 0) a = other_layout(a);
  if (m_random.one_in(4) && square && a->ndim >= 2) a = tagged(a);
  return kept(a);
}

// The axes reversed, and the last one walked backwards.
ArrayRef Values::other_layout(const ArrayRef& a) {
  const int n = a->ndim;
  Shape shape(a->dims().rbegin(), a->dims().rend());
  Shape strides(a->byte_strides().rbegin(), a->byte_strides().rend());
  const auto* data = static_cast<const std::byte*>(a->data);
  if (a->size > 0) {
    data += (shape[static_cast<std::size_t>(n) - 1] - 1) * strides[static_cast<std::size_t>(n) - 1];
    strides[static_cast<std::size_t>(n) - 1] *= -1;
  }
  return flopscope::Array::view(a->storage(), data, a->type(), shape, strides);
}

// All elements equal: symmetric under every group, so that the tag tells the truth.
ArrayRef Values::tagged(const ArrayRef& a) {
  const ArrayRef equal = flopscope::zeros(a->type(), a->dims());
  std::vector<int> axes;
  for (int axis = 0; axis < a->ndim; ++axis) axes.push_back(axis);
  equal->set_tag(m_random.one_in(2) ? Tag::symmetric(axes) : Tag::cyclic(axes));
  return equal;
}

Value Values::kept(const ArrayRef& array) {
  m_arrays.push_back(array);
  return m_arrays.back();
}
Value Values::text(std::string text) { return Value::string(m_words.emplace_back(std::move(text))); }
Value Values::list(std::vector<Value> items) { return Value::list(m_lists.emplace_back(std::move(items))); }
Value Values::tuple(std::vector<Value> items) { return Value::tuple(m_lists.emplace_back(std::move(items))); }
Value Values::items(std::vector<Value> items) {
  return m_random.one_in(2) ? list(std::move(items)) : tuple(std::move(items));
}
Value Values::slice(std::vector<Value> three) {
  const std::vector<Value>& kept = m_lists.emplace_back(std::move(three));
  return Value::slice(std::span<const Value, 3>(kept.data(), 3));
}

}  // namespace whest::fuzz
