// SPDX-License-Identifier: MIT
// Random arguments for operations: arrays of every dtype and layout, tagged ones, numbers at the edges, words that
// operations know, and results of earlier calls.
#pragma once

#include <deque>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <vector>
#include <whest/flopscope/core/waist.hpp>
#include <whest/flopscope/symmetry/tag.hpp>

namespace whest::fuzz {

class Random {
 public:
  explicit Random(std::uint64_t seed) : m_engine(seed) {}
  std::int64_t below(std::int64_t n) { return static_cast<std::int64_t>(m_engine() % static_cast<std::uint64_t>(n)); }
  bool one_in(std::int64_t n) { return below(n) == 0; }
  template <class T>
  const T& of(const std::vector<T>& list) {
    return list[static_cast<std::size_t>(below(static_cast<std::int64_t>(list.size())))];
  }

 private:
  std::mt19937_64 m_engine;
};

// Operations that read or write files: their paths must not be random words.
inline bool leaves_the_process(std::string_view name) {
  for (const std::string_view word : {"load", "save", "fromfile", "tofile", "loadtxt", "genfromtxt", "dump"})
    if (name.find(word) != std::string_view::npos) return true;
  return false;
}

// The arguments of one call, and what they borrow from.
class Arguments {
 public:
  Arguments(Random& random, const std::vector<flopscope::Result>& earlier) : m_random(random), m_earlier(earlier) {}

  // Values for the parameters of `signature`, by place and by name.
  void draw(std::string_view signature) {
    std::size_t at = 0;
    bool by_place = true;
    while (at < signature.size()) {
      const std::size_t end = std::min(signature.find(',', at), signature.size());
      std::string_view parameter = signature.substr(at, end - at);
      at = end + 1;
      while (parameter.starts_with(' ')) parameter.remove_prefix(1);
      const std::string_view name = parameter.substr(0, parameter.find('='));
      const bool optional = parameter.size() != name.size() && name != "seed";
      if (name == "*") {
        by_place = false;
      } else if (name.starts_with("*")) {
        for (std::int64_t n = m_random.below(4); n > 0; --n) positional.push_back(value(name.substr(1)));
        by_place = false;
      } else if (by_place && (!optional || m_random.one_in(6))) {
        positional.push_back(value(name));
      } else {
        by_place = false;
        if (!optional || m_random.one_in(4)) named.push_back({name, value(name)});
      }
    }
    if (m_random.one_in(30)) positional.push_back(value(""));
    if (m_random.one_in(30) && !positional.empty()) positional.pop_back();
  }

  std::vector<flopscope::Value> positional;
  std::vector<flopscope::NamedValue> named;

 private:
  using Value = flopscope::Value;
  using ArrayRef = flopscope::ArrayRef;
  using DType = flopscope::DType;

  Value value(std::string_view name) {
    const auto is = [&](std::initializer_list<std::string_view> names) {
      return std::find(names.begin(), names.end(), name) != names.end();
    };
    if (name == "seed")
      return Value::integer(m_random.below(1000));  // never the system's entropy: a run can be repeated
    if (m_random.one_in(12)) return anything();
    if (is({"axis", "axis1", "axis2", "axisa", "axisb", "axisc", "axes", "source", "destination"})) return integers();
    if (is({"shape", "size", "newshape", "reps", "repeats", "shift", "pad_width"})) return integers();
    if (is({"n", "k", "m", "deg", "ddof", "N", "M", "decimals", "minlength", "offset", "bins", "num"}))
      return integer();
    if (name == "dtype") return dtype();
    if (is({"keepdims", "full_matrices", "hermitian", "copy", "density", "endpoint", "replace", "full"}))
      return Value::boolean(m_random.one_in(2));
    if (is({"mode", "order", "method", "ord", "norm", "kind", "side", "UPLO", "casting", "indexing", "optimize"}))
      return m_random.one_in(4) ? anything() : word();
    if (name == "subscripts") return subscripts();
    if (is({"symmetry", "group"})) return group();
    if (is({"arrays", "choices", "condlist", "choicelist", "operands", "seq", "tup"})) return sequence();
    if (m_random.one_in(4)) return number();
    if (m_random.one_in(4) && !m_earlier.empty()) return earlier();
    return array();
  }

  Value anything() {
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
        return m_earlier.empty() ? array() : earlier();
    }
  }

  Value integer() {
    static const std::vector<std::int64_t> k_edges = {std::numeric_limits<std::int64_t>::min(),
                                                      std::numeric_limits<std::int64_t>::max(),
                                                      std::int64_t{1} << 40,
                                                      -(std::int64_t{1} << 40),
                                                      -1000,
                                                      1000};
    return Value::integer(m_random.one_in(40) ? m_random.of(k_edges) : m_random.below(10) - 3);
  }

  Value number() {
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

  Value integers() {
    if (m_random.one_in(8)) return Value::none();
    if (m_random.one_in(2)) return integer();
    std::vector<Value> items;
    for (std::int64_t n = m_random.below(5); n > 0; --n) items.push_back(integer());
    return kept(std::move(items));
  }

  Value sequence() {
    std::vector<Value> items;
    for (std::int64_t n = m_random.below(4); n > 0; --n)
      items.push_back(m_random.one_in(3) ? number() : m_random.one_in(8) ? anything() : array());
    return kept(std::move(items));
  }

  Value kept(std::vector<Value> items) {
    const std::vector<Value>& list = m_lists.emplace_back(std::move(items));
    return m_random.one_in(2) ? Value::list(list) : Value::tuple(list);
  }

  Value slice() {
    const auto bound = [&] { return m_random.one_in(3) ? Value::none() : integer(); };
    const std::vector<Value>& three = m_lists.emplace_back(std::vector<Value>{bound(), bound(), bound()});
    return Value::slice(std::span<const Value, 3>(three.data(), 3));
  }

  Value dtype() { return Value::of_dtype(static_cast<DType>(m_random.below(14))); }

  Value word() {
    static const std::vector<std::string> k_words = {
        "C",       "F",      "K",     "A",       "full",  "same",     "valid",   "reduced",  "complete", "r",
        "raw",     "fro",    "nuc",   "linear",  "lower", "higher",   "nearest", "midpoint", "left",     "right",
        "wrap",    "clip",   "raise", "reflect", "edge",  "constant", "mean",    "median",   "auto",     "fd",
        "sturges", "sqrt",   "U",     "L",       "xy",    "ij",       "ortho",   "forward",  "backward", "optimal",
        "greedy",  "unsafe", "no",    "float32", "int8",  "nonsense", "",        "stable",   "i,j->ij",  "ij->ji"};
    return Value::string(m_random.of(k_words));
  }

  Value subscripts() {
    std::string text;
    for (std::int64_t n = 1 + m_random.below(3); n > 0; --n) {
      for (std::int64_t k = m_random.below(4); k > 0; --k) text += static_cast<char>('a' + m_random.below(4));
      if (m_random.one_in(12)) text += "...";
      if (n > 1) text += ',';
    }
    if (!m_random.one_in(4)) text += "->";
    for (std::int64_t k = m_random.below(3); k > 0; --k) text += static_cast<char>('a' + m_random.below(4));
    return Value::string(m_words.emplace_back(text));
  }

  Value group() {
    std::vector<int> axes;
    for (int axis = 0; axis < 4; ++axis)
      if (m_random.one_in(2)) axes.push_back(axis);
    if (axes.size() < 2) axes = {0, 1};
    using flopscope::symmetry::Tag;
    m_tags.push_back(m_random.one_in(3)   ? Tag::cyclic(axes)
                     : m_random.one_in(2) ? Tag::dihedral(axes)
                                          : Tag::symmetric(axes));
    return Value::of_group(m_tags.back());
  }

  Value earlier() {
    for (int tries = 0; tries < 4; ++tries) {
      const flopscope::Result& result = m_random.of(m_earlier);
      if (result.is_array()) return result.array();
      if (const auto* object = std::get_if<flopscope::ObjectRef>(&result.variant())) return Value::of_object(*object);
    }
    return array();
  }

  Value array() {
    std::vector<std::int64_t> shape;
    for (std::int64_t n = m_random.one_in(40) ? 12 : m_random.below(4); n > 0; --n)
      shape.push_back(m_random.one_in(15) ? 0 : 1 + m_random.below(n > 6 ? 2 : 4));
    const bool square = m_random.one_in(2);
    if (square) std::fill(shape.begin(), shape.end(), shape.empty() ? 1 : shape[0]);
    const ArrayRef wide = ArrayRef(flopscope::Array::make(DType::float64, shape));
    // Few different values, so that equal ones, zeros and masks occur; every seventh array has extremes.
    const bool extremes = m_random.one_in(7);
    for (std::int64_t i = 0; i < wide->size; ++i) {
      const double edges[] = {std::nan(""), INFINITY, -INFINITY, 1e308, -1e308, 1e-310};
      wide->mutable_items<double>()[i] =
          extremes && m_random.one_in(4) ? edges[m_random.below(6)]
                                         : static_cast<double>(m_random.below(9) - 3) / (m_random.one_in(2) ? 1 : 4);
    }
    ArrayRef a = flopscope::cast(*wide, static_cast<DType>(m_random.below(14)));
    if (m_random.one_in(4) && a->ndim > 0) a = other_layout(a);
    if (m_random.one_in(4) && square && a->ndim >= 2) a = tagged(a);
    m_arrays.push_back(a);
    return m_arrays.back();
  }

  // The axes reversed, and the last one walked backwards.
  ArrayRef other_layout(const ArrayRef& a) {
    const int n = a->ndim;
    std::vector<std::int64_t> shape(a->dims().rbegin(), a->dims().rend());
    std::vector<std::int64_t> strides(a->byte_strides().rbegin(), a->byte_strides().rend());
    const auto* data = static_cast<const std::byte*>(a->data);
    if (a->size > 0) {
      data += (shape[static_cast<std::size_t>(n) - 1] - 1) * strides[static_cast<std::size_t>(n) - 1];
      strides[static_cast<std::size_t>(n) - 1] *= -1;
    }
    return flopscope::Array::view(a->storage(), data, a->type(), shape, strides);
  }

  // All elements equal: symmetric under every group, so that the tag tells the truth.
  ArrayRef tagged(const ArrayRef& a) {
    const ArrayRef equal = flopscope::zeros(a->type(), a->dims());
    std::vector<int> axes;
    for (int axis = 0; axis < a->ndim; ++axis) axes.push_back(axis);
    equal->set_tag(m_random.one_in(2) ? flopscope::symmetry::Tag::symmetric(axes)
                                      : flopscope::symmetry::Tag::cyclic(axes));
    return equal;
  }

  Random& m_random;
  const std::vector<flopscope::Result>& m_earlier;
  std::deque<ArrayRef> m_arrays;
  std::deque<std::string> m_words;
  std::deque<std::vector<Value>> m_lists;
  std::deque<flopscope::TagRef> m_tags;
};

}  // namespace whest::fuzz
