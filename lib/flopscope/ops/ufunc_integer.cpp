// SPDX-License-Identifier: MIT
// Division with remainder, and functions of integers only.
#include <bit>
#include <cmath>
#include <numeric>
#include <whest/flopscope/ops/detail/loops.hpp>
#include <whest/flopscope/ops/detail/ufuncs.hpp>

namespace flopscope::ufunc {
namespace {

// Quotient rounded down and remainder of the divisor's sign, as Python has them; by zero: 0 and 0 for integers.
template <class T>
struct DivMod {
  T quotient, remainder;
};

template <class T>
DivMod<T> integer_divmod(T a, T b) {
  if (b == 0) return {T{0}, T{0}};
  if constexpr (std::is_signed_v<T>) {
    if (b == -1) return {static_cast<T>(Wrapping<T>(0) - Wrapping<T>(a)), T{0}};  // also the most negative number
    T q = static_cast<T>(a / b), r = static_cast<T>(a % b);
    if (r != 0 && (r < 0) != (b < 0)) {
      q = static_cast<T>(q - 1);
      r = static_cast<T>(r + b);
    }
    return {q, r};
  } else {
    return {static_cast<T>(a / b), static_cast<T>(a % b)};
  }
}

template <class T>
DivMod<T> real_divmod(T a, T b) {
  T mod = std::fmod(a, b);
  if (b == 0) return {a / b, mod};
  T div = (a - mod) / b;
  if (mod != 0) {
    if ((b < 0) != (mod < 0)) {
      mod += b;
      div -= T{1};
    }
  } else {
    mod = std::copysign(T{0}, b);
  }
  if (div == 0) return {std::copysign(T{0}, a / b), mod};
  T down = std::floor(div);
  if (div - down > T{0.5}) down += T{1};
  return {down, mod};
}

template <class T>
auto divide_with_remainder(T a, T b) {
  if constexpr (std::is_integral_v<T>)
    return integer_divmod(a, b);
  else
    return real_divmod(work(a), work(b));
}

struct FloorDivide {
  template <class T>
  static auto apply(T a, T b) {
    return divide_with_remainder(a, b).quotient;
  }
};
struct Remainder {
  template <class T>
  static auto apply(T a, T b) {
    return divide_with_remainder(a, b).remainder;
  }
};
struct Fmod {
  template <class T>
  static auto apply(T a, T b) {
    if constexpr (std::is_integral_v<T>) {
      if (b == 0) return T{0};
      if constexpr (std::is_signed_v<T>)
        if (b == -1) return T{0};
      return static_cast<T>(a % b);
    } else {
      return std::fmod(work(a), work(b));
    }
  }
};
struct And {
  template <class T>
  static T apply(T a, T b) {
    return static_cast<T>(a & b);
  }
};
struct Or {
  template <class T>
  static T apply(T a, T b) {
    return static_cast<T>(a | b);
  }
};
struct Xor {
  template <class T>
  static T apply(T a, T b) {
    return static_cast<T>(a ^ b);
  }
};
struct Not {
  template <class T>
  static T apply(T a) {
    return static_cast<T>(~a);
  }
};
template <class T>
auto size_of(T a) {
  return a < 0 ? Wrapping<T>(0) - Wrapping<T>(a) : Wrapping<T>(a);
}
struct Gcd {
  template <class T>
  static T apply(T a, T b) {
    return static_cast<T>(std::gcd(size_of(a), size_of(b)));
  }
};
struct Lcm {
  template <class T>
  static T apply(T a, T b) {
    const auto g = std::gcd(size_of(a), size_of(b));
    return g == 0 ? T{0} : static_cast<T>(size_of(a) / g * size_of(b));
  }
};
// A shift by as many bits as there are, or by a negative number, leaves nothing but the sign.
template <class T>
bool shifts_all(T by) {
  return static_cast<std::make_unsigned_t<T>>(by) >= sizeof(T) * 8;
}
struct LeftShift {
  template <class T>
  static T apply(T a, T by) {
    return shifts_all(by) ? T{0} : static_cast<T>(Wrapping<T>(a) << by);
  }
};
struct RightShift {
  template <class T>
  static T apply(T a, T by) {
    if (shifts_all(by)) return a < 0 ? static_cast<T>(-1) : T{0};
    return static_cast<T>(a >> by);
  }
};
struct BitCount {
  template <class T>
  static std::uint8_t apply(T a) {
    return static_cast<std::uint8_t>(std::popcount(static_cast<std::make_unsigned_t<T>>(size_of(a))));
  }
};

template <class T>
void divmod_loop(std::byte* const* data, const std::int64_t* steps, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) {
    const auto both = divide_with_remainder(*reinterpret_cast<const T*>(data[0] + i * steps[0]),
                                            *reinterpret_cast<const T*>(data[1] + i * steps[1]));
    *reinterpret_cast<T*>(data[2] + i * steps[2]) = static_cast<T>(both.quotient);
    *reinterpret_cast<T*>(data[3] + i * steps[3]) = static_cast<T>(both.remainder);
  }
}
template <class... T>
constexpr std::array<Loop, sizeof...(T)> divmod_loops() {
  return {Loop{{dtype_of<T>, dtype_of<T>, dtype_of<T>, dtype_of<T>}, &divmod_loop<T>}...};
}

// Quotients by one positive divisor d, rounded down: of 0 <= x < 2^63 it is x m / 2^(63 + l) rounded down for
// m = 2^(63 + l) / d rounded up, 2^l >= d (Granlund and Montgomery, 1994); a negative number is turned to ~x and back.
class Divisor {
 public:
  explicit Divisor(std::uint64_t d)
      : m_shift(std::bit_width(d - 1)),
        m_factor(static_cast<std::uint64_t>(((Wide{1} << (63 + m_shift)) + (d - 1)) / d)) {}
  std::int64_t quotient(std::int64_t a) const {
    const std::int64_t sign = a >> 63;
    const std::uint64_t twice = 2 * static_cast<std::uint64_t>(a ^ sign);
    const auto high = static_cast<std::uint64_t>((Wide{twice} * m_factor) >> 64);
    return static_cast<std::int64_t>(high >> m_shift) ^ sign;
  }

 private:
  __extension__ using Wide = unsigned __int128;
  int m_shift;
  std::uint64_t m_factor;
};

// Many numbers by one: multiplied instead of divided.
template <class F, bool WantsQuotient, class T>
void division_loop(std::byte* const* data, const std::int64_t* steps, std::int64_t n) {
  constexpr std::int64_t k_item = sizeof(T), k_many = 16;
  const T by = *reinterpret_cast<const T*>(data[1]);
  if (n < k_many || steps[1] != 0 || steps[0] != k_item || steps[2] != k_item || by <= 0)
    return binary_loop<F, T, T, T>(data, steps, n);
  const Divisor divisor(static_cast<std::uint64_t>(by));
  const T* x = reinterpret_cast<const T*>(data[0]);
  T* y = reinterpret_cast<T*>(data[2]);
  for (std::int64_t i = 0; i < n; ++i) {
    const std::int64_t a = x[i], q = divisor.quotient(a);
    // Rounded down the multiple may lie below the least number: the remainder comes out right modulo 2^64.
    const auto below = static_cast<std::uint64_t>(q) * static_cast<std::uint64_t>(by);
    y[i] = static_cast<T>(WantsQuotient ? q : static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - below));
  }
}
template <class F, bool WantsQuotient, std::size_t N>
constexpr std::array<Loop, N> with_divisors(std::array<Loop, N> loops) {
  for (Loop& loop : loops) {
    if (loop.types[0] == DType::int32) loop.fn = &division_loop<F, WantsQuotient, std::int32_t>;
    if (loop.types[0] == DType::int64) loop.fn = &division_loop<F, WantsQuotient, std::int64_t>;
  }
  return loops;
}

template <class F>
constexpr auto k_real = join(binary_integer_loops<F, void>(), binary_real_loops<F, void>());
template <class F>
constexpr auto k_integer = binary_integer_loops<F, void>();
template <class F>
constexpr auto k_bits = join(binary_loops<F, void, bool>(), binary_integer_loops<F, void>());

constexpr auto k_floor_divide_loops = with_divisors<FloorDivide, true>(k_real<FloorDivide>);
constexpr auto k_remainder_loops = with_divisors<Remainder, false>(k_real<Remainder>);
constexpr auto k_divmod_loops = divmod_loops<std::int8_t, std::uint8_t, std::int16_t, std::uint16_t, std::int32_t,
                                             std::uint32_t, std::int64_t, std::uint64_t, Half, float, double>();
constexpr auto k_invert_loops = join(k_not_loop, unary_integer_loops<Not, void>());
constexpr auto k_bitwise_count_loops = unary_integer_loops<BitCount, std::uint8_t>();

constexpr Ufunc binary(std::string_view name, std::span<const Loop> loops, bool refuses_bool = false) {
  return with_direct(
      {.name = name, .inputs = 2, .resolve = Resolve::common, .refuses_bool = refuses_bool, .loops = loops});
}

}  // namespace

constinit const Ufunc k_floor_divide = binary("floor_divide", k_floor_divide_loops);
constinit const Ufunc k_remainder = binary("remainder", k_remainder_loops);
constinit const Ufunc k_fmod = binary("fmod", k_real<Fmod>);
constinit const Ufunc k_divmod =
    with_direct({.name = "divmod", .inputs = 2, .outputs = 2, .resolve = Resolve::common, .loops = k_divmod_loops});
constinit const Ufunc k_bitwise_and = binary("bitwise_and", k_bits<And>);
constinit const Ufunc k_bitwise_or = binary("bitwise_or", k_bits<Or>);
constinit const Ufunc k_bitwise_xor = binary("bitwise_xor", k_bits<Xor>);
constinit const Ufunc k_gcd = binary("gcd", k_integer<Gcd>, true);
constinit const Ufunc k_lcm = binary("lcm", k_integer<Lcm>, true);
constinit const Ufunc k_left_shift = binary("left_shift", k_integer<LeftShift>);
constinit const Ufunc k_right_shift = binary("right_shift", k_integer<RightShift>);
constinit const Ufunc k_invert = with_direct({.name = "invert", .inputs = 1, .loops = k_invert_loops});
constinit const Ufunc k_bitwise_count =
    with_direct({.name = "bitwise_count", .inputs = 1, .loops = k_bitwise_count_loops});

}  // namespace flopscope::ufunc
