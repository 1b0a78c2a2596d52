// SPDX-License-Identifier: MIT
#include "decode.hpp"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <stdexcept>

namespace flopscope::replay {
namespace {

DType dtype_named(const Json& name) {
  const auto dtype = dtype_from_name(name.get<std::string>());
  if (!dtype) throw std::runtime_error("unknown dtype '" + name.get<std::string>() + "'");
  return *dtype;
}

double number_text(const std::string& text) { return std::strtod(text.c_str(), nullptr); }

double as_double(const Json& j) {
  return j.is_string() ? number_text(j.get<std::string>()) : j.is_boolean() ? (j.get<bool>() ? 1 : 0) : j.get<double>();
}

Complex128 as_complex(const Json& j) {
  return j.is_array() ? Complex128(as_double(j.at(0)), as_double(j.at(1))) : Complex128(as_double(j), 0);
}

bool holds_complex_pairs(DType d) { return is_complex(d); }

void flatten(const Json& j, DType d, std::vector<Json>& leaves, Dims& shape, int depth) {
  const bool pair = holds_complex_pairs(d) && j.is_array() && j.size() == 2 && !j.at(0).is_array();
  if (!j.is_array() || pair) {
    leaves.push_back(j);
    return;
  }
  if (depth == shape.size()) shape.push_back(static_cast<std::int64_t>(j.size()));
  for (const Json& item : j) flatten(item, d, leaves, shape, depth + 1);
}

// {"values": nested list, "dtype"}: written out.
ArrayRef literal_array(const Json& spec) {
  const DType dtype = dtype_named(spec.at("dtype"));
  std::vector<Json> leaves;
  Dims shape;
  flatten(spec.at("values"), dtype, leaves, shape, 0);
  ArrayRef out = Array::make(dtype, shape);
  if (is_integer(dtype)) {
    ArrayRef wide = Array::make(DType::int64, shape);
    for (std::size_t i = 0; i < leaves.size(); ++i)
      wide->mutable_items<std::int64_t>()[i] = leaves[i].is_number_unsigned()
                                                   ? static_cast<std::int64_t>(leaves[i].get<std::uint64_t>())
                                                   : leaves[i].get<std::int64_t>();
    return cast(*wide, dtype);
  }
  ArrayRef wide = Array::make(DType::complex128, shape);
  for (std::size_t i = 0; i < leaves.size(); ++i) wide->mutable_items<Complex128>()[i] = as_complex(leaves[i]);
  return is_complex(dtype) ? cast(*wide, dtype) : cast(*cast(*wide, DType::float64), dtype);
}

double u(std::int64_t i, std::int64_t key) {
  const auto x = static_cast<std::uint64_t>(i) * 2654435761ULL + static_cast<std::uint64_t>(key) * 40503ULL + 12345ULL;
  return static_cast<double>(x & 0xffffffffULL) / 4294967296.0;
}

// Position of row-major index `flat` after the axes are permuted: element at out index x is in[x[perm]].
std::int64_t permuted(std::int64_t flat, const Dims& shape, const std::vector<int>& perm) {
  Dims index(shape.size(), 0);
  for (int d = shape.size() - 1; d >= 0; --d) {
    index[d] = flat % shape[d];
    flat /= shape[d];
  }
  Dims source(shape.size(), 0);
  for (int d = 0; d < shape.size(); ++d) source[perm[static_cast<std::size_t>(d)]] = index[d];
  std::int64_t at = 0;
  for (int d = 0; d < shape.size(); ++d) at = at * shape[d] + source[d];
  return at;
}

// Position of the element whose index is that of `flat` in ascending order: one for each orbit of all permutations.
std::int64_t with_ascending_index(std::int64_t flat, const Dims& shape) {
  Dims index(shape.size(), 0);
  for (int d = shape.size() - 1; d >= 0; --d) {
    index[d] = flat % shape[d];
    flat /= shape[d];
  }
  std::sort(index.begin(), index.end());
  std::int64_t at = 0;
  for (int d = 0; d < shape.size(); ++d) at = at * shape[d] + index[d];
  return at;
}

// The mean over all permutations of the axes. The order of the terms shows in the last bit, so every element of an
// orbit takes the mean of the one whose index ascends.
template <class T>
std::vector<T> symmetrised(const std::vector<T>& x, const Dims& shape, DType dtype) {
  std::vector<int> perm(static_cast<std::size_t>(shape.size()));
  for (std::size_t i = 0; i < perm.size(); ++i) perm[i] = static_cast<int>(i);
  std::vector<T> sum(x.size(), T{});
  int count = 0;
  do {
    for (std::size_t i = 0; i < x.size(); ++i) {
      const T term = x[static_cast<std::size_t>(permuted(static_cast<std::int64_t>(i), shape, perm))];
      if (dtype == DType::bool_)
        sum[i] = (sum[i] != T{} || term != T{}) ? T{1} : T{};
      else
        sum[i] += term;
    }
    ++count;
  } while (std::next_permutation(perm.begin(), perm.end()));
  // NumPy divides a complex number by a real one by its reciprocal.
  constexpr bool k_by_reciprocal = std::is_same_v<T, Complex128>;
  if (dtype != DType::bool_)
    for (T& s : sum) s = k_by_reciprocal ? s * (1 / static_cast<double>(count)) : s / static_cast<double>(count);
  std::vector<T> out(sum.size());
  for (std::size_t i = 0; i < sum.size(); ++i)
    out[i] = sum[static_cast<std::size_t>(with_ascending_index(static_cast<std::int64_t>(i), shape))];
  return out;
}

template <class T>
T conjugate(T x) {
  if constexpr (std::is_same_v<T, Complex128>)
    return std::conj(x);
  else
    return x;
}

template <class T>
std::vector<T> positive_definite(const std::vector<T>& x, const Dims& shape) {
  const std::int64_t n = shape.back();
  std::vector<T> out(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const std::int64_t matrix = static_cast<std::int64_t>(i) / (n * n), row = static_cast<std::int64_t>(i) / n % n,
                       col = static_cast<std::int64_t>(i) % n;
    const T h = (x[i] + conjugate(x[static_cast<std::size_t>(matrix * n * n + col * n + row)])) / 2.0;
    out[i] = 0.5 * h + (row == col ? T(static_cast<double>(n)) : T{});
  }
  return out;
}

template <class T>
ArrayRef finish(std::vector<T> x, const Dims& shape, DType dtype, const std::string& form) {
  if (form == "sym") x = symmetrised(x, shape, dtype);
  if (form == "spd") x = positive_definite(x, shape);
  if constexpr (std::is_same_v<T, Complex128>) {
    const auto before = [](T a, T b) { return a.real() != b.real() ? a.real() < b.real() : a.imag() < b.imag(); };
    if (form == "sorted") std::sort(x.begin(), x.end(), before);
  } else {
    if (form == "sorted") std::sort(x.begin(), x.end());
    if (is_integer(dtype))  // the mean over permutations takes the floor, the final cast cuts
      for (T& v : x) v = form == "sym" ? std::floor(v) : std::trunc(v);
  }
  ArrayRef wide = Array::make(dtype_of<T>, form == "sorted" ? Dims{static_cast<std::int64_t>(x.size())} : shape);
  std::copy(x.begin(), x.end(), wide->template mutable_items<T>());
  return cast(*wide, dtype);
}

}  // namespace

ArrayRef pattern_array(const Json& spec) {
  const DType dtype = dtype_named(spec.at("dtype"));
  Dims shape;
  for (const Json& d : spec.at("shape")) shape.push_back(d.get<std::int64_t>());
  const std::int64_t key = spec.at("key").get<std::int64_t>(), n = element_count(shape);
  const double lo = as_double(spec.at("lo")), hi = as_double(spec.at("hi"));
  const std::string form = spec.value("form", "");
  const auto at = [&](std::int64_t i, std::int64_t k) { return lo + (hi - lo) * u(i, k); };
  if (is_complex(dtype)) {
    std::vector<Complex128> x(static_cast<std::size_t>(n));
    for (std::int64_t i = 0; i < n; ++i) x[static_cast<std::size_t>(i)] = {at(i, key), at(i, key + 7)};
    return finish(std::move(x), shape, dtype, form);
  }
  std::vector<double> x(static_cast<std::size_t>(n));
  for (std::int64_t i = 0; i < n; ++i) {
    double& v = x[static_cast<std::size_t>(i)];
    v = dtype == DType::bool_ ? (u(i, key) < 0.5 ? 1.0 : 0.0) : at(i, key);
    if (is_integer(dtype)) v = std::floor(v);
  }
  return finish(std::move(x), shape, dtype, form);
}

Value Decoder::hold(ArrayRef a) { return Value(*m_arrays.emplace_back(std::move(a))); }
std::span<const Value> Decoder::hold(std::vector<Value> items) { return m_lists.emplace_back(std::move(items)); }

Value Decoder::keep(const Result& result) {
  if (result.is_array()) return hold(result.array());
  if (const auto* o = std::get_if<ObjectRef>(&result.variant())) return Value::of_object(m_objects.emplace_back(*o));
  throw std::runtime_error("a result that cannot be passed on as an argument");
}

Value Decoder::sequence(const Json& items, bool tuple) {
  std::vector<Value> values;
  m_open.push_back(&values);
  for (const Json& item : items) values.push_back(value(item));
  m_open.pop_back();
  const auto kept = hold(std::move(values));
  return tuple ? Value::tuple(kept) : Value::list(kept);
}

Value Decoder::array(const Json& spec) {
  ArrayRef a = spec.contains("values") ? literal_array(spec) : pattern_array(spec);
  if (spec.contains("tag")) a->set_tag(decode_tag(spec.at("tag")));
  return hold(std::move(a));
}

Value Decoder::same(const Json& path) {
  std::string text = path.is_string() ? path.get<std::string>() : std::to_string(path.get<int>());
  const auto first = static_cast<std::size_t>(std::stoul(text));
  // "0.1" inside argument 0 names an element of a list that is still being read.
  std::size_t level = 0;
  const bool open = first == m_positional.size() && !m_open.empty();
  Value v;
  if (!open && first >= m_positional.size()) throw std::runtime_error("there is no argument " + text + " before it");
  if (!open) v = m_positional[first];
  while (open && level < m_open.size()) {
    text = text.substr(text.find('.') + 1);
    const std::size_t at = std::stoul(text);
    const std::vector<Value>& items = *m_open[level++];
    if (at < items.size()) {
      v = items[at];
      break;
    }
  }
  while (text.find('.') != std::string::npos) {
    text = text.substr(text.find('.') + 1);
    v = v.as_items()[std::stoul(text)];
  }
  return v;
}

Value Decoder::value(const Json& j) {
  if (j.is_null()) return Value::none();
  if (j.is_boolean()) return Value::boolean(j.get<bool>());
  if (j.is_number_unsigned()) return Value::unsigned_integer(j.get<std::uint64_t>());
  if (j.is_number_integer()) return Value::integer(j.get<std::int64_t>());
  if (j.is_number()) return Value::real(j.get<double>());
  if (j.is_string()) return Value::string(m_texts.emplace_back(j.get<std::string>()));
  if (j.is_array()) return sequence(j, false);
  const std::string key = j.begin().key();
  const Json& inner = j.begin().value();
  if (key == "tuple") return sequence(inner, true);
  if (key == "list") return sequence(inner, false);
  if (key == "array") return array(inner);
  if (key == "dtype") return inner == "object" ? Value::string("object") : Value::of_dtype(dtype_named(inner));
  if (key == "complex") return Value::complex(as_complex(inner));
  if (key == "float") return Value::real(number_text(inner.get<std::string>()));
  if (key == "index") return index_text(inner.get<std::string>());
  if (key == "ellipsis") return Value::ellipsis();
  if (key == "same") return same(inner);
  if (key == "group") return Value::of_group(m_tags.emplace_back(decode_tag(inner)));
  if (key == "slice") {
    std::vector<Value> three;
    for (const Json& part : inner) three.push_back(value(part));
    three.resize(3, Value::none());
    return Value::slice(hold(std::move(three)).first<3>());
  }
  throw std::runtime_error("unknown argument coding {\"" + key + "\"}");
}

std::vector<Value> Decoder::positional(const Json& args) {
  m_positional.clear();
  for (const Json& a : args) m_positional.push_back(value(a));
  return m_positional;
}

}  // namespace flopscope::replay
