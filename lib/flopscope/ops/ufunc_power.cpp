// SPDX-License-Identifier: MIT
// power and float_power.
#include <cmath>
#include <limits>
#include <whest/flopscope/ops/detail/elementary_loop.hpp>
#include <whest/flopscope/ops/detail/ufuncs.hpp>

namespace flopscope::ufunc {
namespace {

struct IntegerPower {
  template <class T>
  static T apply(T base, T exponent) {
    if constexpr (std::is_signed_v<T>)
      if (exponent < 0) throw_value_error("Integers to negative integer powers are not allowed.");
    Wrapping<T> b = Wrapping<T>(base), r = 1;
    for (auto e = static_cast<std::make_unsigned_t<T>>(exponent); e != 0; e = static_cast<decltype(e)>(e >> 1)) {
      if (e & 1) r *= b;
      b *= b;
    }
    return static_cast<T>(r);
  }
};

struct RealPower {
  template <class T>
  static auto apply(T base, T exponent) {
    return std::pow(work(base), work(exponent));
  }
};

// Small whole exponents by repeated squaring, as NumPy does; the rest by logarithm and exponential.
struct ComplexPower {
  template <class C>
  static C apply(C base, C exponent) {
    const auto re = exponent.real(), im = exponent.imag();
    if (re == 0 && im == 0) return {1, 0};
    if (base.real() == 0 && base.imag() == 0) {
      constexpr auto k_nan = std::numeric_limits<typename C::value_type>::quiet_NaN();
      return re > 0 ? C{0, 0} : C{k_nan, k_nan};
    }
    if (im == 0 && std::trunc(re) == re && re > -100 && re < 100) {
      auto n = static_cast<unsigned>(std::fabs(re));
      C r{1, 0}, p = base;
      for (; n != 0; n >>= 1) {
        if (n & 1) r = complex_multiply(r, p);
        p = complex_multiply(p, p);
      }
      return re < 0 ? complex_divide(C{1, 0}, r) : r;
    }
    return std::pow(base, exponent);
  }
};

// A repeated exponent of 2 is a square, as in NumPy: the same bits as x * x.
template <class T>
void real_power_loop(std::byte* const* data, const std::int64_t* steps, std::int64_t n) {
  if (steps[1] == 0 && work(*reinterpret_cast<const T*>(data[1])) == 2) {
    const std::byte* a = data[0];
    std::byte* r = data[2];
    for (std::int64_t i = 0; i < n; ++i, a += steps[0], r += steps[2]) {
      const auto x = work(*reinterpret_cast<const T*>(a));
      *reinterpret_cast<T*>(r) = static_cast<T>(x * x);
    }
    return;
  }
  if constexpr (std::is_same_v<T, Half>)
    binary_loop<RealPower, T, T, T>(data, steps, n);
  else
    elementary_loop_of_two<elementary::FunctionOfTwo::power, T>(data, steps, n);
}

constexpr std::array<Loop, 3> k_real_loops = {
    Loop{{DType::float16, DType::float16, DType::float16}, &real_power_loop<Half>},
    Loop{{DType::float32, DType::float32, DType::float32}, &real_power_loop<float>},
    Loop{{DType::float64, DType::float64, DType::float64}, &real_power_loop<double>}};
constexpr auto k_power_loops =
    join(binary_integer_loops<IntegerPower, void>(), join(k_real_loops, binary_complex_loops<ComplexPower, void>()));
constexpr std::array<Loop, 2> k_float_power_loops = {
    Loop{{DType::float64, DType::float64, DType::float64}, &real_power_loop<double>},
    Loop{{DType::complex128, DType::complex128, DType::complex128},
         &binary_loop<ComplexPower, Complex128, Complex128, Complex128>}};

}  // namespace

constinit const Ufunc k_power =
    with_direct({.name = "power", .inputs = 2, .resolve = Resolve::common, .loops = k_power_loops});
constinit const Ufunc k_float_power = with_direct({.name = "float_power", .inputs = 2, .loops = k_float_power_loops});

}  // namespace flopscope::ufunc
