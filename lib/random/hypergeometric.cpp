// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>
#include <whest/random/bounded.hpp>
#include <whest/random/hypergeometric.hpp>
#include <whest/random/log_factorial.hpp>

namespace whest::random {
namespace {

// 2 sqrt(2/e) and 3 - 2 sqrt(3/e), of Stadlober's ratio of uniforms.
constexpr double k_d1 = 1.7155277699214135;
constexpr double k_d2 = 0.8989161620588988;

double real(std::int64_t value) { return static_cast<double>(value); }

// One ball after the other.
std::int64_t by_urn(BitGenerator& bits, std::int64_t good, std::int64_t bad, std::int64_t sample) {
  const std::int64_t total = good + bad;
  const bool complement = sample > total / 2;
  std::int64_t left_to_draw = complement ? total - sample : sample;
  std::int64_t remaining = total;
  std::int64_t remaining_good = good;
  while (left_to_draw > 0 && remaining_good > 0 && remaining > remaining_good) {
    --remaining;
    if (static_cast<std::int64_t>(random_interval(bits, static_cast<std::uint64_t>(remaining))) < remaining_good) {
      --remaining_good;
    }
    --left_to_draw;
  }
  if (remaining == remaining_good) remaining_good -= left_to_draw;  // only good ones are left
  return complement ? remaining_good : good - remaining_good;
}

// Acceptance in the ratio of uniforms: X drawn, T the log of the density ratio.
enum class Verdict { accept, reject };
Verdict judge(double x, double t) {
  if (x * (4.0 - x) - 3.0 <= t) return Verdict::accept;
  if (x * (x - t) >= 1) return Verdict::reject;
  return 2.0 * std::log(x) <= t ? Verdict::accept : Verdict::reject;
}

// Stadlober (1990), "The ratio of uniforms approach for generating discrete random variates": HRUA. `Log` is the log of
// the factorial.
template <class Log>
std::int64_t hrua(BitGenerator& bits, std::int64_t smaller, std::int64_t larger, std::int64_t sample, double mean,
                  double variance_and_half, Log log_of_factorial) {
  const double a = mean + 0.5;
  const double c = std::sqrt(variance_and_half);
  const double h = k_d1 * c + k_d2;
  const auto mode =
      static_cast<std::int64_t>(std::floor(real(sample + 1) * real(smaller + 1) / real(smaller + larger + 2)));
  const auto weight = [&](std::int64_t k) {
    return log_of_factorial(k) + log_of_factorial(smaller - k) + log_of_factorial(sample - k) +
           log_of_factorial(larger - sample + k);
  };
  const double at_mode = weight(mode);
  const double bound = std::min(real(std::min(sample, smaller)) + 1.0, std::floor(a + 16 * c));
  for (;;) {
    const double u = bits.next_double();
    const double v = bits.next_double();
    const double x = a + h * (v - 0.5) / u;
    if (x < 0.0 || x >= bound) continue;
    const auto k = static_cast<std::int64_t>(std::floor(x));
    if (judge(u, at_mode - weight(k)) == Verdict::accept) return k;
  }
}

// From the draw of the smaller colour in the smaller sample back to what was asked.
std::int64_t unfolded(std::int64_t k, std::int64_t good, std::int64_t bad, std::int64_t sample, std::int64_t drawn) {
  if (good > bad) k = drawn - k;
  return drawn < sample ? good - k : k;
}

std::int64_t by_ratio(BitGenerator& bits, std::int64_t good, std::int64_t bad, std::int64_t sample) {
  const std::int64_t total = good + bad;
  const std::int64_t smaller = std::min(good, bad);
  const std::int64_t larger = std::max(good, bad);
  const std::int64_t drawn = std::min(sample, total - sample);
  const double p = real(smaller) / real(total);
  const double q = real(larger) / real(total);
  const double variance = real(total - drawn) * real(drawn) * p * q / real(total - 1);
  const auto k = hrua(bits, smaller, larger, drawn, real(drawn) * p, variance + 0.5, log_factorial);
  return unfolded(k, good, bad, sample, drawn);
}

std::int64_t legacy_by_ratio(BitGenerator& bits, std::int64_t good, std::int64_t bad, std::int64_t sample) {
  const std::int64_t total = good + bad;
  const std::int64_t smaller = std::min(good, bad);
  const std::int64_t drawn = std::min(sample, total - sample);
  const double p = real(smaller) / real(total);
  const double variance = real(total - drawn) * real(sample) * p * (1.0 - p) / real(total - 1);
  const auto log_of_factorial = [](std::int64_t k) { return log_gamma(real(k + 1)); };
  const auto k = hrua(bits, smaller, std::max(good, bad), drawn, real(drawn) * p, variance + 0.5, log_of_factorial);
  return unfolded(k, good, bad, sample, drawn);
}

std::int64_t legacy_by_steps(BitGenerator& bits, std::int64_t good, std::int64_t bad, std::int64_t sample) {
  const std::int64_t unsampled = bad + good - sample;
  const double smaller = real(std::min(bad, good));
  double y = smaller;
  for (std::int64_t k = sample; y > 0.0 && k > 0; --k) {
    y -= std::floor(bits.next_double() + y / real(unsampled + k));
  }
  const auto z = static_cast<std::int64_t>(smaller - y);
  return good > bad ? sample - z : z;
}

void by_marginals(BitGenerator& bits, std::span<const std::int64_t> colours, std::int64_t total, std::int64_t sample,
                  std::span<std::int64_t> out) {
  std::int64_t remaining = total;
  for (std::size_t j = 0; sample > 0 && j + 1 < colours.size(); ++j) {
    remaining -= colours[j];
    out[j] = draw_hypergeometric(bits, colours[j], remaining, sample);
    sample -= out[j];
  }
  if (sample > 0) out.back() = sample;
}

// Fisher and Yates as far as needed, in an urn that is stirred ever further.
class Urn {
 public:
  explicit Urn(std::span<const std::int64_t> colours) {
    for (std::size_t j = 0; j < colours.size(); ++j) {
      m_balls.insert(m_balls.end(), static_cast<std::size_t>(colours[j]), j);
    }
  }
  void draw(BitGenerator& bits, std::int64_t sample, std::span<std::int64_t> out) {
    for (std::size_t j = 0; j < static_cast<std::size_t>(sample); ++j) {
      std::swap(m_balls[j], m_balls[j + random_interval(bits, m_balls.size() - j - 1)]);
      ++out[m_balls[j]];
    }
  }

 private:
  std::vector<std::size_t> m_balls;
};

}  // namespace

std::int64_t draw_hypergeometric(BitGenerator& bits, std::int64_t good, std::int64_t bad, std::int64_t sample) {
  if (sample >= 10 && sample <= good + bad - 10) return by_ratio(bits, good, bad, sample);
  return by_urn(bits, good, bad, sample);
}

std::int64_t draw_legacy_hypergeometric(BitGenerator& bits, std::int64_t good, std::int64_t bad, std::int64_t sample) {
  if (sample > 10) return legacy_by_ratio(bits, good, bad, sample);
  return sample > 0 ? legacy_by_steps(bits, good, bad, sample) : 0;
}

void draw_colours(BitGenerator& bits, std::span<const std::int64_t> colours, std::int64_t sample, ColourMethod method,
                  std::span<std::int64_t> out) {
  std::ranges::fill(out, 0);
  const std::int64_t total = std::accumulate(colours.begin(), colours.end(), std::int64_t{0});
  if (total == 0 || sample == 0) return;
  const bool complement = sample > total / 2;
  const std::int64_t drawn = complement ? total - sample : sample;
  Urn urn(method == ColourMethod::count ? colours : colours.first(0));
  for (; !out.empty(); out = out.subspan(colours.size())) {
    const auto row = out.first(colours.size());
    if (method == ColourMethod::marginals) {
      by_marginals(bits, colours, total, drawn, row);
    } else {
      urn.draw(bits, drawn, row);
    }
    if (!complement) continue;
    for (std::size_t j = 0; j < row.size(); ++j) row[j] = colours[j] - row[j];
  }
}

}  // namespace whest::random
