// SPDX-License-Identifier: MIT
// The counter-based normals: the same bits on every instruction set, the right generator underneath, the right
// distribution. Statistical bounds are at about 5 standard deviations; the streams are fixed, so the tests are too.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>
#include <vector>
#include <whest/ground_truth/kernels/table.hpp>
#include <whest/ground_truth/layout.hpp>
#include <whest/random/philox.hpp>

using namespace whest;
using namespace whest::ground_truth;

namespace {

constexpr std::int64_t k_count = 1 << 20;

std::vector<float> stream(Isa isa, std::uint64_t key, std::int64_t n) {
  AlignedBuffer<float> buffer(static_cast<std::size_t>(n));
  kernel_table(isa).normals(buffer.data(), n, key);
  return {buffer.data(), buffer.data() + n};
}

// Rows of the stream as the layers get them, row-major.
std::vector<float> rows_of(Isa isa, std::uint64_t key, std::uint64_t first_row, std::int64_t rows, std::int64_t width) {
  const KernelTable& kernels = kernel_table(isa);
  const std::int64_t padded = padded_columns(kernels, width);
  AlignedBuffer<float> blocked(static_cast<std::size_t>(round_up(rows, kernels.row_block) * padded));
  kernels.fill_normals({blocked.data(), key, first_row, rows, padded});
  std::vector<float> out;
  for (std::int64_t r = 0; r < rows; ++r) {
    for (std::int64_t c = 0; c < width; ++c) {
      out.push_back(blocked[static_cast<std::size_t>(blocked_index(kernels, padded, r, c))]);
    }
  }
  return out;
}

double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

// Kolmogorov-Smirnov distance times sqrt(n): below 1.63 in 99% of all streams, below 2.0 in 99.93%.
double ks_statistic(std::vector<float> values) {
  std::ranges::sort(values);
  const auto n = static_cast<double>(values.size());
  double distance = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double p = normal_cdf(static_cast<double>(values[i]));
    distance = std::max({distance, p - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - p});
  }
  return distance * std::sqrt(n);
}

// Sum over pairs / sqrt(n): standard normal for independent streams.
double correlation(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return sum / std::sqrt(static_cast<double>(a.size()));
}

}  // namespace

TEST_CASE("normals have the same bits on every instruction set") {
  const auto reference = stream(Isa::scalar, 42, 1 << 16);
  const auto rows = rows_of(Isa::scalar, 42, 5, 31, 300);
  for (const Isa isa : k_all_isas) {
    if (!isa_available(isa)) continue;
    CAPTURE(isa_name(isa));
    const auto got = stream(isa, 42, 1 << 16);
    CHECK(std::memcmp(got.data(), reference.data(), got.size() * sizeof(float)) == 0);
    const auto got_rows = rows_of(isa, 42, 5, 31, 300);
    CHECK(std::memcmp(got_rows.data(), rows.data(), rows.size() * sizeof(float)) == 0);
  }
}

TEST_CASE("a normal is a function of key, row and column: any slice gives the same numbers") {
  const auto all = rows_of(best_isa(), 7, 0, 40, 70);
  const auto slice = rows_of(best_isa(), 7, 23, 9, 70);
  CHECK(std::equal(slice.begin(), slice.end(), all.begin() + 23 * 70));
  const auto narrow = rows_of(best_isa(), 7, 0, 40, 3);
  for (std::size_t r = 0; r < 40; ++r) CHECK(narrow[3 * r + 2] == all[70 * r + 2]);
  // rows past 2^32 are rows of their own
  CHECK(rows_of(best_isa(), 7, std::uint64_t{1} << 32, 1, 70) != std::vector<float>(all.begin(), all.begin() + 70));
}

TEST_CASE("the words are Philox4x32-10's and the transform Box and Muller's") {
  for (const std::uint64_t row : {std::uint64_t{0}, std::uint64_t{77}, (std::uint64_t{3} << 32) + 1}) {
    const std::uint64_t key = 0x123456789ABCDEF0ULL;
    const auto got = rows_of(Isa::scalar, key, row, 1, 640);
    for (std::size_t c = 0; c < 640; ++c) {
      const auto group = static_cast<std::uint32_t>(16 * (c / 64) + c % 16);
      const auto words =
          random::philox4x32_10({group, static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(row >> 32), 0},
                                {static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32)});
      const std::size_t j = c % 64 / 16;
      const double u = (words[j / 2 * 2] >> 1) * 0x1p-31 + 0x1p-32;
      const double angle = words[j / 2 * 2 + 1] * 0x1p-32 * 2 * std::numbers::pi;
      const double radius = std::sqrt(-2 * std::log(u));
      const double expected = radius * (j % 2 == 0 ? std::cos(angle) : std::sin(angle));
      // u is rounded to float32: 2^-25 of it moves -ln u by as much, the radius by that over the radius
      CHECK(std::fabs(static_cast<double>(got[c]) - expected) <= 6e-7 * (1 + radius) + 0x1p-24 / (radius + 0x1p-12));
    }
  }
}

TEST_CASE("moments and tails are the normal's") {
  const auto z = stream(best_isa(), 1, k_count);
  const auto n = static_cast<double>(k_count);
  double moments[9] = {};
  for (const float x : z) {
    double power = 1;
    for (double& moment : moments) {
      moment += power;
      power *= static_cast<double>(x);
    }
  }
  // E z^2k = (2k - 1)!!, var z^k = E z^2k - (E z^k)^2
  const double expected[9] = {1, 0, 1, 0, 3, 0, 15, 0, 105};
  const double second[9] = {1, 1, 3, 15, 105, 945, 10395, 135135, 2027025};
  for (int k = 1; k <= 8; ++k) {
    CAPTURE(k);
    const double sd = std::sqrt((second[k] - expected[k] * expected[k]) / n);
    CHECK(std::fabs(moments[k] / n - expected[k]) < 5 * sd);
  }
  for (const double bound : {0.5, 1.0, 2.0, 3.0, 4.0}) {
    const double p = normal_cdf(-bound);
    const auto above = std::ranges::count_if(z, [&](float x) { return static_cast<double>(x) > bound; });
    const auto below = std::ranges::count_if(z, [&](float x) { return static_cast<double>(x) < -bound; });
    CAPTURE(bound);
    CHECK(std::fabs(static_cast<double>(above) - n * p) < 5 * std::sqrt(n * p) + 1);
    CHECK(std::fabs(static_cast<double>(below) - n * p) < 5 * std::sqrt(n * p) + 1);
  }
  const auto [least, most] = std::ranges::minmax(z);
  CHECK(most > 4.5F);  // P(no value above 4.5 in 2^20) = 3%, of this stream it is known
  CHECK(most < 6.67F);
  CHECK(least < -4.5F);
  CHECK(least > -6.67F);
}

TEST_CASE("the distribution passes Kolmogorov-Smirnov, whole and lane by lane") {
  const auto z = stream(best_isa(), 2, k_count);
  CHECK(ks_statistic(z) < 2.0);
  for (std::size_t place = 0; place < 64; place += 5) {  // every place of a group of 64 is a lane and a word of its own
    std::vector<float> lane;
    for (std::size_t i = place; i < z.size(); i += 64) lane.push_back(z[i]);
    CAPTURE(place);
    CHECK(ks_statistic(lane) < 2.2);
  }
}

TEST_CASE("Kolmogorov-Smirnov rejects what is not normal") {
  auto z = stream(best_isa(), 2, 1 << 16);
  auto shifted = z;
  for (float& x : shifted) x += 0.02F;
  CHECK(ks_statistic(shifted) > 2.0);
  auto wide = z;
  for (float& x : wide) x *= 1.04F;
  CHECK(ks_statistic(wide) > 2.0);
  auto positive = z;
  for (std::size_t i = 0; i < positive.size(); i += 50) positive[i] = std::fabs(positive[i]);
  CHECK(ks_statistic(positive) > 2.0);
}

TEST_CASE("lanes, words, rows and keys are independent") {
  const std::int64_t rows = 1 << 12;
  const auto block = rows_of(best_isa(), 3, 0, rows, 64);
  std::vector<std::vector<float>> columns(64);
  for (std::size_t i = 0; i < block.size(); ++i) columns[i % 64].push_back(block[i]);
  double chi_square = 0;
  double chi_square_of_squares = 0;
  int pairs = 0;
  for (std::size_t a = 0; a < 64; ++a) {
    for (std::size_t b = a + 1; b < 64; ++b) {
      const double c = correlation(columns[a], columns[b]);
      chi_square += c * c;
      // squares: Box-Muller's pair shares its radius, its normals must not show it
      double squares = 0;
      for (std::size_t i = 0; i < columns[a].size(); ++i) {
        const auto x = static_cast<double>(columns[a][i]);
        const auto y = static_cast<double>(columns[b][i]);
        squares += (x * x - 1) * (y * y - 1) / 2;
      }
      squares /= std::sqrt(static_cast<double>(rows));
      chi_square_of_squares += squares * squares;
      ++pairs;
    }
  }
  CHECK(std::fabs(chi_square - pairs) < 5 * std::sqrt(2.0 * pairs));
  CHECK(std::fabs(chi_square_of_squares - pairs) < 8 * std::sqrt(2.0 * pairs));  // heavier tails

  const auto z = stream(best_isa(), 4, k_count);
  for (const std::size_t lag : {1, 2, 15, 16, 17, 32, 48, 64, 128, 256}) {  // neighbours in lane, word, counter
    CAPTURE(lag);
    const std::vector<float> first(z.begin(), z.end() - static_cast<std::ptrdiff_t>(lag));
    const std::vector<float> second(z.begin() + static_cast<std::ptrdiff_t>(lag), z.end());
    CHECK(std::fabs(correlation(first, second)) < 5);
  }
  for (const std::uint64_t key : {std::uint64_t{5}, std::uint64_t{4} + (std::uint64_t{1} << 32), ~std::uint64_t{4}}) {
    CHECK(std::fabs(correlation(z, stream(best_isa(), key, k_count))) < 5);
  }
  CHECK(std::fabs(correlation(z, z)) > 5);  // the comparison sees dependence
}
