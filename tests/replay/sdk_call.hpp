// SPDX-License-Identifier: MIT
// How a call with arguments known at run time goes through fnp::NAME(...), as a participant writes it.
#pragma once

#include <array>
#include <flopscope/numpy.hpp>
#include <utility>

#include "sdk_functions.hpp"

namespace flopscope::replay {

namespace fnp = flopscope::numpy;

// ---- What a function of the headers returns ----

inline SdkResult to_result(const fnp::ndarray& a) {
  if (a.handle() == nullptr) return {};
  flopscope_array_retain(a.handle());
  return {.kind = SdkResult::Kind::array, .array = a.handle()};
}
inline SdkResult to_result(bool b) { return {.kind = SdkResult::Kind::boolean, .integer = b}; }
inline SdkResult to_result(std::int64_t i) { return {.kind = SdkResult::Kind::integer, .integer = i}; }
inline SdkResult to_result(double x) { return {.kind = SdkResult::Kind::real, .real = x}; }
inline SdkResult to_result(const std::string& s) { return {.kind = SdkResult::Kind::text, .text = s}; }
inline SdkResult to_result(fnp::dtype d) {
  return {.kind = SdkResult::Kind::dtype, .integer = static_cast<std::int64_t>(d)};
}
SdkResult to_result(const fnp::shape_t& shape);
template <class Items>
SdkResult to_sequence(SdkResult::Kind kind, const Items& items) {
  SdkResult out{.kind = kind};
  for (const auto& item : items) out.items.push_back(to_result(item));
  return out;
}
inline SdkResult to_result(const fnp::shape_t& shape) { return to_sequence(SdkResult::Kind::tuple, shape); }
inline SdkResult to_result(const std::vector<fnp::ndarray>& arrays) {
  return to_sequence(SdkResult::Kind::tuple, arrays);
}
template <std::size_t N>
SdkResult to_result(const std::array<fnp::ndarray, N>& arrays) {
  return to_sequence(SdkResult::Kind::tuple, arrays);
}
inline SdkResult to_result(const std::vector<double>& numbers) { return to_sequence(SdkResult::Kind::list, numbers); }
// Parts that the operation did not return are left out; one alone is no tuple.
template <class... Parts>
SdkResult to_parts(const Parts&... parts) {
  SdkResult out{.kind = SdkResult::Kind::tuple};
  for (SdkResult& part : std::array{to_result(parts)...})
    if (part.kind != SdkResult::Kind::none) out.items.push_back(std::move(part));
  return out.items.size() == 1 ? SdkResult(out.items.front()) : out;
}
inline SdkResult to_result(const fnp::linalg::EigResult& r) { return to_parts(r.eigenvalues, r.eigenvectors); }
inline SdkResult to_result(const fnp::linalg::SvdResult& r) { return to_parts(r.U, r.S, r.Vh); }
inline SdkResult to_result(const fnp::linalg::QrResult& r) { return to_parts(r.Q, r.R); }
inline SdkResult to_result(const fnp::linalg::SlogdetResult& r) { return to_parts(r.sign, r.logabsdet); }
inline SdkResult to_result(const fnp::linalg::LstsqResult& r) { return to_parts(r.x, r.residuals, r.rank, r.s); }
inline SdkResult to_result(const fnp::HistogramDd& r) {
  return to_parts(r.hist, static_cast<const std::vector<fnp::ndarray>&>(r.edges));
}
inline SdkResult to_result(const fnp::EinsumPath& r) {
  SdkResult out{.kind = SdkResult::Kind::tuple};
  out.items = {to_sequence(SdkResult::Kind::list, r.path), to_result(r.table)};
  return out;
}

// ---- The call, with as many arguments as there are ----

// Keeps what is made of a table's lambdas within its file: those of two files may have one name.
namespace {
struct ThisFile;
}
template <class Lambda, class File>
struct Local : Lambda {
  using Lambda::operator();
};

using Args = std::vector<fnp::Arg>;

template <class T, class F, std::size_t... I>
SdkResult call_with(const F& function, const Args& args, std::index_sequence<I...>) {
  if constexpr (requires { function(T(args[I])...); }) {
    if constexpr (std::is_void_v<decltype(function(T(args[I])...))>) {
      function(T(args[I])...);
      return {};
    } else {
      return to_result(function(T(args[I])...));
    }
  } else {
    throw SdkFailure{"TypeError", "no form of the function takes so many arguments"};
  }
}

constexpr std::size_t k_most_arguments = 10;

template <class F>
SdkResult call_counted(const F& function, const Args& args) {
  SdkResult out;
  [&]<std::size_t... N>(std::index_sequence<N...>) {
    (void)((args.size() == N && (out = call_with<fnp::Arg>(function, args, std::make_index_sequence<N>()), true)) ||
           ...);
  }
  (std::make_index_sequence<k_most_arguments>());
  return out;
}

// Of the forms of a function: `any` takes as many arguments as there are, and those at the end may be missing ones, so
// that one instance of its template does for all lines; `several` returns an array or several.
enum class Form : std::uint8_t { any, counted, several };

template <Form form, class F>
SdkResult call_sdk(const SdkArguments& given) {
  if (given.list.size() >= k_most_arguments) throw SdkFailure{"TypeError", "more arguments than a replayed call has"};
  Args args;
  for (const SdkArgument& a : given.list) args.push_back(fnp::Arg(a.value).named(a.keyword));
  try {
    if constexpr (form == Form::counted) {
      return call_counted(F(), args);
    } else {
      constexpr auto k_all = std::make_index_sequence<k_most_arguments>();
      args.resize(k_most_arguments);
      if constexpr (form == Form::several)
        if (given.several) return call_with<fnp::Several>(F(), args, k_all);
      return call_with<fnp::Arg>(F(), args, k_all);
    }
  } catch (const Error& e) {
    throw SdkFailure{e.class_name, e.what()};
  }
}

// The object of a method, from the first argument.
template <class Object>
Object self_of(const fnp::Arg& arg) {
  const flopscope_value& v = arg.value();
  if constexpr (std::is_same_v<Object, fnp::ndarray>) {
    if (v.kind != FLOPSCOPE_ARRAY) throw SdkFailure{"TypeError", "a method of something that is no array"};
    flopscope_array_retain(v.array);
    return fnp::ndarray::adopt(v.array);
  } else {
    return Object(flopscope_object_retain(v.object));
  }
}

}  // namespace flopscope::replay

#define FLOPSCOPE_SDK(form, op, function)                                                             \
  {                                                                                                   \
    op, &call_sdk<Form::form, Local<decltype([](const auto&... args) -> decltype(function(args...)) { \
                                      return function(args...);                                       \
                                    }),                                                               \
                                    ThisFile>>                                                        \
  }
#define FLOPSCOPE_SDK_METHOD(form, op, object, method)                                                  \
  {                                                                                                     \
    op, &call_sdk<Form::form, Local<decltype([](const auto& self, const auto&... args)                  \
                                                 -> decltype(std::declval<object&>().method(args...)) { \
                                      object of = self_of<object>(self);                                \
                                      return of.method(args...);                                        \
                                    }),                                                                 \
                                    ThisFile>>                                                          \
  }
