// SPDX-License-Identifier: MIT
#include "compare.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <whest/flopscope/symmetry/tag.hpp>

#include "decode.hpp"

namespace flopscope::replay {
namespace {

double number(const Json& j) {
  if (j.is_boolean()) return j.get<bool>() ? 1 : 0;
  if (j.is_string()) return j == "nan" ? std::numeric_limits<double>::quiet_NaN() : j == "inf" ? INFINITY : -INFINITY;
  return j.get<double>();
}

// A zero keeps its sign wherever the bound is zero.
bool close(double got, double expected, double bound) {
  if (std::isnan(expected) || std::isnan(got)) return std::isnan(expected) && std::isnan(got);
  if (got == expected) return bound > 0 || std::signbit(got) == std::signbit(expected);
  if (bound == 0 || std::isinf(expected) || std::isinf(got)) return false;
  return std::fabs(got - expected) <= bound;
}

// The larger of two parts that are numbers.
double finite_magnitude(double re, double im) {
  return std::hypot(std::isfinite(re) ? re : 0, std::isfinite(im) ? im : 0);
}

// The smallest number above zero.
double least_of(DType d) {
  switch (real_part_of(d)) {
    case DType::float16:
      return 0x1p-24;
    case DType::float32:
      return 0x1p-149;
    default:
      return std::numeric_limits<double>::denorm_min();
  }
}

// `bound(magnitude)`: how far a number may be from an expected one of that magnitude.
template <class Bound>
std::string compare_item(const Array& a, const std::byte* at, const Json& expected, Bound bound) {
  const DType d = a.type();
  if (is_integer(d)) {
    const std::int64_t got = read_int64(a, at);
    const bool same = expected.is_number_unsigned()
                          ? static_cast<std::uint64_t>(got) == expected.get<std::uint64_t>()
                          : expected.is_number_integer() && got == expected.get<std::int64_t>();
    return same ? "" : fmt::format("{} instead of {}", got, expected.dump());
  }
  if (is_complex(d)) {
    const Complex128 got = read_complex(a, at);
    const double re = number(expected.at(0)), im = number(expected.at(1));
    const double off = bound(finite_magnitude(re, im));
    const bool same = close(got.real(), re, off) && close(got.imag(), im, off);
    return same ? "" : fmt::format("({}, {}) instead of {}", got.real(), got.imag(), expected.dump());
  }
  const double got = read_double(a, at), want = number(expected);
  return close(got, want, bound(std::fabs(want))) ? "" : fmt::format("{} instead of {}", got, expected.dump());
}

// The elements from `first` on; `bound(element, magnitude)`.
template <class Bound>
std::string compare_values(const Array& a, const Json& values, std::int64_t first, Bound bound) {
  const ArrayRef c = contiguous_copy_if_needed(a);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::int64_t index = first + static_cast<std::int64_t>(i);
    const std::string difference = compare_item(*c, c->items<std::byte>() + index * c->item_bytes(), values[i],
                                                [&](double magnitude) { return bound(index, magnitude); });
    if (!difference.empty()) return fmt::format("element {}: {}", index, difference);
  }
  return "";
}

template <class Bound>
std::string compare_listed(const Array& a, const Json& expected, Bound bound) {
  if (expected.contains("values")) return compare_values(a, expected.at("values"), 0, bound);
  if (!expected.contains("head") || !expected.contains("tail")) return "the line lists no values";
  const Json& tail = expected.at("tail");
  std::string s = compare_values(a, expected.at("head"), 0, bound);
  return s.empty() ? compare_values(a, tail, a.size - static_cast<std::int64_t>(tail.size()), bound) : s;
}

double bound_of(const Tolerance& t, double eps, double magnitude) {
  return t.ulps == 0 && t.scale == 0 ? 0 : eps * (t.ulps * magnitude + t.scale);
}

std::string compare_tag(const Array& a, const Json& expected) {
  if (!expected.contains("symmetric")) return a.tag() ? "a symmetry tag that should not be there" : "";
  if (!a.tag()) return "no symmetry tag";
  const double order = tag_order(*a.tag());
  const double want = expected.at("symmetric").at("order").get<double>();
  if (order != want) return fmt::format("a symmetry group of order {} instead of {}", order, want);
  auto axes = expected.at("symmetric").at("axes").get<std::vector<int>>();
  std::ranges::sort(axes);
  if (a.tag()->axes() == axes) return "";
  return fmt::format("a symmetry on the axes {} instead of {}", fmt::join(a.tag()->axes(), ","), fmt::join(axes, ","));
}

// A line that lists other numbers of elements than its shape has is not compared by those.
std::string check_listing(const Array& a, const Json& expected) {
  if (expected.contains("values")) {
    const std::size_t count = expected.at("values").size();
    return count == static_cast<std::size_t>(a.size)
               ? ""
               : fmt::format("the line lists {} values where its shape has {}", count, a.size);
  }
  if (!expected.contains("head") || !expected.contains("tail")) return "";
  const std::size_t most = static_cast<std::size_t>(a.size), head = expected.at("head").size();
  const bool fits = head <= most && expected.at("tail").size() <= most && head > 0 && !expected.at("tail").empty();
  return fits ? "" : fmt::format("the line's head or tail does not fit its shape of {} values", a.size);
}

std::string compare_array(const Array& a, const Json& expected, const Tolerance& t, bool undefined) {
  Dims shape;
  for (const Json& d : expected.at("shape")) shape.push_back(d.get<std::int64_t>());
  if (!(Dims(a.dims()) == shape)) return fmt::format("shape {} instead of {}", shape_text(a.dims()), shape_text(shape));
  if (name_of(a.type()) != expected.at("dtype").get<std::string>())
    return fmt::format("dtype {} instead of {}", name_of(a.type()), expected.at("dtype").get<std::string>());
  if (std::string s = compare_tag(a, expected); !s.empty()) return s;
  if (std::string s = check_listing(a, expected); !s.empty()) return s;
  if (undefined) return "";
  const double eps = epsilon_of(a.type());
  return compare_listed(a, expected, [&](std::int64_t, double magnitude) { return bound_of(t, eps, magnitude); });
}

// The dtype of a scalar by its golden type: a dtype's name, or a type of Python's.
std::optional<DType> scalar_type(const std::string& type) {
  if (type == "int") return DType::int64;
  if (type == "float") return DType::float64;
  if (type == "complex") return DType::complex128;
  return dtype_from_name(type);
}

// A scalar result as an array without axes; null for anything else.
ArrayRef scalar_of(const Result& got) {
  if (got.is_array()) return got.array();
  if (const auto* b = std::get_if<bool>(&got.variant())) return scalar_array<bool>(*b);
  if (const auto* i = std::get_if<std::int64_t>(&got.variant())) return scalar_array<std::int64_t>(*i);
  if (const auto* d = std::get_if<double>(&got.variant())) return scalar_array<double>(*d);
  if (const auto* c = std::get_if<Complex128>(&got.variant())) return scalar_array<Complex128>(*c);
  return nullptr;
}

std::string compare_scalar(const Result& got, const Json& expected, const Tolerance& t, bool undefined) {
  const std::string type = expected.at("type").get<std::string>();
  const ArrayRef a = scalar_of(got);
  if (!a) return "no scalar";
  if (a->ndim != 0) return "an array instead of a scalar";
  const std::optional<DType> want = scalar_type(type);
  if (!want) return "a scalar of the unknown type " + type;
  if (*want != a->type()) return fmt::format("a scalar of {} instead of {}", name_of(a->type()), type);
  if (undefined) return "";
  const double eps = epsilon_of(a->type());
  return compare_item(*a, a->items<std::byte>(), expected.at("scalar"),
                      [&](double magnitude) { return bound_of(t, eps, magnitude); });
}

}  // namespace

std::string compare_elements(const Array& got, const Json& expected, const Bound& bound) {
  // Two roundings of the result, also where it underflows.
  const double eps = epsilon_of(got.type()), least = least_of(got.type());
  const auto with_rounding = [&](std::int64_t i, double magnitude) { return bound(i) + 2 * eps * magnitude + least; };
  if (!expected.contains("scalar")) return compare_listed(got, expected, with_rounding);
  return compare_item(got, got.items<std::byte>(), expected.at("scalar"),
                      [&](double magnitude) { return with_rounding(0, magnitude); });
}

std::string compare_written(const Array& got, const Json& expected, const Tolerance& tolerance, bool with_tag) {
  if (with_tag) return compare_array(got, expected, tolerance, false);
  Json untagged = expected;
  untagged.erase("symmetric");
  return compare_array(*copy_of(got), untagged, tolerance, false);
}

std::string compare_result(const Result& got, const Json& expected, const Tolerance& t, bool undefined) {
  if (expected.is_null()) return got.is_none() ? "" : "a result where none is expected";
  if (expected.contains("object")) return "";
  if (expected.contains("bytes")) {
    const auto* text = std::get_if<std::string>(&got.variant());
    if (text == nullptr) return "no bytes";
    std::string hex;
    for (const char c : *text) hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
    return hex == expected.at("bytes").get<std::string>() ? "" : "bytes " + hex;
  }
  if (expected.contains("tuple")) {
    const auto* items = got.items();
    const Json& want = expected.at("tuple");
    if (items == nullptr) return "no tuple";
    if (items->size() != want.size()) return fmt::format("{} results instead of {}", items->size(), want.size());
    for (std::size_t i = 0; i < want.size(); ++i)
      if (std::string s = compare_result((*items)[i], want.at(i), t, undefined); !s.empty())
        return fmt::format("result {}: {}", i, s);
    return "";
  }
  if (expected.contains("scalar")) return compare_scalar(got, expected, t, undefined);
  if (!got.is_array()) return "no array";
  return compare_array(*got.array(), expected, t, undefined);
}

std::string compare_bounded(const Result& got, const Json& expected, const Bound& bound) {
  if (std::string s = compare_result(got, expected, {}, true); !s.empty()) return s;
  return got.is_array() ? compare_elements(*got.array(), expected, bound) : compare_result(got, expected, {}, false);
}

double result_epsilon(const Result& got) { return got.is_array() ? epsilon_of(got.array()->type()) : 0x1p-52; }

}  // namespace flopscope::replay
