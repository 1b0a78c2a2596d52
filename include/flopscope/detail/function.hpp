// SPDX-License-Identifier: MIT
// How the headers of the families declare an operation: one line each, with NumPy's parameters behind it.
//
//   FLOPSCOPE_FUNCTION(ndarray, percentile, "percentile", 2, 3)  // a, q, axis=None, out=None, ...
//
// declares a function of 2 required and 3 named parameters, which take braces: percentile(a, {25, 75}, 0). What follows
// is positional in NumPy's order, or keywords: percentile(a, 50, kw::axis = 0, kw::method = "lower").
#pragma once

#include <concepts>
#include <flopscope/call.hpp>
#include <tuple>

namespace flopscope::numpy::detail {

// What a short form takes as a count: a whole number, and neither a truth nor what only converts to a number.
template <class T>
concept Whole = std::integral<T> && !std::same_as<T, bool>;

// What an operation returns that some argument makes return several arrays: its keyword is given, or the place that the
// first such argument has among `More` is (a keyword has the type Arg there).
template <std::size_t place>
struct SeveralFrom {
  template <class... More>
  static constexpr bool by_position() {
    if constexpr (sizeof...(More) > place)
      return !std::is_same_v<std::tuple_element_t<place, std::tuple<More...>>, Arg>;
    else
      return false;
  }
  template <class... More>
  using Result =
      std::conditional_t<by_position<More...>() || (std::is_base_of_v<Several, More> || ...), Arrays, ndarray>;
};

// An argument that a model bills by its being given by position.
inline Arg billed_by_position(const Arg& arg) { return arg.keyword() == nullptr ? arg.placed() : arg; }

// Calls `op` with `leading`, with the positional ones of `given` as the list that its parameter `*x` collects, and with
// the keywords of `given`.
inline Outcome with_variadic(const Operation& op, std::vector<Arg> leading, const std::vector<Arg>& given) {
  std::vector<Arg> several, keywords;
  for (const Arg& arg : given)
    if (!arg.is_missing()) (arg.keyword() == nullptr ? several : keywords).push_back(arg);
  leading.push_back(Arg::tuple(std::move(several)));
  leading.insert(leading.end(), keywords.begin(), keywords.end());
  return op.call(leading);
}

}  // namespace flopscope::numpy::detail

// clang-format off
#define FLOPSCOPE_PARAMETERS_0_0
#define FLOPSCOPE_PARAMETERS_0_1 const Arg& a = {},
#define FLOPSCOPE_PARAMETERS_0_2 const Arg& a = {}, const Arg& b = {},
#define FLOPSCOPE_PARAMETERS_0_3 const Arg& a = {}, const Arg& b = {}, const Arg& c = {},
#define FLOPSCOPE_PARAMETERS_1_1 const Arg& a,
#define FLOPSCOPE_PARAMETERS_1_2 const Arg& a, const Arg& b = {},
#define FLOPSCOPE_PARAMETERS_1_3 const Arg& a, const Arg& b = {}, const Arg& c = {},
#define FLOPSCOPE_PARAMETERS_1_4 const Arg& a, const Arg& b = {}, const Arg& c = {}, const Arg& d = {},
#define FLOPSCOPE_PARAMETERS_2_2 const Arg& a, const Arg& b,
#define FLOPSCOPE_PARAMETERS_2_3 const Arg& a, const Arg& b, const Arg& c = {},
#define FLOPSCOPE_PARAMETERS_2_4 const Arg& a, const Arg& b, const Arg& c = {}, const Arg& d = {},
#define FLOPSCOPE_PARAMETERS_2_5 const Arg& a, const Arg& b, const Arg& c = {}, const Arg& d = {}, const Arg& e = {},
#define FLOPSCOPE_PARAMETERS_3_3 const Arg& a, const Arg& b, const Arg& c,
#define FLOPSCOPE_PARAMETERS_3_4 const Arg& a, const Arg& b, const Arg& c, const Arg& d = {},
#define FLOPSCOPE_PARAMETERS_3_5 const Arg& a, const Arg& b, const Arg& c, const Arg& d = {}, const Arg& e = {},
#define FLOPSCOPE_PARAMETERS_3_6 const Arg& a, const Arg& b, const Arg& c, const Arg& d = {}, const Arg& e = {}, const Arg& f = {},
#define FLOPSCOPE_ARGUMENTS_0
#define FLOPSCOPE_ARGUMENTS_1 a,
#define FLOPSCOPE_ARGUMENTS_2 a, b,
#define FLOPSCOPE_ARGUMENTS_3 a, b, c,
#define FLOPSCOPE_ARGUMENTS_4 a, b, c, d,
#define FLOPSCOPE_ARGUMENTS_5 a, b, c, d, e,
#define FLOPSCOPE_ARGUMENTS_6 a, b, c, d, e, f,

#define FLOPSCOPE_FUNCTION(result, name, operation, required, named)                     \
  template <class... More>                                                               \
  result name(FLOPSCOPE_PARAMETERS_##required##_##named const More&... more) {           \
    static const detail::Operation k_op(operation);                                      \
    return k_op(FLOPSCOPE_ARGUMENTS_##named more...).template as<result>();              \
  }
// The same with a form of its own for arrays alone, which is what small operations are called with: it makes no Arg.
#define FLOPSCOPE_ARRAY_PARAMETERS_1 const ndarray& a
#define FLOPSCOPE_ARRAY_PARAMETERS_2 const ndarray& a, const ndarray& b
#define FLOPSCOPE_ARRAY_ARGUMENTS_1 a
#define FLOPSCOPE_ARRAY_ARGUMENTS_2 a, b
#define FLOPSCOPE_ARRAY_FUNCTION(result, name, operation, required, named)               \
  FLOPSCOPE_FUNCTION(result, name, operation, required, named)                           \
  inline result name(FLOPSCOPE_ARRAY_PARAMETERS_##named) {                               \
    static const detail::Operation k_op(operation);                                      \
    return k_op.of(FLOPSCOPE_ARRAY_ARGUMENTS_##named).template as<result>();             \
  }
// The same for a method: the object goes first.
#define FLOPSCOPE_METHOD(result, name, operation, required, named)                       \
  template <class... More>                                                               \
  result name(FLOPSCOPE_PARAMETERS_##required##_##named const More&... more) {           \
    static const detail::Operation k_op(operation);                                      \
    return k_op(self(), FLOPSCOPE_ARGUMENTS_##named more...).template as<result>();      \
  }
// clang-format on
