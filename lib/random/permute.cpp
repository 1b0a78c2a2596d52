// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <unordered_set>
#include <whest/random/bounded.hpp>
#include <whest/random/permute.hpp>

namespace whest::random {
namespace {

// The tail of a shuffle: places from the last down to `first` get their value.
void shuffle_down_to(Stream& stream, std::span<std::int64_t> values, std::size_t first, Rejection rejection) {
  for (std::size_t i = values.size(); i-- > first;) {
    const std::size_t j = bounded_uint64(*stream.bits, i, rejection);
    std::swap(values[i], values[j]);
  }
}

std::vector<std::int64_t> first_numbers(std::int64_t n) {
  std::vector<std::int64_t> values(static_cast<std::size_t>(n));
  std::iota(values.begin(), values.end(), std::int64_t{0});
  return values;
}

// Kahan's compensated sum, as NumPy judges probabilities.
double kahan_sum(std::span<const double> values) {
  double sum = values.empty() ? 0 : values[0];
  double correction = 0;
  for (std::size_t i = 1; i < values.size(); ++i) {
    const double y = values[i] - correction;
    const double t = sum + y;
    correction = (t - sum) - y;
    sum = t;
  }
  return sum;
}

std::vector<double> distribution_function(std::span<const double> p) {
  std::vector<double> cdf(p.size());
  std::partial_sum(p.begin(), p.end(), cdf.begin());
  const double total = cdf.back();
  for (double& c : cdf) c /= total;
  return cdf;
}

std::int64_t index_of(const std::vector<double>& cdf, double u) {
  return std::upper_bound(cdf.begin(), cdf.end(), u) - cdf.begin();
}

// Floyd's algorithm: each step takes a new number or, if it is taken, the step's own.
std::vector<std::int64_t> floyd(Stream& stream, const ChoiceRequest& request) {
  std::vector<std::int64_t> values;
  std::unordered_set<std::int64_t> taken;
  for (std::int64_t j = request.population - request.count; j < request.population; ++j) {
    auto value =
        static_cast<std::int64_t>(bounded_uint64(*stream.bits, static_cast<std::uint64_t>(j), Rejection::lemire));
    if (!taken.insert(value).second) {
      value = j;
      taken.insert(j);
    }
    values.push_back(value);
  }
  if (request.shuffle == ShuffleResult::yes) shuffle_down_to(stream, values, 1, Rejection::lemire);
  return values;
}

std::vector<std::int64_t> distinct(Stream& stream, const ChoiceRequest& request) {
  if (stream.algorithms == Algorithms::random_state) {
    auto values = permutation(stream, request.population);
    values.resize(static_cast<std::size_t>(request.count));
    return values;
  }
  // NumPy's rule for when a table of the whole population is cheaper than Floyd's set.
  constexpr std::int64_t k_large = 10000;
  const std::int64_t cutoff = request.shuffle == ShuffleResult::yes ? 50 : 20;
  if (request.population <= k_large || request.count <= request.population / cutoff) return floyd(stream, request);
  auto values = first_numbers(request.population);
  const std::int64_t kept = request.population - request.count;
  shuffle_down_to(stream, values, static_cast<std::size_t>(std::max<std::int64_t>(kept, 1)), Rejection::lemire);
  values.erase(values.begin(), values.begin() + kept);
  return values;
}

// Draws as many as are missing, keeps the first of each kind, puts their probability to zero, and so on.
std::vector<std::int64_t> distinct_weighted(Stream& stream, const ChoiceRequest& request, std::span<const double> p) {
  std::vector<double> rest(p.begin(), p.end());
  std::vector<std::int64_t> found;
  const auto count = static_cast<std::size_t>(request.count);
  while (found.size() < count) {
    std::vector<double> u(count - found.size());
    for (double& x : u) x = stream.bits->next_double();
    for (const std::int64_t i : found) rest[static_cast<std::size_t>(i)] = 0;
    const std::vector<double> cdf = distribution_function(rest);
    std::unordered_set<std::int64_t> fresh;
    for (const double x : u) {
      const std::int64_t i = index_of(cdf, x);
      if (fresh.insert(i).second) found.push_back(i);
    }
  }
  return found;
}

}  // namespace

void shuffle(Stream& stream, std::span<std::int64_t> values) {
  // Masked for Generator too: only choice uses the newer rejection.
  shuffle_down_to(stream, values, 1, Rejection::masked);
}

std::vector<std::int64_t> permutation(Stream& stream, std::int64_t n) {
  auto values = first_numbers(n);
  shuffle(stream, values);
  return values;
}

base::Expected<void> check_choice(const ChoiceRequest& request) {
  if (request.count < 0) return base::usage_error("negative dimensions are not allowed");
  if (request.population <= 0 && request.count != 0) {
    return base::usage_error("a must be a positive integer unless no samples are taken");
  }
  if (request.replace == Replace::no && request.count > request.population) {
    return base::usage_error("Cannot take a larger sample than population when replace is False");
  }
  return {};
}

base::Expected<void> check_choice(const ChoiceRequest& request, std::span<const double> p) {
  if (request.population <= 0 && request.count != 0) return check_choice(request);
  if (static_cast<std::int64_t>(p.size()) != request.population)
    return base::usage_error("a and p must have same size");
  const double sum = kahan_sum(p);
  if (std::isnan(sum)) return base::usage_error("Probabilities contain NaN");
  if (std::ranges::any_of(p, [](double x) { return x < 0; })) {
    return base::usage_error("Probabilities are not non-negative");
  }
  if (std::abs(sum - 1) > std::sqrt(std::numeric_limits<double>::epsilon())) {
    return base::usage_error("Probabilities do not sum to 1. See Notes section of docstring for more information.");
  }
  if (auto checked = check_choice(request); !checked) return checked;
  const auto possible = std::ranges::count_if(p, [](double x) { return x > 0; });
  if (request.replace == Replace::no && possible < request.count) {
    return base::usage_error("Fewer non-zero entries in p than size");
  }
  return {};
}

base::Expected<std::vector<std::int64_t>> choice(Stream& stream, const ChoiceRequest& request) {
  if (auto checked = check_choice(request); !checked) return std::unexpected(checked.error());
  if (request.count == 0) return std::vector<std::int64_t>{};
  if (request.replace == Replace::no) return distinct(stream, request);
  std::vector<std::int64_t> values(static_cast<std::size_t>(request.count));
  const auto last = static_cast<std::uint64_t>(request.population - 1);
  const auto rejection = stream.algorithms == Algorithms::random_state ? Rejection::masked : Rejection::lemire;
  for (std::int64_t& value : values) {
    value = static_cast<std::int64_t>(bounded_uint64(*stream.bits, last, rejection));
  }
  return values;
}

base::Expected<std::vector<std::int64_t>> choice(Stream& stream, const ChoiceRequest& request,
                                                 std::span<const double> p) {
  if (auto checked = check_choice(request, p); !checked) return std::unexpected(checked.error());
  if (request.count == 0) return std::vector<std::int64_t>{};
  if (request.replace == Replace::no) return distinct_weighted(stream, request, p);
  const std::vector<double> cdf = distribution_function(p);
  std::vector<std::int64_t> values(static_cast<std::size_t>(request.count));
  for (std::int64_t& value : values) value = index_of(cdf, stream.bits->next_double());
  return values;
}

}  // namespace whest::random
