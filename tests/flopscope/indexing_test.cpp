// SPDX-License-Identifier: MIT
// Indexing against the definition: every element of a result is looked up by its own index, one axis at a time.
#include <doctest/doctest.h>

#include <numeric>
#include <whest/flopscope/budget/context.hpp>
#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/core/waist.hpp>

using namespace flopscope;

namespace {

ArrayRef counting(std::initializer_list<std::int64_t> shape) {
  ArrayRef a = Array::make(DType::int64, Dims(shape));
  std::iota(a->mutable_items<std::int64_t>(), a->mutable_items<std::int64_t>() + a->size, 0);
  return a;
}

ArrayRef ints(std::vector<std::int64_t> v) { return vector_array<std::int64_t>(v); }

ArrayRef mask(std::initializer_list<int> v) {
  ArrayRef a = Array::make(DType::bool_, Dims{static_cast<std::int64_t>(v.size())});
  std::copy(v.begin(), v.end(), a->mutable_items<bool>());
  return a;
}

struct Slice {
  Value three[3];
  Slice(Value start, Value stop, Value step) : three{start, stop, step} {}
  operator Value() const { return Value::slice(std::span<const Value, 3>(three)); }
};
const Slice k_all(Value::none(), Value::none(), Value::none());

ArrayRef get(const ArrayRef& a, std::vector<Value> parts) {
  const Value args[] = {Value(a), Value::tuple(parts)};
  return invoke("getitem", args, {}).array();
}

std::vector<std::int64_t> values(const ArrayRef& a) {
  const ArrayRef c = copy_of(*a);
  return {c->items<std::int64_t>(), c->items<std::int64_t>() + c->size};
}

Dims shape(const ArrayRef& a) { return Dims(a->dims()); }

ErrorKind failure(const ArrayRef& a, std::vector<Value> parts) {
  try {
    get(a, std::move(parts));
  } catch (const Error& e) {
    return e.kind();
  }
  return ErrorKind::runtime_error;
}

}  // namespace

TEST_CASE("slices are Python's, for every start, stop and step") {
  const ArrayRef a = counting({5});
  for (int start = -7; start <= 7; ++start)
    for (int stop = -7; stop <= 7; ++stop)
      for (const int step : {-3, -2, -1, 1, 2, 3}) {
        // The definition: positions from start towards stop, both wrapped once and clipped.
        const auto clip = [&](int i) {
          i = i < 0 ? i + 5 : i;
          return step > 0 ? std::clamp(i, 0, 5) : std::clamp(i, -1, 4);
        };
        std::vector<std::int64_t> expected;
        for (int i = clip(start); step > 0 ? i < clip(stop) : i > clip(stop); i += step) expected.push_back(i);
        CHECK(values(get(a, {Slice(Value::integer(start), Value::integer(stop), Value::integer(step))})) == expected);
      }
  const auto stepped = [&](std::int64_t step) {
    return values(get(a, {Slice(Value::none(), Value::none(), Value::integer(step))}));
  };
  CHECK(stepped(INT64_MAX) == std::vector<std::int64_t>{0});
  CHECK(stepped(INT64_MIN) == std::vector<std::int64_t>{4});
}

TEST_CASE("views share storage, gathers do not") {
  const ArrayRef a = counting({3, 4});
  const ArrayRef row = get(a, {Value::integer(-1)});
  CHECK(row->storage() == a->storage());
  CHECK(values(row) == std::vector<std::int64_t>{8, 9, 10, 11});
  const ArrayRef back = get(a, {k_all, Slice(Value::none(), Value::none(), Value::integer(-2))});
  CHECK(back->storage() == a->storage());
  CHECK(values(back) == std::vector<std::int64_t>{3, 1, 7, 5, 11, 9});
  CHECK(get(a, {Value(ints({0}))})->storage() != a->storage());
}

TEST_CASE("new axes and the ellipsis") {
  const ArrayRef a = counting({2, 3, 4});
  CHECK(shape(get(a, {Value::none(), Value::ellipsis(), Value::integer(1), Value::none()})) == Dims{1, 2, 3, 1});
  CHECK(shape(get(a, {Value::ellipsis()})) == Dims{2, 3, 4});
  CHECK(values(get(a, {Value::integer(1), Value::ellipsis(), Value::integer(-1)})) ==
        std::vector<std::int64_t>{15, 19, 23});
}

TEST_CASE("the axes of arrays stand where they were if together, else first") {
  const ArrayRef a = counting({5, 6, 7});
  const ArrayRef two = ints({0, 1}), one = ints({1});
  CHECK(shape(get(a, {k_all, Value(two), Value::integer(0)})) == Dims{5, 2});
  CHECK(shape(get(a, {Value::integer(0), k_all, Value(two)})) == Dims{2, 6});
  CHECK(shape(get(a, {k_all, Value(one), Value::ellipsis(), Value(one)})) == Dims{1, 5});
  CHECK(shape(get(a, {Value(two), Value::none(), Value(one)})) == Dims{2, 1, 7});
  CHECK(shape(get(a, {k_all, Value::boolean(true), Value(two)})) == Dims{5, 2, 7});
  CHECK(shape(get(a, {Value(two), k_all, Value::boolean(true)})) == Dims{2, 6, 7});
  CHECK(shape(get(a, {Value::boolean(false)})) == Dims{0, 5, 6, 7});
  // The values of one of them: result[i, j] = a[j, two[i] of axis 1 ...] by hand.
  const ArrayRef r = get(a, {Value::integer(3), k_all, Value(ints({6, -7}))});
  for (std::int64_t i = 0; i < 2; ++i)
    for (std::int64_t j = 0; j < 6; ++j)
      CHECK(values(r)[static_cast<std::size_t>(i * 6 + j)] == 3 * 42 + j * 7 + (i == 0 ? 6 : 0));
}

TEST_CASE("masks pick in C order, of one axis or of several, beside other entries") {
  const ArrayRef a = counting({3, 4});
  CHECK(values(get(a, {Value(mask({1, 0, 1}))})) == std::vector<std::int64_t>{0, 1, 2, 3, 8, 9, 10, 11});
  CHECK(values(get(a, {Value(mask({1, 0, 1})), Value::integer(2)})) == std::vector<std::int64_t>{2, 10});
  CHECK(values(get(a, {k_all, Value(mask({0, 0, 0, 1}))})) == std::vector<std::int64_t>{3, 7, 11});
  ArrayRef whole = zeros(DType::bool_, Dims{3, 4});
  whole->mutable_items<bool>()[5] = true;
  whole->mutable_items<bool>()[11] = true;
  CHECK(values(get(a, {Value(whole)})) == std::vector<std::int64_t>{5, 11});
}

TEST_CASE("wrong indices are IndexError") {
  const ArrayRef a = counting({3, 4});
  CHECK(failure(a, {Value::integer(3)}) == ErrorKind::index_error);
  CHECK(failure(a, {Value::integer(-4)}) == ErrorKind::index_error);
  CHECK(failure(a, {Value(ints({0, 4})), Value(ints({0, 0}))}) == ErrorKind::index_error);
  CHECK(failure(a, {Value::integer(0), Value::integer(0), Value::integer(0)}) == ErrorKind::index_error);
  CHECK(failure(a, {Value::ellipsis(), Value::ellipsis()}) == ErrorKind::index_error);
  CHECK(failure(a, {Value(ints({0, 1})), Value(ints({0, 1, 2}))}) == ErrorKind::index_error);
  CHECK(failure(a, {Value(mask({1, 0}))}) == ErrorKind::index_error);
  CHECK(failure(a, {Value(vector_array<double>(std::vector<double>{0.0}))}) == ErrorKind::index_error);
}
