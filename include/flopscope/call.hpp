// SPDX-License-Identifier: MIT
// A call of an operation by its name: arguments bound to its parameters, and its result as C++ sees it.
#pragma once

#include <algorithm>
#include <array>
#include <flopscope/errors.hpp>
#include <flopscope/ndarray.hpp>
#include <string>
#include <vector>

namespace flopscope::numpy {

// Several arrays, as an operation that returns a tuple or a list. Where it returned only one, that one.
class Arrays : public std::vector<ndarray> {
 public:
  using std::vector<ndarray>::vector;
  operator ndarray() const {
    if (size() != 1) throw Error("TypeError", std::to_string(size()) + " arrays where one is expected");
    return front();
  }
};

// So many arrays: auto [quotient, remainder] = fnp::divmod(a, b);
template <std::size_t N>
using Tuple = std::array<ndarray, N>;

namespace detail {

using flopscope::detail::check;

template <class R>
inline constexpr std::size_t tuple_size_of = 0;
template <std::size_t N>
inline constexpr std::size_t tuple_size_of<std::array<ndarray, N>> = N;

// The result of a call; owns it until it is taken. as<R>(): TypeError where the operation returned something else.
class Outcome {
 public:
  Outcome() : m_value(make(FLOPSCOPE_MISSING)) {}
  Outcome(Outcome&& o) noexcept : m_value(std::exchange(o.m_value, make(FLOPSCOPE_MISSING))) {}
  Outcome(const Outcome&) = delete;
  Outcome& operator=(const Outcome&) = delete;
  Outcome& operator=(Outcome&&) = delete;
  ~Outcome() {
    if (m_value.kind != FLOPSCOPE_MISSING) flopscope_value_release(&m_value);
  }
  flopscope_value* out() { return &m_value; }
  const flopscope_value& value() const { return m_value; }

  template <class R>
  R as() && {
    if constexpr (std::is_same_v<R, ndarray>)
      return std::move(*this).array();
    else if constexpr (std::is_same_v<R, Arrays>)
      return arrays_of(m_value);
    else if constexpr (tuple_size_of<R> > 0)
      return tuple<tuple_size_of<R>>();
    else if constexpr (std::is_same_v<R, bool>)
      return number<std::int64_t>() != 0;
    else if constexpr (std::is_same_v<R, std::int64_t>)
      return number<std::int64_t>();
    else if constexpr (std::is_same_v<R, numpy::dtype>)
      return static_cast<numpy::dtype>(expect(FLOPSCOPE_DTYPE, "dtype").i);
    else if constexpr (std::is_same_v<R, std::string>)
      return {expect(FLOPSCOPE_STRING, "text").s, m_value.count};
    else if constexpr (std::is_same_v<R, shape_t>)
      return integers();
    else
      static_assert(std::is_same_v<R, void>);
  }
  ndarray array() && {
    if (m_value.kind != FLOPSCOPE_ARRAY) throw Error("TypeError", "the operation returned no array");
    return ndarray::adopt(std::exchange(m_value, make(FLOPSCOPE_MISSING)).array);
  }
  // The arrays of a value of the library's: an array, or a sequence of arrays.
  static Arrays arrays_of(const flopscope_value& value) {
    Arrays out;
    if (value.kind == FLOPSCOPE_ARRAY) {
      out.push_back(shared(value));
      return out;
    }
    if (value.kind != FLOPSCOPE_LIST && value.kind != FLOPSCOPE_TUPLE)
      throw Error("TypeError", "the operation returned no array");
    for (std::uint32_t i = 0; i < value.count; ++i) out.push_back(shared(value.items[i]));
    return out;
  }

 private:
  static ndarray shared(const flopscope_value& value) {
    if (value.kind != FLOPSCOPE_ARRAY) throw Error("TypeError", "the operation returned something that is no array");
    flopscope_array_retain(value.array);
    return ndarray::adopt(value.array);
  }
  const flopscope_value& expect(std::uint8_t kind, const char* what) const {
    if (m_value.kind != kind) throw Error("TypeError", std::string("the operation returned no ") + what);
    return m_value;
  }
  template <class T>
  T number() const {
    if (m_value.kind == FLOPSCOPE_ARRAY) return shared(m_value).item<T>();
    if (m_value.kind != FLOPSCOPE_BOOL && m_value.kind != FLOPSCOPE_INT)
      throw Error("TypeError", "the operation returned no integer");
    return static_cast<T>(m_value.i);
  }
  template <std::size_t N>
  Tuple<N> tuple() const {
    if (m_value.kind != FLOPSCOPE_TUPLE || m_value.count != N)
      throw Error("TypeError", "the operation did not return " + std::to_string(N) + " arrays");
    Tuple<N> out;
    for (std::size_t i = 0; i < N; ++i) out[i] = shared(m_value.items[i]);
    return out;
  }
  shape_t integers() const {
    shape_t out;
    for (std::uint32_t i = 0; i < expect(FLOPSCOPE_TUPLE, "shape").count; ++i) out.push_back(m_value.items[i].i);
    return out;
  }

  flopscope_value m_value;
};

// An operation of the library, made once per call site (static).
class Operation {
 public:
  explicit Operation(const char* name) : m_op(flopscope_find_operation(name)), m_name(name) {}

  // Positional arguments in the order of the operation's parameters, then keywords.
  template <class... A>
  Outcome operator()(const A&... args) const {
    return invoke(static_cast<const Arg&>(args)...);
  }
  // Arrays alone.
  template <class... A>
  Outcome of(const A&... arrays) const {
    const flopscope_value values[] = {{FLOPSCOPE_ARRAY, 0, 0, 0, {.array = &arrays.head()}}...};
    return run(values, sizeof...(A));
  }
  // The same with a list of arguments, where an operation takes any number of them.
  Outcome call(const std::vector<Arg>& args) const {
    std::vector<flopscope_value> values;
    for (const Arg& arg : args) values.push_back(arg.value());
    for (const Arg& arg : args)
      if (arg.keyword() != nullptr) return bind(args.data(), args.size());
    return run(values.data(), values.size());
  }

 private:
  static constexpr int k_max_parameters = 24;

  template <class... A>
  Outcome invoke(const A&... args) const {
    if (((args.keyword() != nullptr) || ...)) {
      const std::array<Arg, sizeof...(A)> list = {args...};
      return bind(list.data(), sizeof...(A));
    }
    const std::array<flopscope_value, sizeof...(A)> values = {copy(args.value())...};
    return run(values.data(), sizeof...(A));
  }
  Outcome run(const flopscope_value* args, std::size_t n) const {
    if (m_op == nullptr)
      throw Error("AttributeError", std::string("flopscope.numpy does not provide '") + m_name + "'.");
    Outcome outcome;
    check(flopscope_invoke(m_op, args, n, outcome.out()));
    return outcome;
  }
  // Each keyword to the place of its parameter.
  Outcome bind(const Arg* args, std::size_t n) const {
    if (m_op == nullptr) return run(nullptr, 0);
    std::array<flopscope_value, k_max_parameters> slots;
    slots.fill(make(FLOPSCOPE_MISSING));
    std::size_t used = 0;
    bool by_keyword = false;
    for (std::size_t i = 0; i < n; ++i) {
      if (args[i].is_missing()) continue;
      if (args[i].keyword() == nullptr && by_keyword)
        throw Error("TypeError", std::string(m_name) + "(): positional argument follows keyword argument");
      by_keyword = args[i].keyword() != nullptr;
      const std::size_t slot = by_keyword ? slot_of(args[i].keyword()) : i;
      if (slot >= slots.size()) throw Error("TypeError", std::string(m_name) + "() got too many arguments");
      if (slots[slot].kind != FLOPSCOPE_MISSING)
        throw Error("TypeError",
                    std::string(m_name) + "() got multiple values for argument '" + args[i].keyword() + "'");
      slots[slot] = args[i].value();
      used = std::max(used, slot + 1);
    }
    return run(slots.data(), used);
  }
  std::size_t slot_of(const char* keyword) const {
    const std::int32_t slot = flopscope_parameter(m_op, keyword);
    if (slot < 0)
      throw Error("TypeError", std::string(m_name) + "() got an unexpected keyword argument '" + keyword + "'");
    return static_cast<std::size_t>(slot);
  }

  const flopscope_operation* m_op;
  const char* m_name;
};

}  // namespace detail
}  // namespace flopscope::numpy
