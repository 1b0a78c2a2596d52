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

// A zero keeps its sign wherever the tolerance is zero.
bool close(double got, double expected, double eps, const Tolerance& t, double magnitude) {
  if (std::isnan(expected) || std::isnan(got)) return std::isnan(expected) && std::isnan(got);
  const bool exact = t.ulps == 0 && t.scale == 0;
  if (got == expected) return !exact || std::signbit(got) == std::signbit(expected);
  if (exact || std::isinf(expected) || std::isinf(got)) return false;
  return std::fabs(got - expected) <= eps * (t.ulps * magnitude + t.scale);
}

// The larger of two parts that are numbers.
double finite_magnitude(double re, double im) {
  return std::hypot(std::isfinite(re) ? re : 0, std::isfinite(im) ? im : 0);
}

std::string compare_item(const Array& a, const std::byte* at, const Json& expected, const Tolerance& t) {
  const DType d = a.type();
  if (is_integer(d)) {
    const std::int64_t got = read_int64(a, at);
    const bool same = expected.is_number_unsigned()
                          ? static_cast<std::uint64_t>(got) == expected.get<std::uint64_t>()
                          : expected.is_number_integer() && got == expected.get<std::int64_t>();
    return same ? "" : fmt::format("{} instead of {}", got, expected.dump());
  }
  const double eps = epsilon_of(d);
  if (is_complex(d)) {
    const Complex128 got = read_complex(a, at);
    const double re = number(expected.at(0)), im = number(expected.at(1));
    const double magnitude = finite_magnitude(re, im);
    const bool same = close(got.real(), re, eps, t, magnitude) && close(got.imag(), im, eps, t, magnitude);
    return same ? "" : fmt::format("({}, {}) instead of {}", got.real(), got.imag(), expected.dump());
  }
  const double got = read_double(a, at), want = number(expected);
  return close(got, want, eps, t, std::fabs(want)) ? "" : fmt::format("{} instead of {}", got, expected.dump());
}

std::string compare_values(const Array& a, const Json& values, std::int64_t first, const Tolerance& t) {
  const ArrayRef c = contiguous_copy_if_needed(a);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::int64_t index = first + static_cast<std::int64_t>(i);
    const std::string difference = compare_item(*c, c->items<std::byte>() + index * c->item_bytes(), values[i], t);
    if (!difference.empty()) return fmt::format("element {}: {}", index, difference);
  }
  return "";
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

std::string compare_array(const Array& a, const Json& expected, const Tolerance& t, bool undefined) {
  Dims shape;
  for (const Json& d : expected.at("shape")) shape.push_back(d.get<std::int64_t>());
  if (!(Dims(a.dims()) == shape)) return fmt::format("shape {} instead of {}", shape_text(a.dims()), shape_text(shape));
  if (name_of(a.type()) != expected.at("dtype").get<std::string>())
    return fmt::format("dtype {} instead of {}", name_of(a.type()), expected.at("dtype").get<std::string>());
  if (std::string s = compare_tag(a, expected); !s.empty()) return s;
  if (undefined) return "";
  if (expected.contains("values")) return compare_values(a, expected.at("values"), 0, t);
  std::string s = compare_values(a, expected.at("head"), 0, t);
  if (s.empty())
    s = compare_values(a, expected.at("tail"), a.size - static_cast<std::int64_t>(expected.at("tail").size()), t);
  return s;
}

// The dtype of a scalar by its golden type: a dtype's name, or a type of Python's.
std::optional<DType> scalar_type(const std::string& type) {
  if (type == "int") return DType::int64;
  if (type == "float") return DType::float64;
  if (type == "complex") return DType::complex128;
  return dtype_from_name(type);
}

std::string compare_scalar(const Result& got, const Json& expected, const Tolerance& t, bool undefined) {
  const std::string type = expected.at("type").get<std::string>();
  ArrayRef a;
  if (got.is_array())
    a = got.array();
  else if (const auto* b = std::get_if<bool>(&got.variant()))
    a = scalar_array<bool>(*b);
  else if (const auto* i = std::get_if<std::int64_t>(&got.variant()))
    a = scalar_array<std::int64_t>(*i);
  else if (const auto* d = std::get_if<double>(&got.variant()))
    a = scalar_array<double>(*d);
  else if (const auto* c = std::get_if<Complex128>(&got.variant()))
    a = scalar_array<Complex128>(*c);
  else
    return "no scalar";
  if (a->ndim != 0) return "an array instead of a scalar";
  const std::optional<DType> want = scalar_type(type);
  if (!want) return "a scalar of the unknown type " + type;
  if (*want != a->type()) return fmt::format("a scalar of {} instead of {}", name_of(a->type()), type);
  return undefined ? "" : compare_item(*a, a->items<std::byte>(), expected.at("scalar"), t);
}

}  // namespace

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

}  // namespace flopscope::replay
