// SPDX-License-Identifier: MIT
// Comparisons and logical functions on all dtypes.
#include <utility>
#include <whest/flopscope/ops/detail/elementary_loop.hpp>
#include <whest/flopscope/ops/detail/ufuncs.hpp>

namespace flopscope::ufunc {
namespace {

// NumPy's order of complex numbers in comparisons: lexicographic; false as soon as a NaN decides.
template <class C>
bool lexicographic_less(const C& a, const C& b, bool if_equal) {
  if (a.real() == b.real()) return if_equal ? a.imag() <= b.imag() : a.imag() < b.imag();
  return a.real() < b.real() && !is_nan(a.imag()) && !is_nan(b.imag());
}

struct Less {
  template <class A, class B>
  static bool apply(A a, B b) {
    if constexpr (is_complex_element<A>)
      return lexicographic_less(a, b, false);
    else if constexpr (!std::is_same_v<A, B>)
      return std::cmp_less(a, b);
    else
      return work(a) < work(b);
  }
};
struct LessEqual {
  template <class A, class B>
  static bool apply(A a, B b) {
    if constexpr (is_complex_element<A>)
      return lexicographic_less(a, b, true);
    else if constexpr (!std::is_same_v<A, B>)
      return std::cmp_less_equal(a, b);
    else
      return work(a) <= work(b);
  }
};
struct Greater {
  template <class A, class B>
  static bool apply(A a, B b) {
    return Less::apply(b, a);
  }
};
struct GreaterEqual {
  template <class A, class B>
  static bool apply(A a, B b) {
    return LessEqual::apply(b, a);
  }
};
struct Equal {
  template <class A, class B>
  static bool apply(A a, B b) {
    if constexpr (is_complex_element<A>)
      return a.real() == b.real() && a.imag() == b.imag();
    else if constexpr (!std::is_same_v<A, B>)
      return std::cmp_equal(a, b);
    else
      return work(a) == work(b);
  }
};
struct NotEqual {
  template <class A, class B>
  static bool apply(A a, B b) {
    return !Equal::apply(a, b);
  }
};
struct And {
  template <class T>
  static bool apply(T a, T b) {
    return truth(a) & truth(b);
  }
};
struct Or {
  template <class T>
  static bool apply(T a, T b) {
    return truth(a) | truth(b);
  }
};
struct Xor {
  template <class T>
  static bool apply(T a, T b) {
    return truth(a) != truth(b);
  }
};
struct Not {
  template <class T>
  static bool apply(T a) {
    return !truth(a);
  }
};

template <class F>
constexpr auto all_types() {
  return join(binary_loops<F, bool, bool>(), join(binary_integer_loops<F, bool>(),
                                                  join(binary_real_loops<F, bool>(), binary_complex_loops<F, bool>())));
}
// Signed against unsigned 64-bit integers are compared by value, not as doubles: before the floating loops.
template <class F, elementary::Comparison C, bool Turned = false>
constexpr auto comparison() {
  constexpr std::array<Loop, 2> mixed = {
      Loop{{DType::int64, DType::uint64, DType::bool_}, &binary_loop<F, std::int64_t, std::uint64_t, bool>},
      Loop{{DType::uint64, DType::int64, DType::bool_}, &binary_loop<F, std::uint64_t, std::int64_t, bool>}};
  return with_comparisons<F, C, Turned>(
      join(binary_loops<F, bool, bool>(), join(join(binary_integer_loops<F, bool>(), mixed),
                                               join(binary_real_loops<F, bool>(), binary_complex_loops<F, bool>()))));
}

constexpr auto k_greater_loops = comparison<Greater, elementary::Comparison::less, true>();
constexpr auto k_greater_equal_loops = comparison<GreaterEqual, elementary::Comparison::less_equal, true>();
constexpr auto k_less_loops = comparison<Less, elementary::Comparison::less>();
constexpr auto k_less_equal_loops = comparison<LessEqual, elementary::Comparison::less_equal>();
constexpr auto k_equal_loops = comparison<Equal, elementary::Comparison::equal>();
constexpr auto k_not_equal_loops = comparison<NotEqual, elementary::Comparison::not_equal>();
constexpr auto k_and_loops = all_types<And>();
constexpr auto k_or_loops = all_types<Or>();
constexpr auto k_xor_loops = all_types<Xor>();
constexpr auto k_not_loops = with_tests<Not, elementary::Test::zero>(join(
    k_not_loop,
    join(unary_integer_loops<Not, bool>(), join(unary_real_loops<Not, bool>(), unary_complex_loops<Not, bool>()))));

constexpr Ufunc compares(std::string_view name, std::span<const Loop> loops) {
  return with_direct({.name = name, .inputs = 2, .weak_any_size = true, .loops = loops});
}
constexpr Ufunc logical(std::string_view name, std::span<const Loop> loops) {
  return with_direct({.name = name, .inputs = 2, .resolve = Resolve::common, .weak_any_size = true, .loops = loops});
}

}  // namespace

constinit const Ufunc k_greater = compares("greater", k_greater_loops);
constinit const Ufunc k_greater_equal = compares("greater_equal", k_greater_equal_loops);
constinit const Ufunc k_less = compares("less", k_less_loops);
constinit const Ufunc k_less_equal = compares("less_equal", k_less_equal_loops);
constinit const Ufunc k_equal = compares("equal", k_equal_loops);
constinit const Ufunc k_not_equal = compares("not_equal", k_not_equal_loops);
constinit const Ufunc k_logical_and = logical("logical_and", k_and_loops);
constinit const Ufunc k_logical_or = logical("logical_or", k_or_loops);
constinit const Ufunc k_logical_xor = logical("logical_xor", k_xor_loops);
constinit const Ufunc k_logical_not = with_direct({.name = "logical_not", .inputs = 1, .loops = k_not_loops});

}  // namespace flopscope::ufunc
