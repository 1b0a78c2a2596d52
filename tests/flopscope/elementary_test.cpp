// SPDX-License-Identifier: MIT
// The vectorised elementary functions: within the errors that functions.hpp states, of extended precision; special
// values as the C library has them; the same bits on every instruction set, at every length, offset and stride.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <ostream>
#include <string_view>
#include <vector>
#include <whest/flopscope/budget/context.hpp>
#include <whest/flopscope/core/waist.hpp>
#include <whest/flopscope/ops/elementary/kernels.hpp>

using namespace flopscope;
using elementary::Function;

namespace {

struct Reference {
  Function function;
  std::string_view name;
  long double (*exact)(long double);
  double (*library)(double);
  double most_ulps;  // of float64
  double lowest;     // of the domain
  double highest = INFINITY;
};
const Reference k_references[] = {
    {Function::exp, "exp", std::exp, std::exp, 1, -INFINITY},
    {Function::expm1, "expm1", std::expm1, std::expm1, 2.1, -INFINITY},
    {Function::log, "log", std::log, std::log, 1, 0},
    {Function::log1p, "log1p", std::log1p, std::log1p, 2.1, -1},
    {Function::tanh, "tanh", std::tanh, std::tanh, 2.5, -INFINITY},
    {Function::sqrt, "sqrt", std::sqrt, std::sqrt, 0.5, 0},
    {Function::sin, "sin", std::sin, std::sin, 1, -INFINITY},
    {Function::cos, "cos", std::cos, std::cos, 1, -INFINITY},
    {Function::ceil, "ceil", std::ceil, std::ceil, 0, -INFINITY},
    {Function::floor, "floor", std::floor, std::floor, 0, -INFINITY},
    {Function::trunc, "trunc", std::trunc, std::trunc, 0, -INFINITY},
    {Function::rint, "rint", std::rint, std::rint, 0, -INFINITY},
};

// Numbers of both signs over the whole range and close to 0 and 1, inside the domain.
std::vector<double> arguments(const Reference& f) {
  std::vector<double> out;
  std::uint64_t state = 1;
  const auto uniform = [&] {
    state = state * 6364136223846793005U + 1442695040888963407U;
    return static_cast<double>(state >> 11) * 0x1p-53;
  };
  for (int i = 0; i < 40'000; ++i) {
    const double u = uniform(), sign = uniform() < 0.5 ? -1 : 1;
    for (const double x : {sign * u * 2, sign * u * 745, sign * std::exp2(200 * u - 100), 1 + sign * u * 1e-3,
                           std::round(1e5 * u) * 1.5707963267948966, sign * 1.1e6 * u})
      if (x > f.lowest && x < f.highest) out.push_back(x);
  }
  return out;
}

template <class T>
double error_in_ulps(T got, long double exact) {
  const auto rounded = static_cast<T>(exact);
  if (!std::isfinite(rounded)) return rounded == got ? 0 : INFINITY;
  const T size = std::fabs(rounded);
  const auto ulp = static_cast<long double>(std::nextafter(size, std::numeric_limits<T>::infinity()) - size);
  return static_cast<double>(std::fabs(static_cast<long double>(got) - exact) / ulp);
}

template <class T>
const auto& table(const elementary::Kernels& kernels) {
  if constexpr (std::is_same_v<T, float>)
    return kernels.float32;
  else
    return kernels.float64;
}

template <class T>
std::vector<T> mapped(const elementary::Kernels& kernels, Function f, const std::vector<T>& x) {
  std::vector<T> y(x.size());
  table<T>(kernels)[static_cast<int>(f)](x.data(), y.data(), static_cast<std::int64_t>(x.size()));
  return y;
}

template <class T>
bool same_bits(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0);
}

template <class T>
double worst_error(const std::vector<T>& got, const std::vector<long double>& exact) {
  double worst = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    const double error = error_in_ulps(got[i], exact[i]);
    worst = error <= worst ? worst : error;  // a NaN stays
  }
  return worst;
}

// The scalar kernels have bits of their own where `Alone`.
template <class T, bool Alone = false>
void check_errors(const Reference& f, double most_ulps) {
  std::vector<T> x;
  std::vector<long double> exact;
  for (const double a : arguments(f)) {
    x.push_back(static_cast<T>(a));
    exact.push_back(f.exact(static_cast<long double>(x.back())));
  }
  const std::vector<T> best = mapped(elementary::best_kernels(), f.function, x);
  for (const elementary::Kernels* kernels : elementary::available_kernels()) {
    const std::vector<T> y = mapped(*kernels, f.function, x);
    const double worst = worst_error(y, exact);
    CHECK_MESSAGE(worst <= most_ulps, f.name, " on ", kernels->instruction_set, ": ", worst, " ulp");
    if (!Alone || kernels != elementary::available_kernels().front())
      CHECK_MESSAGE(same_bits(y, best), f.name, " on ", kernels->instruction_set);
  }
}

}  // namespace

TEST_CASE("errors are as stated, and the bits the same on every instruction set") {
  for (const Reference& f : k_references) {
    check_errors<double>(f, f.most_ulps);
    check_errors<float>(f, 0.51);
  }
}

TEST_CASE("the measure of errors sees one wrong bit") {
  CHECK(error_in_ulps(std::nextafter(1.5, 2.0), 1.5L) == doctest::Approx(1));
  CHECK(error_in_ulps(1.5F, 1.5L) == 0);
  CHECK(error_in_ulps(1e300, std::exp(1000.0L)) == INFINITY);
}

namespace {

// Within 4 ulp of the C library's where that is finite; the smallest number may be lost.
void check_specials(const Reference& f) {
  const std::vector<double> specials = {0.0,    -0.0,      INFINITY, -INFINITY, NAN,    5e-324,  -5e-324,
                                        1e-310, 0x1p-1022, -1.0,     1.0,       -2.0,   709.9,   710.5,
                                        -745.2, -744.0,    1e300,    -1e300,    22.0,   -22.5,   1e-20,
                                        -1e-20, 60.0,      -60.0,    745.0,     -710.0, 0.5,     -0.5,
                                        1.5,    2.5,       -0.25,    -0.75,     0x1p52, -0x1p53, 4503599627370495.5};
  for (const elementary::Kernels* kernels : elementary::available_kernels()) {
    const std::vector<double> got = mapped(*kernels, f.function, specials);
    for (std::size_t i = 0; i < specials.size(); ++i) {
      const double want = f.library(specials[i]);
      const double allowed = std::isfinite(want) ? std::max(std::fabs(want) * 0x1p-51, 5e-324) : 0;
      const bool lost = got[i] == 0 && std::fabs(want) == 5e-324;
      const bool close = want == got[i] || (want != 0 && std::fabs(want - got[i]) <= allowed);
      const bool right =
          std::isnan(want) ? std::isnan(got[i]) : lost || (close && std::signbit(want) == std::signbit(got[i]));
      CHECK_MESSAGE(right, f.name, "(", specials[i], ") = ", got[i], ", not ", want);
    }
  }
}

}  // namespace

TEST_CASE("special values are those of the C library") {
  for (const Reference& f : k_references) check_specials(f);
}

namespace {

// Functions whose results of float32 are nearly always the nearest.
const Reference k_float32_references[] = {
    {Function::exp2, "exp2", std::exp2, std::exp2, 0.5001, -INFINITY},
    {Function::log2, "log2", std::log2, std::log2, 0.5001, 0},
    {Function::log10, "log10", std::log10, std::log10, 0.5001, 0},
    {Function::arctan, "arctan", std::atan, std::atan, 0.5001, -INFINITY},
    {Function::tanh, "tanh", std::tanh, std::tanh, 0.5001, -INFINITY},
    {Function::log, "log", std::log, std::log, 0.5001, 0},
};
// SLEEF's, of float64 and, but for the first four, of float32.
const Reference k_sleef_references[] = {
    {Function::exp2, "exp2", std::exp2, std::exp2, 1, -INFINITY},
    {Function::log2, "log2", std::log2, std::log2, 1, 0},
    {Function::log10, "log10", std::log10, std::log10, 1, 0},
    {Function::arctan, "arctan", std::atan, std::atan, 1, -INFINITY},
    {Function::tan, "tan", std::tan, std::tan, 1, -INFINITY},
    {Function::arcsin, "arcsin", std::asin, std::asin, 1, -1, 1},
    {Function::arccos, "arccos", std::acos, std::acos, 1, -1, 1},
    {Function::sinh, "sinh", std::sinh, std::sinh, 1.6, -INFINITY},
    {Function::cosh, "cosh", std::cosh, std::cosh, 1.6, -INFINITY},
    {Function::arcsinh, "arcsinh", std::asinh, std::asinh, 1.01, -INFINITY},
    {Function::arccosh, "arccosh", std::acosh, std::acosh, 1, 1},
    {Function::arctanh, "arctanh", std::atanh, std::atanh, 1.01, -1, 1},
    {Function::cbrt, "cbrt", std::cbrt, std::cbrt, 1, -INFINITY},
};
struct ReferenceOfTwo {
  elementary::FunctionOfTwo function;
  std::string_view name;
  long double (*exact)(long double, long double);
  double (*library)(double, double);
};
const ReferenceOfTwo k_references_of_two[] = {
    {elementary::FunctionOfTwo::power, "power", std::pow, std::pow},
    {elementary::FunctionOfTwo::arctan2, "arctan2", std::atan2, std::atan2},
};

// Of both signs; infinities and zeros, the smallest and the greatest numbers, whole ones and halves.
const std::vector<float> k_specials = {0.0F,         -0.0F,       INFINITY, -INFINITY, NAN,    1e-45F,      -1e-45F,
                                       1e-39F,       -1e-39F,     3.4e38F,  -3.4e38F,  1.0F,   -1.0F,       2.0F,
                                       -2.0F,        3.0F,        -3.0F,    0.5F,      -0.5F,  -1.5F,       1000.0F,
                                       10.0F,        127.5F,      -149.0F,  -150.0F,   128.0F, 16777215.0F, 16777216.0F,
                                       -16777217.0F, 0.99999994F, 9.0F,     -9.5F};

// `want` was rounded to float64 first: a tie may fall on either side.
bool is_nearest(float got, double want) {
  const auto rounded = static_cast<float>(want);
  if (std::isnan(want)) return std::isnan(got);
  return std::signbit(got) == std::signbit(rounded) &&
         (got == rounded || (std::isfinite(got) && error_in_ulps(got, want) < 0.5001));
}

}  // namespace

TEST_CASE("functions of float32 are nearest but for ties, special values as in the C library") {
  for (const Reference& f : k_float32_references) {
    check_errors<float>(f, f.most_ulps);
    for (const elementary::Kernels* kernels : elementary::available_kernels()) {
      const std::vector<float> got = mapped(*kernels, f.function, k_specials);
      for (std::size_t i = 0; i < got.size(); ++i)
        CHECK_MESSAGE(is_nearest(got[i], f.library(static_cast<double>(k_specials[i]))), f.name, " of ", k_specials[i],
                      " is ", got[i], " on ", kernels->instruction_set);
    }
  }
}

TEST_CASE("SLEEF's functions: errors as stated, whole where they should be, special values as in the C library") {
  for (const Reference& f : k_sleef_references) {
    check_specials(f);
    check_errors<double, true>(f, f.most_ulps);
    if (f.function > Function::arctan) check_errors<float, true>(f, f.most_ulps);
  }
  for (const elementary::Kernels* kernels : elementary::available_kernels()) {
    std::vector<double> exponents, powers, tens, cubes, roots;
    for (int k = -1074; k < 1024; ++k) {
      exponents.push_back(k);
      powers.push_back(std::ldexp(1.0, k));
    }
    for (int k = 1; k < 1000; ++k) {
      roots.push_back(k);
      cubes.push_back(std::pow(k, 3));
    }
    for (int k = 0; k < 23; ++k) tens.push_back(std::pow(10.0, k));
    CHECK(mapped(*kernels, Function::exp2, exponents) == powers);
    CHECK(mapped(*kernels, Function::log2, powers) == exponents);
    CHECK(mapped(*kernels, Function::cbrt, cubes) == roots);
    const std::vector<double> decimals = mapped(*kernels, Function::log10, tens);
    for (std::size_t k = 0; k < tens.size(); ++k) CHECK(decimals[k] == static_cast<double>(k));
  }
}

namespace {

template <class T>
const auto& table_of_two(const elementary::Kernels& kernels) {
  if constexpr (std::is_same_v<T, float>)
    return kernels.float32_of_two;
  else
    return kernels.float64_of_two;
}

template <class T>
std::vector<T> mapped(const elementary::Kernels& kernels, elementary::FunctionOfTwo f, const std::vector<T>& a,
                      const std::vector<T>& b) {
  std::vector<T> out(a.size());
  table_of_two<T>(kernels)[static_cast<int>(f)](a.data(), b.data(), out.data(), std::ssize(a));
  return out;
}

// Pairs of special values, and then of all sizes.
template <class T>
struct Pairs {
  std::vector<T> a, b;
  std::size_t specials;
};
template <class T>
Pairs<T> pairs() {
  Pairs<T> out{};
  std::vector<T> specials(k_specials.begin(), k_specials.end());
  specials.push_back(std::numeric_limits<T>::max());
  specials.push_back(std::numeric_limits<T>::denorm_min());
  for (const T x : specials)
    for (const T y : specials) {
      out.a.push_back(x);
      out.b.push_back(y);
    }
  out.specials = out.a.size();
  for (const double x : arguments(k_references[0])) {
    out.a.push_back(static_cast<T>(std::fabs(x)));
    out.b.push_back(static_cast<T>(std::fmod(x * 1e3, 4)));
  }
  return out;
}

template <class T, class IsRight>
void check_two(double most_ulps, bool scalar_alone, const IsRight& is_right) {
  const Pairs<T> of = pairs<T>();
  for (const ReferenceOfTwo& f : k_references_of_two) {
    std::vector<long double> exact;
    for (std::size_t i = of.specials; i < of.a.size(); ++i)
      exact.push_back(f.exact(static_cast<long double>(of.a[i]), static_cast<long double>(of.b[i])));
    std::vector<T> first;
    for (const elementary::Kernels* kernels : elementary::available_kernels()) {
      std::vector<T> got = mapped(*kernels, f.function, of.a, of.b);
      for (std::size_t i = 0; i < of.specials; ++i)
        CHECK_MESSAGE(is_right(got[i], f.library(static_cast<double>(of.a[i]), static_cast<double>(of.b[i]))), f.name,
                      " of ", of.a[i], " and ", of.b[i], " is ", got[i], " on ", kernels->instruction_set);
      const double worst =
          worst_error(std::vector<T>(got.begin() + std::ssize(got) - std::ssize(exact), got.end()), exact);
      CHECK_MESSAGE(worst <= most_ulps, f.name, " on ", kernels->instruction_set, ": ", worst, " ulp");
      if (scalar_alone && kernels == elementary::available_kernels().front()) continue;
      for (T& x : got) x = std::isnan(x) ? 0 : x;
      if (first.empty()) first = got;
      CHECK(same_bits(got, first));
    }
  }
}

// The C library's own result may be one of two neighbours.
bool is_library_result(double got, double want) {
  if (std::isnan(want)) return std::isnan(got);
  return std::signbit(got) == std::signbit(want) && (got == want || (want != 0 && error_in_ulps(got, want) <= 1));
}

}  // namespace

TEST_CASE("functions of two float32 are nearest but for ties, special values as in the C library") {
  check_two<float>(0.5001, false, is_nearest);
}

TEST_CASE("functions of two float64 are within 1 ulp, special values as in the C library") {
  check_two<double>(1, true, is_library_result);
}

TEST_CASE("an element's result depends on neither its place nor its neighbours") {
  for (const Reference& f : k_references) {
    std::vector<double> x = arguments(f);
    x.resize(67);
    const std::vector<double> whole = mapped(elementary::best_kernels(), f.function, x);
    for (std::size_t from = 0; from < 9; ++from)
      for (std::size_t n = 0; n + from <= x.size(); ++n) {
        const auto begin = static_cast<std::ptrdiff_t>(from), end = static_cast<std::ptrdiff_t>(from + n);
        const std::vector<double> part(x.begin() + begin, x.begin() + end);
        CHECK(same_bits(mapped(elementary::best_kernels(), f.function, part),
                        std::vector<double>(whole.begin() + begin, whole.begin() + end)));
      }
  }
}

namespace {

// The greatest and the least as a plain loop finds them, at every length, with a NaN at one place in three lengths.
template <class T>
void check_extremes() {
  for (std::int64_t n = 1; n <= 200; ++n) {
    std::vector<T> x;
    std::uint64_t state = static_cast<std::uint64_t>(n);
    for (std::int64_t i = 0; i < n; ++i) {
      state = state * 6364136223846793005U + 1442695040888963407U;
      x.push_back(static_cast<T>(static_cast<std::int64_t>(state >> 40) - (std::int64_t{1} << 23)));
    }
    const bool nan = std::numeric_limits<T>::has_quiet_NaN && n % 3 == 0;
    if (nan) x[static_cast<std::size_t>(n * 7 / 3 % n)] = std::numeric_limits<T>::quiet_NaN();
    for (const elementary::Kernels* kernels : elementary::available_kernels()) {
      const auto& extremes = std::get<elementary::Extremes<T>>(kernels->extremes);
      const auto least = extremes.least(x.data(), n), greatest = extremes.greatest(x.data(), n);
      CAPTURE(kernels->instruction_set);
      CAPTURE(n);
      CHECK((least.nan == nan && greatest.nan == nan));
      if (nan) continue;
      CHECK(least.value == *std::min_element(x.begin(), x.end()));
      CHECK(greatest.value == *std::max_element(x.begin(), x.end()));
    }
  }
}

}  // namespace

TEST_CASE("extremes are those of a plain loop, and NaN is seen wherever it stands") {
  check_extremes<float>();
  check_extremes<double>();
  check_extremes<std::int32_t>();
  check_extremes<std::int64_t>();
}

namespace {

// Numbers of which many are equal, after them every special one; `turn` puts others beside them.
template <class T>
std::vector<T> comparable(std::int64_t n, std::int64_t turn) {
  std::vector<T> special{T(0), T(1), std::numeric_limits<T>::lowest(), std::numeric_limits<T>::max()};
  if constexpr (std::numeric_limits<T>::has_infinity)
    special = {T(0),
               -T(0),
               std::numeric_limits<T>::infinity(),
               -std::numeric_limits<T>::infinity(),
               std::numeric_limits<T>::quiet_NaN(),
               -std::numeric_limits<T>::quiet_NaN(),
               std::numeric_limits<T>::denorm_min(),
               -std::numeric_limits<T>::denorm_min(),
               std::numeric_limits<T>::max()};
  std::vector<T> out;
  for (std::int64_t i = 0; i < n; ++i)
    out.push_back(i % 3 == 0 ? special[static_cast<std::size_t>((i / 3 * turn) % std::ssize(special))]
                             : static_cast<T>(i * i * turn % 7 - 3));
  return out;
}

template <class T>
bool plainly(elementary::Comparison c, T a, T b) {
  switch (c) {
    case elementary::Comparison::less:
      return a < b;
    case elementary::Comparison::less_equal:
      return a <= b;
    case elementary::Comparison::equal:
      return a == b;
    case elementary::Comparison::not_equal:
      break;
  }
  return a != b;
}

template <class T>
void check_comparisons(const elementary::Kernels& kernels, const std::vector<T>& a, const std::vector<T>& b) {
  const auto n = std::ssize(a);
  for (int c = 0; c < elementary::k_comparison_count; ++c)
    for (int repeats = 0; repeats < 3; ++repeats) {  // neither, a, b
      bool got[256];
      const auto& loops = std::get<elementary::Comparisons<T>>(kernels.comparisons).loops;
      loops[c](a.data(), repeats == 1, b.data(), repeats == 2, got, n);
      int wrong = 0;
      for (std::size_t i = 0; i < a.size(); ++i)
        wrong +=
            got[i] != plainly(static_cast<elementary::Comparison>(c), a[repeats == 1 ? 0 : i], b[repeats == 2 ? 0 : i]);
      CHECK_MESSAGE(wrong == 0, "comparison ", c, " of ", n, " on ", kernels.instruction_set);
    }
}

bool plainly(elementary::Test t, double x) {
  switch (t) {
    case elementary::Test::nan:
      return std::isnan(x);
    case elementary::Test::infinite:
      return std::isinf(x);
    case elementary::Test::finite:
      return std::isfinite(x);
    case elementary::Test::negative:
      return std::signbit(x);
    case elementary::Test::zero:
      break;
  }
  return x == 0;
}

template <class T>
void check_tests(const elementary::Kernels& kernels, const std::vector<T>& x) {
  for (int t = 0; t < elementary::k_test_count; ++t) {
    bool got[256];
    std::get<elementary::Tests<T>>(kernels.tests).loops[t](x.data(), got, std::ssize(x));
    int wrong = 0;
    for (std::size_t i = 0; i < x.size(); ++i)
      wrong += got[i] != plainly(static_cast<elementary::Test>(t), static_cast<double>(x[i]));
    CHECK_MESSAGE(wrong == 0, "test ", t, " of ", x.size(), " on ", kernels.instruction_set);
  }
}

template <class T>
void check_truths() {
  for (const elementary::Kernels* kernels : elementary::available_kernels())
    for (std::int64_t n = 1; n <= 256; ++n)
      for (const std::int64_t turn : {1, 2, 5}) {
        const std::vector<T> a = comparable<T>(n, 1), b = comparable<T>(n, turn);
        check_comparisons(*kernels, a, b);
        check_comparisons(*kernels, b, a);
        if constexpr (std::is_floating_point_v<T>) check_tests(*kernels, a);
      }
}

}  // namespace

TEST_CASE("comparisons and tests are those of a plain loop, of NaN, infinities and zeros too") {
  check_truths<float>();
  check_truths<double>();
  check_truths<std::int32_t>();
  check_truths<std::int64_t>();
}

TEST_CASE("a pass of a transform has the same bits on every instruction set, whatever its radix and stride") {
  for (const int radix : {2, 3, 4, 5, 8, 7, 47})
    for (const std::int64_t stride : {1, 2, 3, 4, 7, 9}) {
      const std::int64_t parts = 3, n = radix * parts, size = 2 * n * stride;
      std::vector<double> roots, x, first;
      for (std::int64_t k = 0; k < n; ++k)
        for (const double part : {std::cos(2 * M_PI * static_cast<double>(k) / static_cast<double>(n)),
                                  -std::sin(2 * M_PI * static_cast<double>(k) / static_cast<double>(n))})
          roots.push_back(part);
      for (std::int64_t i = 0; i < size; ++i) x.push_back(std::sin(static_cast<double>(i * i % 101)));
      for (const elementary::Kernels* kernels : elementary::available_kernels()) {
        std::vector<double> y(static_cast<std::size_t>(size));
        kernels->fft_pass(
            {.radix = radix, .n = n, .parts = parts, .stride = stride, .roots = roots.data(), .root_step = 1}, x.data(),
            y.data());
        if (first.empty()) first = y;
        CHECK_MESSAGE(same_bits(y, first), kernels->instruction_set, " radix ", radix, " stride ", stride);
      }
    }
}

TEST_CASE("a strided operand gives what a contiguous copy of it gives") {
  BudgetContext context({.flop_budget = 1e9, .quiet = true, .name_space = {}, .wall_time_limit_s = {}});
  context.enter();
  constexpr std::int64_t k_rows = 301, k_columns = 3;
  for (const DType dtype : {DType::float32, DType::float64})
    for (const Reference& f : k_references) {
      ArrayRef whole = zeros(DType::float64, {{k_rows, k_columns}});
      const std::vector<double> x = arguments(f);
      std::copy_n(x.begin(), k_rows * k_columns, whole->mutable_items<double>());
      whole = cast(*whole, dtype);
      const std::int64_t shape[] = {k_columns, k_rows}, strides[] = {whole->strides[1], whole->strides[0]};
      const ArrayRef turned = Array::view(whole->storage(), whole->items<std::byte>(), dtype, shape, strides);
      const auto run = [&](const ArrayRef& a) {
        const Value args[] = {Value(a)};
        return invoke(f.name, args, {}).take_array();
      };
      const ArrayRef by_stride = run(turned), by_copy = run(copy_of(*turned));
      const ArrayRef a = copy_of(*by_stride), b = copy_of(*by_copy);
      CHECK_MESSAGE(std::memcmp(a->items<std::byte>(), b->items<std::byte>(),
                                static_cast<std::size_t>(a->size * a->item_bytes())) == 0,
                    f.name);
    }
  context.exit();
}
