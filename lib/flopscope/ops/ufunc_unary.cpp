// SPDX-License-Identifier: MIT
// Arithmetic of one operand: absolute value, sign, square, root, rounding.
#include <cmath>
#include <limits>
#include <whest/flopscope/ops/detail/elementary_loop.hpp>
#include <whest/flopscope/ops/detail/ufuncs.hpp>

namespace flopscope::ufunc {
namespace {

// The plain root, where the squares keep all their digits.
template <class R>
R size_of_complex(R re, R im) {
  constexpr R k_most = std::numeric_limits<R>::max() / 4,
              k_least = std::numeric_limits<R>::min() / std::numeric_limits<R>::epsilon();
  const R squares = re * re + im * im;
  return squares > k_least && squares < k_most ? std::sqrt(squares) : std::hypot(re, im);
}

struct Absolute {
  static bool apply(bool a) { return a; }
  template <class T>
  static auto apply(T a) {
    if constexpr (is_complex_element<T>)
      return size_of_complex(a.real(), a.imag());
    else if constexpr (std::is_unsigned_v<T>)
      return a;
    else if constexpr (std::is_integral_v<T>)
      return static_cast<T>(a < 0 ? Wrapping<T>(0) - Wrapping<T>(a) : Wrapping<T>(a));
    else
      return std::fabs(work(a));
  }
};
struct Negative {
  template <class T>
  static auto apply(T a) {
    if constexpr (is_complex_element<T>)
      return T(-a.real(), -a.imag());
    else if constexpr (std::is_integral_v<T>)
      return static_cast<T>(Wrapping<T>(0) - Wrapping<T>(a));
    else
      return -work(a);
  }
};
struct Same {
  template <class T>
  static T apply(T a) {
    return a;
  }
};
struct Conjugate {
  template <class T>
  static T apply(T a) {
    if constexpr (is_complex_element<T>)
      return {a.real(), -a.imag()};
    else
      return a;
  }
};
struct Square {
  template <class T>
  static auto apply(T a) {
    if constexpr (is_complex_element<T>)
      return complex_multiply(a, a);
    else if constexpr (std::is_integral_v<T>)
      return static_cast<T>(Wrapping<T>(a) * Wrapping<T>(a));
    else
      return work(a) * work(a);
  }
};
struct Reciprocal {
  template <class T>
  static auto apply(T a) {
    if constexpr (is_complex_element<T>) {
      using R = typename T::value_type;
      if (std::fabs(a.imag()) <= std::fabs(a.real())) {
        const R r = a.imag() / a.real(), d = a.real() + a.imag() * r;
        return T(R{1} / d, -r / d);
      }
      const R r = a.real() / a.imag(), d = a.real() * r + a.imag();
      return T(r / d, R{-1} / d);
    } else if constexpr (std::is_integral_v<T>) {
      // What converting 1/0 gives on the machines NumPy runs on.
      if (a == 0) return std::is_signed_v<T> && sizeof(T) >= 4 ? std::numeric_limits<T>::min() : T{0};
      return static_cast<T>(T{1} / a);
    } else {
      return Working<T>{1} / work(a);
    }
  }
};
struct Sign {
  template <class T>
  static auto apply(T a) {
    if constexpr (is_complex_element<T>) {
      using R = typename T::value_type;
      const R size = std::hypot(a.real(), a.imag());
      if (std::isnan(size)) return T(size, size);
      if (std::isinf(size)) {
        const bool re = std::isinf(a.real()), im = std::isinf(a.imag());
        if (re && im) return T(R(NAN), R(NAN));
        return re ? T(std::copysign(R{1}, a.real()), 0) : T(0, std::copysign(R{1}, a.imag()));
      }
      return size == 0 ? T(0, 0) : T(a.real() / size, a.imag() / size);
    } else if constexpr (std::is_integral_v<T>) {
      return static_cast<T>((a > T{0}) - (a < T{0}));
    } else {
      const auto x = work(a);
      return x > 0 ? Working<T>(1) : x < 0 ? Working<T>(-1) : x == 0 ? Working<T>(0) : x;
    }
  }
};
struct SquareRoot {
  template <class T>
  static auto apply(T a) {
    if constexpr (is_complex_element<T>)
      return std::sqrt(a);
    else
      return std::sqrt(work(a));
  }
};

// Rounding: integers and bool are whole already.
template <class Round>
struct Rounding {
  template <class T>
  static auto apply(T a) {
    if constexpr (is_complex_element<T>)
      return T(Round::of(a.real()), Round::of(a.imag()));
    else if constexpr (std::is_integral_v<T>)
      return a;
    else
      return Round::of(work(a));
  }
};
struct Up {
  template <class T>
  static T of(T x) {
    return std::ceil(x);
  }
};
struct Down {
  template <class T>
  static T of(T x) {
    return std::floor(x);
  }
};
struct TowardZero {
  template <class T>
  static T of(T x) {
    return std::trunc(x);
  }
};
struct ToEven {
  template <class T>
  static T of(T x) {
    return std::nearbyint(x);
  }
};

template <class F>
constexpr auto numbers() {
  return join(unary_integer_loops<F, void>(), join(unary_real_loops<F, void>(), unary_complex_loops<F, void>()));
}
template <class F>
constexpr auto whole_or_real() {
  return join(unary_loops<F, void, bool>(), join(unary_integer_loops<F, void>(), unary_real_loops<F, void>()));
}
template <class F>
constexpr auto floating() {
  return join(unary_real_loops<F, void>(), unary_complex_loops<F, void>());
}

constexpr std::array<Loop, 2> k_complex_size = {
    Loop{{DType::complex64, DType::float32}, &unary_loop<Absolute, Complex64, float>},
    Loop{{DType::complex128, DType::float64}, &unary_loop<Absolute, Complex128, double>}};

constexpr auto k_absolute_loops = join(whole_or_real<Absolute>(), k_complex_size);
constexpr auto k_negative_loops = numbers<Negative>();
constexpr auto k_positive_loops = numbers<Same>();
constexpr auto k_conjugate_loops = numbers<Conjugate>();
constexpr auto k_square_loops = numbers<Square>();
constexpr auto k_reciprocal_loops = numbers<Reciprocal>();
constexpr auto k_sign_loops = numbers<Sign>();
constexpr auto k_sqrt_loops = with_kernels<elementary::Function::sqrt>(floating<SquareRoot>());
constexpr auto k_ceil_loops = with_kernels<elementary::Function::ceil>(whole_or_real<Rounding<Up>>());
constexpr auto k_floor_loops = with_kernels<elementary::Function::floor>(whole_or_real<Rounding<Down>>());
constexpr auto k_trunc_loops = with_kernels<elementary::Function::trunc>(whole_or_real<Rounding<TowardZero>>());
constexpr auto k_rint_loops = with_kernels<elementary::Function::rint>(floating<Rounding<ToEven>>());

constexpr Ufunc unary(std::string_view name, std::span<const Loop> loops, bool refuses_bool = false) {
  return with_direct({.name = name, .inputs = 1, .refuses_bool = refuses_bool, .loops = loops});
}

}  // namespace

constinit const Ufunc k_absolute = unary("absolute", k_absolute_loops);
constinit const Ufunc k_negative = unary("negative", k_negative_loops, true);
constinit const Ufunc k_positive = unary("positive", k_positive_loops, true);
constinit const Ufunc k_conjugate = unary("conjugate", k_conjugate_loops);
constinit const Ufunc k_square = unary("square", k_square_loops);
constinit const Ufunc k_reciprocal = unary("reciprocal", k_reciprocal_loops);
constinit const Ufunc k_sign = unary("sign", k_sign_loops, true);
constinit const Ufunc k_sqrt = unary("sqrt", k_sqrt_loops);
constinit const Ufunc k_ceil = unary("ceil", k_ceil_loops);
constinit const Ufunc k_floor = unary("floor", k_floor_loops);
constinit const Ufunc k_trunc = unary("trunc", k_trunc_loops);
constinit const Ufunc k_rint = unary("rint", k_rint_loops);

}  // namespace flopscope::ufunc
