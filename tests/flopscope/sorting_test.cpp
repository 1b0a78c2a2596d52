// SPDX-License-Identifier: MIT
// Long lines are sorted by their bits: against a plain comparison sort, for every dtype, with NaN, infinities and zeros
// of both signs among the elements.
#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <vector>
#include <whest/flopscope/budget/context.hpp>
#include <whest/flopscope/core/waist.hpp>

using namespace flopscope;

namespace {

// `n` elements of few and of many different values; `key` chooses which.
template <class T>
ArrayRef sample(std::int64_t n, std::uint64_t key) {
  ArrayRef a = Array::make(dtype_of<T>, {&n, 1});
  T* items = a->mutable_items<T>();
  std::uint64_t state = key;
  for (std::int64_t i = 0; i < n; ++i) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    const auto random = static_cast<std::int64_t>(state >> (key % 2 == 0 ? 17 : 56));
    if constexpr (std::is_integral_v<T>) {
      items[i] = static_cast<T>(random);
    } else {
      const T specials[] = {static_cast<T>(0.0), static_cast<T>(-0.0), std::numeric_limits<T>::infinity(),
                            -std::numeric_limits<T>::infinity(), std::numeric_limits<T>::quiet_NaN()};
      items[i] =
          random % 50 < 5 ? specials[random % 5] : static_cast<T>(static_cast<double>(random % 20001 - 10000) * 0.25);
    }
  }
  return a;
}

template <class T>
bool before(T a, T b) {
  return a < b || (b != b && a == a);
}

template <class T>
void check_against_comparison(std::int64_t n, std::uint64_t key) {
  const ArrayRef a = sample<T>(n, key);
  const Value args[] = {Value(a)};
  const ArrayRef sorted = invoke("sort", args, {}).take_array(), order = invoke("argsort", args, {}).take_array();
  std::vector<std::int64_t> expected(static_cast<std::size_t>(n));
  std::iota(expected.begin(), expected.end(), 0);
  const T* items = a->items<T>();
  std::stable_sort(expected.begin(), expected.end(),
                   [&](std::int64_t i, std::int64_t j) { return before(items[i], items[j]); });
  std::int64_t wrong_values = 0, wrong_places = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    const T want = items[expected[static_cast<std::size_t>(i)]], got = sorted->items<T>()[i];
    wrong_values += got == want || (got != got && want != want) ? 0 : 1;
    wrong_places += order->items<std::int64_t>()[i] == expected[static_cast<std::size_t>(i)] ? 0 : 1;
  }
  CHECK_MESSAGE(wrong_values == 0, name_of(dtype_of<T>), " ", n, " ", key);
  CHECK_MESSAGE(wrong_places == 0, name_of(dtype_of<T>), " ", n, " ", key);
}

}  // namespace

TEST_CASE("sort and argsort agree with a stable comparison sort on short and long lines") {
  BudgetContext context({.flop_budget = 1e12, .quiet = true, .name_space = {}, .wall_time_limit_s = {}});
  context.enter();
  for (const std::int64_t n : {1, 100, 1023, 1024, 5000})
    for (const std::uint64_t key : {2U, 3U}) {
      check_against_comparison<std::int8_t>(n, key);
      check_against_comparison<std::int16_t>(n, key);
      check_against_comparison<std::int32_t>(n, key);
      check_against_comparison<std::int64_t>(n, key);
      check_against_comparison<std::uint8_t>(n, key);
      check_against_comparison<std::uint16_t>(n, key);
      check_against_comparison<std::uint32_t>(n, key);
      check_against_comparison<std::uint64_t>(n, key);
      check_against_comparison<float>(n, key);
      check_against_comparison<double>(n, key);
    }
  context.exit();
}
