// SPDX-License-Identifier: MIT
// Exponentials, logarithms, trigonometric and hyperbolic functions, real and complex.
#include <cmath>
#include <numbers>
#include <whest/flopscope/ops/detail/elementary_loop.hpp>
#include <whest/flopscope/ops/detail/ufuncs.hpp>

namespace flopscope::ufunc {
namespace {

// A functor that calls std::<call> on the working type; complex types have their own overload there.
#define WHEST_STD_FUNCTION(Name, call) \
  struct Name {                        \
    template <class T>                 \
    static auto apply(T a) {           \
      return std::call(work(a));       \
    }                                  \
  }
WHEST_STD_FUNCTION(Exp, exp);
WHEST_STD_FUNCTION(Log, log);
WHEST_STD_FUNCTION(Sin, sin);
WHEST_STD_FUNCTION(Cos, cos);
WHEST_STD_FUNCTION(Tan, tan);
WHEST_STD_FUNCTION(Arcsin, asin);
WHEST_STD_FUNCTION(Arccos, acos);
WHEST_STD_FUNCTION(Arctan, atan);
WHEST_STD_FUNCTION(Sinh, sinh);
WHEST_STD_FUNCTION(Cosh, cosh);
WHEST_STD_FUNCTION(Tanh, tanh);
WHEST_STD_FUNCTION(Arcsinh, asinh);
WHEST_STD_FUNCTION(Arccosh, acosh);
WHEST_STD_FUNCTION(Arctanh, atanh);
#undef WHEST_STD_FUNCTION

// Those whose complex form is made from the others, as NumPy makes it.
struct Exp2 {
  template <class T>
  static auto apply(T a) {
    if constexpr (is_complex_element<T>) {
      using R = typename T::value_type;
      return std::exp(T(a.real() * std::numbers::ln2_v<R>, a.imag() * std::numbers::ln2_v<R>));
    } else {
      return std::exp2(work(a));
    }
  }
};
struct Expm1 {
  template <class T>
  static auto apply(T a) {
    if constexpr (is_complex_element<T>) {
      const auto s = std::sin(a.imag() / 2);
      return T(std::expm1(a.real()) * std::cos(a.imag()) - 2 * s * s, std::exp(a.real()) * std::sin(a.imag()));
    } else {
      return std::expm1(work(a));
    }
  }
};
struct Log2 {
  template <class T>
  static auto apply(T a) {
    if constexpr (is_complex_element<T>) {
      using R = typename T::value_type;
      const T l = std::log(a);
      return T(l.real() * std::numbers::log2e_v<R>, l.imag() * std::numbers::log2e_v<R>);
    } else {
      return std::log2(work(a));
    }
  }
};
struct Log10 {
  template <class T>
  static auto apply(T a) {
    if constexpr (is_complex_element<T>) {
      using R = typename T::value_type;
      const T l = std::log(a);
      return T(l.real() * std::numbers::log10e_v<R>, l.imag() * std::numbers::log10e_v<R>);
    } else {
      return std::log10(work(a));
    }
  }
};
struct Log1p {
  template <class T>
  static auto apply(T a) {
    if constexpr (is_complex_element<T>)
      return T(std::log(std::hypot(a.real() + 1, a.imag())), std::atan2(a.imag(), a.real() + 1));
    else
      return std::log1p(work(a));
  }
};

template <class F>
constexpr auto k_floating = join(unary_real_loops<F, void>(), unary_complex_loops<F, void>());

template <class F, elementary::Function K>
constexpr auto k_vectorised = with_kernels<K>(k_floating<F>);

template <class F, elementary::Function K>
constexpr Ufunc function(std::string_view name) {
  return with_direct({.name = name, .inputs = 1, .loops = k_vectorised<F, K>});
}

}  // namespace

constinit const Ufunc k_exp = function<Exp, elementary::Function::exp>("exp");
constinit const Ufunc k_exp2 = function<Exp2, elementary::Function::exp2>("exp2");
constinit const Ufunc k_expm1 = function<Expm1, elementary::Function::expm1>("expm1");
constinit const Ufunc k_log = function<Log, elementary::Function::log>("log");
constinit const Ufunc k_log2 = function<Log2, elementary::Function::log2>("log2");
constinit const Ufunc k_log10 = function<Log10, elementary::Function::log10>("log10");
constinit const Ufunc k_log1p = function<Log1p, elementary::Function::log1p>("log1p");
constinit const Ufunc k_sin = function<Sin, elementary::Function::sin>("sin");
constinit const Ufunc k_cos = function<Cos, elementary::Function::cos>("cos");
constinit const Ufunc k_tan = function<Tan, elementary::Function::tan>("tan");
constinit const Ufunc k_arcsin = function<Arcsin, elementary::Function::arcsin>("arcsin");
constinit const Ufunc k_arccos = function<Arccos, elementary::Function::arccos>("arccos");
constinit const Ufunc k_arctan = function<Arctan, elementary::Function::arctan>("arctan");
constinit const Ufunc k_sinh = function<Sinh, elementary::Function::sinh>("sinh");
constinit const Ufunc k_cosh = function<Cosh, elementary::Function::cosh>("cosh");
constinit const Ufunc k_tanh = function<Tanh, elementary::Function::tanh>("tanh");
constinit const Ufunc k_arcsinh = function<Arcsinh, elementary::Function::arcsinh>("arcsinh");
constinit const Ufunc k_arccosh = function<Arccosh, elementary::Function::arccosh>("arccosh");
constinit const Ufunc k_arctanh = function<Arctanh, elementary::Function::arctanh>("arctanh");

}  // namespace flopscope::ufunc
