// SPDX-License-Identifier: MIT
#include "call.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <whest/random/catalogue.hpp>
#include <whest/random/continuous.hpp>
#include <whest/random/permute.hpp>
#include <whest/random/ziggurat.hpp>

#include "golden_random.hpp"

namespace whest::test {
namespace {

// An array argument, or a scalar as one of no dimensions; integers and floats alike as both.
struct Array {
  std::vector<double> reals;
  std::vector<Int128> wholes;
  std::vector<std::int64_t> shape;
  bool is_real = false;
};

void append(Array& array, const ordered_json& value) {
  if (value.is_object()) return append(array, value["float"]);
  const std::string text = decimal_of(value);
  if (text.find_first_of("xn.") != std::string::npos) {
    array.is_real = true;
    array.reals.push_back(hex_float(text));
    array.wholes.push_back(0);
  } else {
    array.wholes.push_back(static_cast<Int128>(uint128_of(value)));
    array.reals.push_back(static_cast<double>(array.wholes.back()));
  }
}

Array array_of(const ordered_json& value) {
  Array out;
  if (value.is_object() && value.contains("array")) {
    for (const auto& item : value["array"]) append(out, item);
    out.shape = value["shape"].get<std::vector<std::int64_t>>();
    out.is_real = value["dtype"].get<std::string>().starts_with("float");
  } else {
    append(out, value);
  }
  return out;
}

struct Size {
  bool given = false;
  bool negative = false;
  std::vector<std::int64_t> shape;
  std::int64_t count = 1;
};

Size size_of(const ordered_json& value) {
  Size out;
  if (value.is_null()) return out;
  out.given = true;
  out.shape = value.is_array() ? value.get<std::vector<std::int64_t>>() : std::vector{value.get<std::int64_t>()};
  for (const std::int64_t extent : out.shape) {
    out.negative = out.negative || extent < 0;
    out.count *= extent;
  }
  return out;
}

struct Arguments {
  const ordered_json& call;
  // By position, else by name, else null.
  ordered_json get(std::size_t position, const char* name) const {
    if (position < call["args"].size()) return call["args"][position];
    return call["kwargs"].contains(name) ? call["kwargs"][name] : ordered_json();
  }
  std::string text(const char* name, const char* otherwise) const {
    return call["kwargs"].contains(name) ? call["kwargs"][name].get<std::string>() : otherwise;
  }
  bool flag(const char* name, bool otherwise) const {
    return call["kwargs"].contains(name) ? call["kwargs"][name].get<bool>() : otherwise;
  }
};

Drawn refused(std::string why) {
  Drawn out;
  out.refusal = std::move(why);
  return out;
}

template <class Draw>
Drawn reals(std::int64_t count, Draw&& draw_one) {
  Drawn out;
  for (std::int64_t i = 0; i < count; ++i) out.reals.push_back(draw_one());
  return out;
}

// The shape of operands (last axes aligned) and of an asked size; here every operand is scalar or fits the last axes.
const double& broadcast(const std::vector<double>& values, std::size_t i) { return values[i % values.size()]; }

std::int64_t broadcast_count(const std::vector<Array>& operands, const Size& size) {
  if (size.given) return size.count;
  std::size_t count = 1;
  for (const Array& operand : operands) count = std::max(count, operand.reals.size());
  return static_cast<std::int64_t>(count);
}

Drawn draw_distribution(random::Stream& stream, const random::Distribution& distribution, const Arguments& arguments) {
  std::vector<Array> operands;
  for (std::size_t i = 0; i < distribution.parameters.size(); ++i) {
    const auto& parameter = distribution.parameters[i];
    const ordered_json given = arguments.get(i, std::string(parameter.name).c_str());
    operands.push_back(given.is_null() ? Array{{parameter.otherwise.value()}, {0}, {}, true} : array_of(given));
  }
  const Size size = size_of(arguments.get(operands.size(), "size"));
  if (size.negative) return refused("negative dimensions are not allowed");
  Drawn out;
  out.is_real = distribution.real != nullptr;
  const std::int64_t count = broadcast_count(operands, size);
  for (std::int64_t i = 0; i < count; ++i) {
    std::vector<double> parameters;
    // Row-major broadcasting where every operand is a scalar, or the last axes of the result.
    for (const Array& operand : operands) parameters.push_back(broadcast(operand.reals, static_cast<std::size_t>(i)));
    if (const auto why = random::refusal(distribution, stream.algorithms, parameters.data())) return refused(*why);
    if (out.is_real) {
      out.reals.push_back(distribution.real(stream, parameters.data()));
    } else {
      out.wholes.push_back(distribution.whole(stream, parameters.data()));
    }
  }
  return out;
}

// random, standard_normal, standard_exponential, standard_gamma in the dtype asked for.
Drawn draw_typed(random::Stream& stream, const std::string& method, const Arguments& arguments) {
  random::BitGenerator& bits = *stream.bits;
  const bool gamma = method == "standard_gamma";
  const Size size = size_of(arguments.get(gamma ? 1 : 0, "size"));
  const std::string dtype = arguments.text("dtype", "float64");
  if (dtype != "float64" && dtype != "float32") {
    return refused("Unsupported dtype dtype('" + dtype + "') for " + method);
  }
  if (size.negative) return refused("negative dimensions are not allowed");
  const bool f32 = dtype == "float32";
  const bool inverse = arguments.text("method", "zig") == "inv";
  const double shape = gamma ? array_of(arguments.get(0, "shape")).reals[0] : 0;
  return reals(size.count, [&]() -> double {
    if (gamma) {
      return f32 ? random::standard_gamma_f(stream, static_cast<float>(shape)) : random::standard_gamma(stream, shape);
    }
    if (method == "random") return f32 ? bits.next_float() : bits.next_double();
    if (method == "standard_normal") return f32 ? random::standard_normal_f(bits) : random::standard_normal(stream);
    if (inverse) {
      return f32 ? random::standard_exponential_by_inversion_f(bits) : random::standard_exponential_by_inversion(bits);
    }
    return f32 ? random::standard_exponential_f(bits) : random::standard_exponential(stream);
  });
}

Drawn draw_integers(random::Stream& stream, const Arguments& arguments) {
  static const std::map<std::string, random::IntegerType> types = {
      {"bool", random::IntegerType::boolean},  {"int8", random::IntegerType::int8},
      {"uint8", random::IntegerType::uint8},   {"int16", random::IntegerType::int16},
      {"uint16", random::IntegerType::uint16}, {"int32", random::IntegerType::int32},
      {"uint32", random::IntegerType::uint32}, {"int64", random::IntegerType::int64},
      {"uint64", random::IntegerType::uint64}};
  const bool only_high = arguments.get(1, "high").is_null();
  const Array low = only_high ? array_of(0) : array_of(arguments.get(0, "low"));
  const Array high = only_high ? array_of(arguments.get(0, "low")) : array_of(arguments.get(1, "high"));
  const Size size = size_of(arguments.get(2, "size"));
  const bool endpoint = arguments.flag("endpoint", false);
  const std::string dtype = arguments.text("dtype", "int64");
  const auto type = types.at(dtype);
  random::IntegerDraw one(stream, type);
  Drawn out;
  out.is_real = false;
  const auto count = static_cast<std::size_t>(broadcast_count({low, high}, size));
  for (std::size_t i = 0; i < count; ++i) {
    const Int128 first = low.wholes[i % low.wholes.size()];
    const Int128 last = high.wholes[i % high.wholes.size()] - (endpoint ? 0 : 1);
    if (const auto why = random::refuse_integers(type, first, last, endpoint)) return refused(*why);
    const std::uint64_t bits = one(first, last);
    out.wholes.push_back(dtype == "uint64" ? Int128{bits} : Int128{static_cast<std::int64_t>(bits)});
  }
  return out;
}

// Items of `array` along an axis in the order of `indices`.
Drawn gathered(const Array& array, const std::vector<std::int64_t>& indices, std::size_t axis) {
  Drawn out;
  out.is_real = array.is_real;
  std::int64_t outer = 1;
  std::int64_t inner = 1;
  for (std::size_t i = 0; i < axis; ++i) outer *= array.shape[i];
  for (std::size_t i = axis + 1; i < array.shape.size(); ++i) inner *= array.shape[i];
  for (std::int64_t o = 0; o < outer; ++o) {
    for (const std::int64_t index : indices) {
      for (std::int64_t i = 0; i < inner; ++i) {
        const auto from = static_cast<std::size_t>((o * array.shape[axis] + index) * inner + i);
        out.reals.push_back(array.reals[from]);
        out.wholes.push_back(array.wholes[from]);
      }
    }
  }
  return out;
}

Array range_or_array(const ordered_json& value) {
  Array array = array_of(value);
  if (!array.shape.empty()) return array;
  const auto n = static_cast<std::int64_t>(array.wholes.at(0));
  Array out;
  out.shape = {n};
  for (std::int64_t i = 0; i < n; ++i) out.wholes.push_back(i);
  out.reals.resize(out.wholes.size());
  return out;
}

Drawn draw_permutation(random::Stream& stream, const Arguments& arguments) {
  const Array array = range_or_array(arguments.get(0, "x"));
  const auto axis = arguments.call["kwargs"].value("axis", std::size_t{0});
  return gathered(array, random::permutation(stream, array.shape[axis]), axis);
}

Drawn draw_permuted(random::Stream& stream, const Arguments& arguments) {
  Array array = array_of(arguments.get(0, "x"));
  const auto size = static_cast<std::int64_t>(array.wholes.size());
  std::vector<std::int64_t> from;
  if (!arguments.call["kwargs"].contains("axis")) {
    from = random::permutation(stream, size);
  } else {
    const std::int64_t row = array.shape.back();
    if (arguments.call["kwargs"]["axis"] != array.shape.size() - 1) throw std::runtime_error("not the last axis");
    for (std::int64_t start = 0; start < size; start += row) {
      for (const std::int64_t i : random::permutation(stream, row)) from.push_back(start + i);
    }
  }
  array.shape = {size};
  return gathered(array, from, 0);
}

Drawn draw_choice(random::Stream& stream, const Arguments& arguments) {
  const ordered_json a = arguments.get(0, "a");
  const Array population = array_of(a);
  const bool is_number = population.shape.empty();
  const auto axis = arguments.call["kwargs"].value("axis", std::size_t{0});
  const Size size = size_of(arguments.get(1, "size"));
  random::ChoiceRequest request;
  request.population = is_number ? static_cast<std::int64_t>(population.wholes[0]) : population.shape[axis];
  request.count = size.count;
  request.replace = arguments.flag("replace", true) ? random::Replace::yes : random::Replace::no;
  request.shuffle = arguments.flag("shuffle", true) ? random::ShuffleResult::yes : random::ShuffleResult::no;
  const ordered_json p = arguments.get(3, "p");
  const auto chosen =
      p.is_null() ? random::choice(stream, request) : random::choice(stream, request, array_of(p).reals);
  if (!chosen) return refused(chosen.error().message);
  if (!is_number) return gathered(population, *chosen, axis);
  Drawn out;
  out.is_real = false;
  out.wholes.assign(chosen->begin(), chosen->end());
  return out;
}

}  // namespace

Drawn draw(random::Stream& stream, const ordered_json& call) {
  const auto method = call["method"].get<std::string>();
  const Arguments arguments{call};
  if (method == "random" || method == "standard_normal" || method == "standard_exponential" ||
      method == "standard_gamma") {
    return draw_typed(stream, method, arguments);
  }
  if (method == "integers") return draw_integers(stream, arguments);
  if (method == "choice") return draw_choice(stream, arguments);
  if (method == "permutation" || method == "shuffle") return draw_permutation(stream, arguments);
  if (method == "permuted") return draw_permuted(stream, arguments);
  const auto* distribution = random::find_distribution(method);
  if (distribution == nullptr) throw std::runtime_error("no distribution " + method);
  return draw_distribution(stream, *distribution, arguments);
}

}  // namespace whest::test
