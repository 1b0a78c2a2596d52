// SPDX-License-Identifier: MIT
// Elementwise functions and reductions beside the golden calls: NumPy's rules for dtypes, integers, NaN, strides,
// buffers and masks; that a layout never changes a result; that a refused call costs nothing.
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <string>
#include <vector>
#include <whest/flopscope/budget/context.hpp>
#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/core/waist.hpp>
#include <whest/flopscope/ops/detail/ufuncs.hpp>

using namespace flopscope;

namespace {

struct Session {
  BudgetContext context{{.flop_budget = 1e12, .quiet = true, .name_space = {}, .wall_time_limit_s = {}}};
  Session() { context.enter(); }
  ~Session() { context.exit(); }
};

template <class T>
ArrayRef vector_of(std::vector<T> values) {
  return vector_array(std::span<const T>(values));
}
ArrayRef call(std::string_view name, std::vector<Value> args, std::vector<NamedValue> named = {}) {
  return invoke(name, args, named).take_array();
}
template <class T>
std::vector<T> values_of(const ArrayRef& a) {
  const ArrayRef flat = contiguous_as(*a, dtype_of<T>);
  return std::vector<T>(flat->items<T>(), flat->items<T>() + flat->size);
}
bool throws_kind(ErrorKind kind, std::string_view name, std::vector<Value> args, std::vector<NamedValue> named = {}) {
  try {
    invoke(name, args, named);
  } catch (const Error& e) {
    return e.kind() == kind;
  }
  return false;
}
// Bit for bit, NaN equal to NaN.
bool identical(const ArrayRef& a, const ArrayRef& b) {
  const ArrayRef x = contiguous_copy_if_needed(*a), y = contiguous_copy_if_needed(*b);
  return x->type() == y->type() && std::equal(x->dims().begin(), x->dims().end(), y->dims().begin(), y->dims().end()) &&
         std::memcmp(x->data, y->data, static_cast<std::size_t>(x->size * x->item_bytes())) == 0;
}
// 4 x 5 numbers between -2 and 2, zero among them, of any dtype.
ArrayRef sample(DType dtype, int seed) {
  const std::int64_t shape[] = {4, 5};
  const ArrayRef a = Array::make(DType::float64, shape);
  for (std::int64_t i = 0; i < 20; ++i)
    a->mutable_items<double>()[i] = static_cast<double>((i * 7 + seed * 3) % 17 - 8) / 4;
  return cast(*a, is_unsigned_integer(dtype) ? DType::int8 : dtype)->type() == dtype
             ? cast(*a, dtype)
             : cast(*cast(*a, DType::int8), dtype);
}
// The same elements in another layout: every second column of a wider array, rows from the last to the first.
ArrayRef spread(const ArrayRef& a) {
  const std::int64_t wide[] = {4, 10};
  const ArrayRef buffer = zeros(a->type(), wide);
  const std::int64_t step = a->item_bytes();
  const std::int64_t strides[] = {-10 * step, 2 * step};
  const ArrayRef view =
      Array::view(buffer->storage(), buffer->items<std::byte>() + 30 * step, a->type(), a->dims(), strides);
  copy_into(*view, *a);
  return view;
}

}  // namespace

TEST_CASE("a loop is chosen as NumPy 2 chooses it") {
  const Session session;
  const auto type = [](std::string_view name, std::vector<Value> args) { return call(name, std::move(args))->type(); };
  const ArrayRef i8 = vector_of<std::int8_t>({1, 2}), u8 = vector_of<std::uint8_t>({1, 2}),
                 i64 = vector_of<std::int64_t>({1, 2}), u64 = vector_of<std::uint64_t>({1, 2}),
                 f32 = vector_of<float>({1, 2});
  CHECK(type("sqrt", {i8}) == DType::float16);
  CHECK(type("sqrt", {i64}) == DType::float64);
  CHECK(type("add", {i8, u8}) == DType::int16);
  CHECK(type("arctan2", {i8, u8}) == DType::float16);  // each operand casts by itself
  CHECK(type("divide", {i8, u8}) == DType::float64);
  CHECK(type("add", {i64, u64}) == DType::float64);
  CHECK(type("add", {f32, Value::real(1.5)}) == DType::float32);
  CHECK(type("add", {i8, Value::real(1.5)}) == DType::float64);
  CHECK(type("float_power", {f32, f32}) == DType::float64);
  CHECK(type("sum", {i8}) == DType::int64);
  CHECK(type("sum", {u8}) == DType::uint64);
  CHECK(type("mean", {i8}) == DType::float64);
  CHECK(type("add", {f32, Value::complex({0, 1})}) == DType::complex64);
}

TEST_CASE("integers: zero divisors, signs, wrapping, ranges") {
  const Session session;
  const ArrayRef a = vector_of<std::int32_t>({7, -7, 7, -7, 5});
  const ArrayRef b = vector_of<std::int32_t>({2, 2, -2, -2, 0});
  CHECK(values_of<int>(call("floor_divide", {a, b})) == std::vector<int>{3, -4, -4, 3, 0});
  CHECK(values_of<int>(call("mod", {a, b})) == std::vector<int>{1, 1, -1, -1, 0});
  CHECK(values_of<int>(call("fmod", {a, b})) == std::vector<int>{1, -1, 1, -1, 0});
  CHECK(values_of<std::int64_t>(call("negative", {vector_of<std::uint8_t>({1, 0})})) ==
        std::vector<std::int64_t>{255, 0});
  const ArrayRef least = vector_of<std::int64_t>({INT64_MIN});
  CHECK(values_of<std::int64_t>(call("floor_divide", {least, Value::integer(-1)}))[0] == INT64_MIN);
  CHECK(values_of<std::int64_t>(call("abs", {least}))[0] == INT64_MIN);
  CHECK(values_of<int>(call("left_shift", {vector_of<std::int32_t>({1}), Value::integer(40)}))[0] == 0);
  CHECK(values_of<int>(call("right_shift", {vector_of<std::int32_t>({-8}), Value::integer(40)}))[0] == -1);
  CHECK(throws_kind(ErrorKind::overflow, "add", {vector_of<std::int8_t>({1}), Value::integer(300)}));
  CHECK(throws_kind(ErrorKind::overflow, "add", {vector_of<std::uint8_t>({1}), Value::integer(-1)}));
  CHECK(throws_kind(ErrorKind::value_error, "power", {a, Value::integer(-1)}));
  const ArrayRef bools = vector_array(std::span<const bool>(std::array{true, true, false}));
  CHECK(throws_kind(ErrorKind::type_error, "subtract", {bools, bools}));
  CHECK(throws_kind(ErrorKind::type_error, "negative", {bools}));
  CHECK(call("add", {bools, bools})->type() == DType::bool_);
}

TEST_CASE("comparisons of integers are by value") {
  const Session session;
  const ArrayRef i = vector_of<std::int64_t>({-1, INT64_MAX});
  const ArrayRef u = vector_of<std::uint64_t>({UINT64_MAX, 0x8000000000000000ULL});
  CHECK(values_of<bool>(call("less", {i, u})) == std::vector<bool>{true, true});
  CHECK(values_of<bool>(call("equal", {u, i})) == std::vector<bool>{false, false});
  CHECK(values_of<bool>(call("less", {vector_of<std::int8_t>({100}), Value::integer(1000)})) ==
        std::vector<bool>{true});
  CHECK(values_of<bool>(call("greater", {u, Value::integer(-1)})) == std::vector<bool>{true, true});
}

TEST_CASE("NaN: maximum hands it on, fmax and the nan forms pass over it") {
  const Session session;
  const double nan = std::nan("");
  const ArrayRef a = vector_of<double>({1, nan, 3, nan}), b = vector_of<double>({nan, 2, 1, nan});
  const auto maximum = values_of<double>(call("maximum", {a, b}));
  CHECK((std::isnan(maximum[0]) && std::isnan(maximum[1]) && maximum[2] == 3 && std::isnan(maximum[3])));
  const auto fmax = values_of<double>(call("fmax", {a, b}));
  CHECK((fmax[0] == 1 && fmax[1] == 2 && fmax[2] == 3 && std::isnan(fmax[3])));
  CHECK(std::isnan(item_double(*call("max", {a}))));
  CHECK(item_double(*call("nanmax", {a})) == 3);
  CHECK(item_double(*call("argmax", {a})) == 1);  // the first NaN
  CHECK(item_double(*call("nanargmax", {a})) == 2);
  CHECK(item_double(*call("nansum", {a})) == 4);
  CHECK(item_double(*call("nanmean", {a})) == 2);
  CHECK(std::isnan(item_double(*call("median", {a}))));
  CHECK(item_double(*call("nanmedian", {a})) == 2);
}

TEST_CASE("the mean of complex64 is divided in complex128, as by NumPy's own count") {
  const Session session;
  const ArrayRef x = Array::make(DType::complex64, {{3}});
  const float parts[] = {1.5F, 0, 1.5F, 0, 0.5F, 0};
  std::copy_n(parts, 6, x->mutable_items<float>());
  CHECK(*call("mean", {x})->items<float>() == static_cast<float>(3.5 / 3));
}

TEST_CASE("the median of complex numbers is a complex mean, also of one") {
  const Session session;
  const double infinite = std::numeric_limits<double>::infinity();
  for (const std::string_view name : {"median", "nanmedian"}) {
    const ArrayRef one = call(name, {scalar_array(Complex128(-infinite, 0))});
    CHECK(one->items<Complex128>()->real() == -infinite);
    CHECK(std::isnan(one->items<Complex128>()->imag()));
    CHECK_FALSE(std::signbit(call(name, {scalar_array(Complex128(1, -0.0))})->items<Complex128>()->imag()));
    const Complex128 two[] = {{1, 2}, {3, 5}};
    CHECK(*call(name, {vector_array<Complex128>(two)})->items<Complex128>() == Complex128(2, 3.5));
  }
}

TEST_CASE("a layout does not change a result") {
  const Session session;
  for (const ufunc::Ufunc* u : {&ufunc::k_add, &ufunc::k_multiply, &ufunc::k_maximum, &ufunc::k_floor_divide,
                                &ufunc::k_less, &ufunc::k_bitwise_xor, &ufunc::k_hypot, &ufunc::k_logical_or})
    for (int d = 0; d < k_dtype_count; ++d) {
      const auto dtype = static_cast<DType>(d);
      if (u->direct[static_cast<std::size_t>(d)] < 0) continue;
      const ArrayRef a = sample(dtype, 1), b = sample(dtype, 2);
      const ArrayRef plain = ufunc::apply(*u, a, b);
      CAPTURE(u->name);
      CAPTURE(name_of(dtype));
      CHECK(identical(plain, ufunc::apply(*u, spread(a), b)));
      CHECK(identical(plain, ufunc::apply(*u, a, spread(b))));
      CHECK(identical(plain, ufunc::apply(*u, spread(a), spread(b))));
    }
  for (const std::string_view name : {"sum", "prod", "max", "argmin", "any", "mean", "var", "median", "cumsum"})
    for (const DType dtype : {DType::int16, DType::float64, DType::complex128}) {
      const ArrayRef a = sample(dtype, 3);
      for (const int axis : {0, 1}) {
        CAPTURE(std::string(name));
        CAPTURE(axis);
        CHECK(identical(call(name, {a}, {{"axis", Value::integer(axis)}}),
                        call(name, {spread(a)}, {{"axis", Value::integer(axis)}})));
      }
    }
}

TEST_CASE("that comparison sees a planted difference") {
  const ArrayRef a = sample(DType::float64, 1), b = copy_of(*a);
  CHECK(identical(a, b));
  b->mutable_items<double>()[7] = std::nextafter(b->items<double>()[7], 9.0);
  CHECK_FALSE(identical(a, b));
}

TEST_CASE("broadcasting equals writing the copies out") {
  const Session session;
  const ArrayRef a = sample(DType::float64, 4);
  const std::int64_t row_shape[] = {5}, column_shape[] = {4, 1};
  const ArrayRef row = Array::make(DType::float64, row_shape), column = Array::make(DType::float64, column_shape);
  for (int i = 0; i < 5; ++i) row->mutable_items<double>()[i] = i - 2.5;
  for (int i = 0; i < 4; ++i) column->mutable_items<double>()[i] = 1.5 * i;
  for (const std::string_view name : {"add", "multiply", "arctan2", "greater"}) {
    CHECK(identical(call(name, {a, row}), call(name, {a, copy_of(*broadcast_view(*row, a->dims()))})));
    CHECK(identical(call(name, {column, row}), call(name, {copy_of(*broadcast_view(*column, a->dims())),
                                                           copy_of(*broadcast_view(*row, a->dims()))})));
  }
}

TEST_CASE("sums are pairwise: the error does not grow with the length") {
  const Session session;
  std::vector<float> values(100'000, 0.1F);
  const double sum = item_double(*call("sum", {vector_of<float>(values)}));
  const double exact = 100'000 * static_cast<double>(0.1F);
  // NumPy's bound: about log2(n) roundings, where adding one by one loses some 1e-3 of it.
  CHECK(std::abs(sum - exact) <= 20 * 6e-8 * exact);
}

TEST_CASE("out and where") {
  const Session session;
  const ArrayRef a = vector_of<double>({1, 2, 3}), b = vector_of<double>({10, 20, 30});
  const ArrayRef out = vector_of<double>({-1, -1, -1});
  const ArrayRef mask = vector_array(std::span<const bool>(std::array{true, false, true}));
  const ArrayRef back = call("add", {a, b}, {{"out", out}, {"where", mask}});
  CHECK(back == out);
  CHECK(values_of<double>(out) == std::vector<double>{11, -1, 33});
  call("multiply", {a, a}, {{"out", a}});  // into an operand
  CHECK(values_of<double>(a) == std::vector<double>{1, 4, 9});
  CHECK(throws_kind(ErrorKind::type_error, "add", {a, b}, {{"out", vector_of<std::int64_t>({0, 0, 0})}}));
  CHECK(throws_kind(ErrorKind::value_error, "add", {a, b}, {{"out", vector_of<double>({0, 0})}}));
  CHECK(item_double(*call("sum", {b}, {{"where", mask}, {"initial", Value::real(100)}})) == 140);
}

TEST_CASE("what shapes and dtypes refuse is not charged; an exhausted budget runs nothing") {
  Session session;
  const ArrayRef a = vector_of<double>({1, 2, 3});
  const ArrayRef b = vector_of<double>({1, 2});
  CHECK(throws_kind(ErrorKind::value_error, "add", {a, b}));
  CHECK(throws_kind(ErrorKind::axis_error, "sum", {a}, {{"axis", Value::integer(1)}}));
  CHECK(throws_kind(ErrorKind::type_error, "bitwise_and", {a, a}));
  CHECK(throws_kind(ErrorKind::value_error, "percentile", {a, Value::real(101)}));
  CHECK(session.context.flops_used() == 0);
  session.context.exit();
  BudgetContext small({.flop_budget = 2, .quiet = true, .name_space = {}, .wall_time_limit_s = {}});
  small.enter();
  const ArrayRef out = vector_of<double>({0, 0, 0});
  CHECK(throws_kind(ErrorKind::budget_exhausted, "add", {a, a}, {{"out", out}}));
  CHECK(values_of<double>(out) == std::vector<double>{0, 0, 0});
  CHECK(small.flops_used() == 0);
  small.exit();
  session.context.enter();
}

TEST_CASE("quantiles of an even sample by every method") {
  const Session session;
  const ArrayRef a = vector_of<double>({1, 2, 3, 4});
  const auto q = [&](std::string_view method, double p) {
    return item_double(*call("quantile", {a, Value::real(p)}, {{"method", Value::string(method)}}));
  };
  // Hyndman and Fan 1996, by hand for n = 4.
  CHECK(q("inverted_cdf", 0.5) == 2);
  CHECK(q("averaged_inverted_cdf", 0.5) == 2.5);
  CHECK(q("closest_observation", 0.5) == 2);
  CHECK(q("interpolated_inverted_cdf", 0.3) == doctest::Approx(1.2));
  CHECK(q("hazen", 0.3) == doctest::Approx(1.7));
  CHECK(q("weibull", 0.3) == doctest::Approx(1.5));
  CHECK(q("linear", 0.3) == doctest::Approx(1.9));
  CHECK(q("median_unbiased", 0.3) == doctest::Approx(1.3 + 1.0 / 3));
  CHECK(q("normal_unbiased", 0.3) == doctest::Approx(1.65));
  CHECK(q("lower", 0.3) == 1);
  CHECK(q("higher", 0.3) == 2);
  CHECK(q("nearest", 0.3) == 2);
  CHECK(q("midpoint", 0.3) == 1.5);
}

TEST_CASE("each value of a long convolution is the sum of its products in their order, at the ends and inside") {
  const Session session;
  std::vector<double> a, v;
  for (int i = 0; i < 1500; ++i) a.push_back(std::sin(i * i));
  for (int i = 0; i < 9; ++i) v.push_back(std::cos(i * i) / 3);
  const std::vector<double> full = values_of<double>(call("convolve", {Value(*vector_of(a)), Value(*vector_of(v))}));
  REQUIRE(full.size() == a.size() + v.size() - 1);
  for (std::size_t i = 0; i < full.size(); ++i) {
    double sum = 0;
    for (std::size_t j = i < v.size() ? 0 : i - v.size() + 1; j < a.size() && j <= i; ++j) sum += a[j] * v[i - j];
    CHECK(full[i] == sum);
  }
}

TEST_CASE("many integers divided by one are those divided one by one, to the ends of their range") {
  const Session session;
  std::vector<std::int64_t> a{0, 1, -1, INT64_MAX, INT64_MIN, INT64_MIN + 1, INT64_MAX - 1};
  for (int bit = 1; bit < 63; ++bit)
    for (const std::int64_t near : {-1, 0, 1}) {
      a.push_back((std::int64_t{1} << bit) + near);
      a.push_back(-(std::int64_t{1} << bit) + near);
    }
  const std::vector<std::int64_t> divisors(a);
  for (const std::int64_t d : divisors) {
    const std::vector<std::int64_t> same(a.size(), d);
    for (const char* name : {"floor_divide", "remainder"}) {
      const auto by_one = call(name, {Value(*vector_of(a)), Value(*scalar_array<std::int64_t>(d))});
      const auto one_by_one = call(name, {Value(*vector_of(a)), Value(*vector_of(same))});
      CHECK_MESSAGE(identical(by_one, one_by_one), name, " by ", d);
    }
  }
}
