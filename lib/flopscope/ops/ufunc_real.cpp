// SPDX-License-Identifier: MIT
// Functions of real floating numbers: the parts of a number, neighbours, angles, sums of logarithms, tests.
#include <bit>
#include <cmath>
#include <numbers>
#include <whest/flopscope/ops/detail/elementary_loop.hpp>
#include <whest/flopscope/ops/detail/ufuncs.hpp>

namespace flopscope::ufunc {
namespace {

struct LogAddExp {
  template <class T>
  static auto apply(T a, T b) {
    using W = Working<T>;
    const W x = work(a), y = work(b);
    if (x == y) return x + std::numbers::ln2_v<W>;  // also equal infinities
    const W d = x - y;
    if (d > 0) return x + std::log1p(std::exp(-d));
    if (d <= 0) return y + std::log1p(std::exp(d));
    return d;
  }
};
struct LogAddExp2 {
  template <class T>
  static auto apply(T a, T b) {
    using W = Working<T>;
    const W x = work(a), y = work(b);
    if (x == y) return x + W{1};
    const W d = x - y;
    if (d > 0) return x + std::numbers::log2e_v<W> * std::log1p(std::exp2(-d));
    if (d <= 0) return y + std::numbers::log2e_v<W> * std::log1p(std::exp2(d));
    return d;
  }
};
struct Arctan2 {
  template <class T>
  static auto apply(T a, T b) {
    return std::atan2(work(a), work(b));
  }
};
struct Hypot {
  template <class T>
  static auto apply(T a, T b) {
    return std::hypot(work(a), work(b));
  }
};
struct Copysign {
  template <class T>
  static auto apply(T a, T b) {
    return std::copysign(work(a), work(b));
  }
};

// Half precision has no neighbours in the library: by its bits.
Half next_half(Half a, Half b) {
  const auto x = static_cast<float>(a), y = static_cast<float>(b);
  if (std::isnan(x) || std::isnan(y)) return static_cast<Half>(NAN);
  if (x == y) return b;
  auto bits = std::bit_cast<std::uint16_t>(a);
  if ((bits & 0x7fff) == 0)
    bits = static_cast<std::uint16_t>(y < 0 ? 0x8001 : 0x0001);
  else
    bits = static_cast<std::uint16_t>((x < y) == (x > 0) ? bits + 1 : bits - 1);
  return std::bit_cast<Half>(bits);
}
struct Nextafter {
  template <class T>
  static T apply(T a, T b) {
    if constexpr (std::is_same_v<T, Half>)
      return next_half(a, b);
    else
      return std::nextafter(a, b);
  }
};
struct Spacing {
  template <class T>
  static auto apply(T a) {
    using W = Working<T>;
    const W x = work(a);
    if (std::isinf(x) || std::isnan(x)) return static_cast<W>(NAN);
    // NumPy's float16 looks towards infinity whatever the sign, and never answers with a negative distance.
    if constexpr (std::is_same_v<T, Half>)
      return work(Nextafter::apply(a, static_cast<Half>(INFINITY))) - x;
    else
      return work(Nextafter::apply(a, static_cast<T>(std::copysign(static_cast<W>(INFINITY), x)))) - x;
  }
};
struct Heaviside {
  template <class T>
  static auto apply(T a, T at_zero) {
    const auto x = work(a);
    return x == 0 ? work(at_zero) : x < 0 ? Working<T>{0} : x > 0 ? Working<T>{1} : x;
  }
};
struct Ldexp {
  template <class T, class I>
  static auto apply(T a, I by) {
    const auto n = static_cast<int>(std::clamp<std::int64_t>(by, -100000, 100000));
    return std::ldexp(work(a), n);
  }
};
struct Fabs {
  template <class T>
  static auto apply(T a) {
    return std::fabs(work(a));
  }
};
struct Signbit {
  template <class T>
  static bool apply(T a) {
    if constexpr (std::is_same_v<T, Half>)
      return std::bit_cast<std::uint16_t>(a) >= 0x8000;
    else
      return std::signbit(a);
  }
};
struct Degrees {
  template <class T>
  static auto apply(T a) {
    return work(a) * (Working<T>{180} / std::numbers::pi_v<Working<T>>);
  }
};
struct Radians {
  template <class T>
  static auto apply(T a) {
    return work(a) * (std::numbers::pi_v<Working<T>> / Working<T>{180});
  }
};
struct Cbrt {
  template <class T>
  static auto apply(T a) {
    return std::cbrt(work(a));
  }
};
struct IsNan {
  template <class T>
  static bool apply(T a) {
    return is_nan(a);
  }
};
struct IsInf {
  template <class T>
  static bool apply(T a) {
    if constexpr (is_complex_element<T>)
      return std::isinf(a.real()) || std::isinf(a.imag());
    else if constexpr (std::is_integral_v<T>)
      return false;
    else
      return std::isinf(work(a));
  }
};
struct IsFinite {
  template <class T>
  static bool apply(T a) {
    return !is_nan(a) && !IsInf::apply(a);
  }
};

template <class T>
void modf_loop(std::byte* const* data, const std::int64_t* steps, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) {
    Working<T> whole;
    const Working<T> part = std::modf(work(*reinterpret_cast<const T*>(data[0] + i * steps[0])), &whole);
    *reinterpret_cast<T*>(data[1] + i * steps[1]) = static_cast<T>(part);
    *reinterpret_cast<T*>(data[2] + i * steps[2]) = static_cast<T>(whole);
  }
}
template <class T>
void frexp_loop(std::byte* const* data, const std::int64_t* steps, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) {
    int exponent = 0;
    const Working<T> part = std::frexp(work(*reinterpret_cast<const T*>(data[0] + i * steps[0])), &exponent);
    *reinterpret_cast<T*>(data[1] + i * steps[1]) = static_cast<T>(part);
    *reinterpret_cast<std::int32_t*>(data[2] + i * steps[2]) = exponent;
  }
}

template <class F>
constexpr auto k_real2 = binary_real_loops<F, void>();
template <class F>
constexpr auto k_real1 = unary_real_loops<F, void>();
template <class F, elementary::Test K>
constexpr auto k_tests = with_tests<F, K>(
    join(unary_loops<F, bool, bool>(),
         join(unary_integer_loops<F, bool>(), join(unary_real_loops<F, bool>(), unary_complex_loops<F, bool>()))));
constexpr auto k_arctan2_loops = with_kernels<elementary::FunctionOfTwo::arctan2>(k_real2<Arctan2>);
constexpr auto k_cbrt_loops = with_kernels<elementary::Function::cbrt>(k_real1<Cbrt>);
constexpr auto k_signbit_loops = with_tests<Signbit, elementary::Test::negative>(unary_real_loops<Signbit, bool>());
constexpr std::array<Loop, 3> k_modf_loops = {
    Loop{{DType::float16, DType::float16, DType::float16}, &modf_loop<Half>},
    Loop{{DType::float32, DType::float32, DType::float32}, &modf_loop<float>},
    Loop{{DType::float64, DType::float64, DType::float64}, &modf_loop<double>}};
constexpr std::array<Loop, 3> k_frexp_loops = {
    Loop{{DType::float16, DType::float16, DType::int32}, &frexp_loop<Half>},
    Loop{{DType::float32, DType::float32, DType::int32}, &frexp_loop<float>},
    Loop{{DType::float64, DType::float64, DType::int32}, &frexp_loop<double>}};
constexpr std::array<Loop, 6> k_ldexp_loops = {
    Loop{{DType::float16, DType::int32, DType::float16}, &binary_loop<Ldexp, Half, std::int32_t, Half>},
    Loop{{DType::float32, DType::int32, DType::float32}, &binary_loop<Ldexp, float, std::int32_t, float>},
    Loop{{DType::float16, DType::int64, DType::float16}, &binary_loop<Ldexp, Half, std::int64_t, Half>},
    Loop{{DType::float32, DType::int64, DType::float32}, &binary_loop<Ldexp, float, std::int64_t, float>},
    Loop{{DType::float64, DType::int32, DType::float64}, &binary_loop<Ldexp, double, std::int32_t, double>},
    Loop{{DType::float64, DType::int64, DType::float64}, &binary_loop<Ldexp, double, std::int64_t, double>}};

template <class F>
constexpr Ufunc real2(std::string_view name) {
  return with_direct({.name = name, .inputs = 2, .loops = k_real2<F>});
}
template <class F>
constexpr Ufunc real1(std::string_view name) {
  return with_direct({.name = name, .inputs = 1, .loops = k_real1<F>});
}
template <class F, elementary::Test K>
constexpr Ufunc test(std::string_view name) {
  return with_direct({.name = name, .inputs = 1, .loops = k_tests<F, K>});
}

}  // namespace

constinit const Ufunc k_logaddexp = real2<LogAddExp>("logaddexp");
constinit const Ufunc k_logaddexp2 = real2<LogAddExp2>("logaddexp2");
constinit const Ufunc k_arctan2 = with_direct({.name = "arctan2", .inputs = 2, .loops = k_arctan2_loops});
constinit const Ufunc k_hypot = real2<Hypot>("hypot");
constinit const Ufunc k_copysign = real2<Copysign>("copysign");
constinit const Ufunc k_nextafter = real2<Nextafter>("nextafter");
constinit const Ufunc k_heaviside = real2<Heaviside>("heaviside");
constinit const Ufunc k_ldexp =
    with_direct({.name = "ldexp", .inputs = 2, .fixed_second_int = true, .loops = k_ldexp_loops});
constinit const Ufunc k_modf = with_direct({.name = "modf", .inputs = 1, .outputs = 2, .loops = k_modf_loops});
constinit const Ufunc k_frexp = with_direct({.name = "frexp", .inputs = 1, .outputs = 2, .loops = k_frexp_loops});
constinit const Ufunc k_signbit = with_direct({.name = "signbit", .inputs = 1, .loops = k_signbit_loops});
constinit const Ufunc k_spacing = real1<Spacing>("spacing");
constinit const Ufunc k_fabs = real1<Fabs>("fabs");
constinit const Ufunc k_degrees = real1<Degrees>("degrees");
constinit const Ufunc k_radians = real1<Radians>("radians");
constinit const Ufunc k_cbrt = with_direct({.name = "cbrt", .inputs = 1, .loops = k_cbrt_loops});
constinit const Ufunc k_isnan = test<IsNan, elementary::Test::nan>("isnan");
constinit const Ufunc k_isinf = test<IsInf, elementary::Test::infinite>("isinf");
constinit const Ufunc k_isfinite = test<IsFinite, elementary::Test::finite>("isfinite");

}  // namespace flopscope::ufunc
