// SPDX-License-Identifier: MIT
// add, subtract, multiply, divide, maximum and minimum on all dtypes.
#include <whest/flopscope/ops/detail/loops.hpp>
#include <whest/flopscope/ops/detail/ufuncs.hpp>
#include <whest/flopscope/ops/detail/wrapping.hpp>

namespace flopscope::ufunc {
namespace {

struct Add {
  static bool apply(bool a, bool b) { return a || b; }
  template <class T>
  static auto apply(T a, T b) {
    if constexpr (is_complex_element<T>)
      return T(a.real() + b.real(), a.imag() + b.imag());
    else if constexpr (std::is_integral_v<T>)
      return sum_of(a, b);
    else
      return work(a) + work(b);
  }
};
struct Subtract {
  template <class T>
  static auto apply(T a, T b) {
    if constexpr (is_complex_element<T>)
      return T(a.real() - b.real(), a.imag() - b.imag());
    else if constexpr (std::is_integral_v<T>)
      return difference_of(a, b);
    else
      return work(a) - work(b);
  }
};
struct Multiply {
  static bool apply(bool a, bool b) { return a && b; }
  template <class T>
  static auto apply(T a, T b) {
    if constexpr (is_complex_element<T>)
      return complex_multiply(a, b);
    else if constexpr (std::is_integral_v<T>)
      return multiply_add(T(0), a, b);
    else
      return work(a) * work(b);
  }
};
struct Divide {
  template <class T>
  static auto apply(T a, T b) {
    if constexpr (is_complex_element<T>)
      return complex_divide(a, b);
    else
      return work(a) / work(b);
  }
};
// maximum and minimum hand on a NaN; fmax and fmin prefer the number.
template <bool Max, bool PreferNumber>
struct Extreme {
  template <class T>
  static T apply(T a, T b) {
    if constexpr (is_complex_element<T>) {
      if (PreferNumber ? is_nan(b) : is_nan(a)) return a;
      if (PreferNumber ? is_nan(a) : is_nan(b)) return b;
      return (Max ? complex_less(a, b) : complex_less(b, a)) ? b : a;
    } else if constexpr (std::is_integral_v<T>) {
      return (Max ? a < b : b < a) ? b : a;
    } else if constexpr (PreferNumber) {
      return ((Max ? work(a) >= work(b) : work(a) <= work(b)) || is_nan(b)) ? a : b;
    } else {
      return ((Max ? work(a) >= work(b) : work(a) <= work(b)) || is_nan(a)) ? a : b;
    }
  }
};

template <class F>
constexpr auto numbers() {
  return join(binary_integer_loops<F, void>(), join(binary_real_loops<F, void>(), binary_complex_loops<F, void>()));
}
template <class F>
constexpr auto with_bool() {
  return join(binary_loops<F, void, bool>(), numbers<F>());
}

constexpr auto k_add_loops = with_bool<Add>();
constexpr auto k_subtract_loops = numbers<Subtract>();
constexpr auto k_multiply_loops = with_bool<Multiply>();
constexpr auto k_divide_loops = join(binary_real_loops<Divide, void>(), binary_complex_loops<Divide, void>());
constexpr auto k_maximum_loops = with_bool<Extreme<true, false>>();
constexpr auto k_minimum_loops = with_bool<Extreme<false, false>>();
constexpr auto k_fmax_loops = with_bool<Extreme<true, true>>();
constexpr auto k_fmin_loops = with_bool<Extreme<false, true>>();

constexpr Ufunc binary(std::string_view name, std::span<const Loop> loops, Resolve resolve = Resolve::common,
                       bool refuses_bool = false) {
  return with_direct({.name = name, .inputs = 2, .resolve = resolve, .refuses_bool = refuses_bool, .loops = loops});
}

}  // namespace

constinit const Ufunc k_add = binary("add", k_add_loops);
constinit const Ufunc k_subtract = binary("subtract", k_subtract_loops, Resolve::common, true);
constinit const Ufunc k_multiply = binary("multiply", k_multiply_loops);
constinit const Ufunc k_true_divide = binary("divide", k_divide_loops, Resolve::divide);
constinit const Ufunc k_maximum = binary("maximum", k_maximum_loops);
constinit const Ufunc k_minimum = binary("minimum", k_minimum_loops);
constinit const Ufunc k_fmax = binary("fmax", k_fmax_loops);
constinit const Ufunc k_fmin = binary("fmin", k_fmin_loops);

}  // namespace flopscope::ufunc
