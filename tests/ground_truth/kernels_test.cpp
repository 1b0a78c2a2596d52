// SPDX-License-Identifier: MIT
// Layer kernels of every instruction set against a naive double loop, for all small shapes.
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>
#include <whest/ground_truth/kernels/table.hpp>
#include <whest/ground_truth/layout.hpp>

using namespace whest::ground_truth;

namespace {

// A plain generator of the test's own: what kernels get must not come from kernels.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : m_state(seed * 2 + 1) {}
  double uniform() {  // (-1, 1)
    m_state = m_state * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<double>(static_cast<std::int64_t>(m_state)) * 0x1p-63;
  }

 private:
  std::uint64_t m_state;
};

struct Problem {
  Problem(std::int64_t n_rows, std::int64_t n_width, int misalignment, std::uint64_t seed)
      : rows(n_rows), width(n_width), offset(static_cast<std::size_t>(misalignment)) {
    Draw draw(seed);
    input.resize(offset + static_cast<std::size_t>(rows * width));
    weights.resize(offset + static_cast<std::size_t>(width * width));
    for (float& x : input) x = static_cast<float>(draw.uniform());
    for (float& w : weights) w = static_cast<float>(draw.uniform());
  }
  const float* x() const { return input.data() + offset; }
  const float* w() const { return weights.data() + offset; }

  std::int64_t rows;
  std::int64_t width;
  std::size_t offset;  // floats by which both sources miss their natural alignment
  std::vector<float> input;
  std::vector<float> weights;
};

// Plain arrays: what a kernel or the reference makes of a problem.
struct Outcome {
  std::vector<double> output;  // rows x width
  std::vector<double> bound;   // of |output - exact|
  std::vector<double> sums;    // width
  std::vector<double> squares;
  std::vector<double> pair_squares;
};

// The reference: double throughout. A float32 dot product of k terms in any arithmetic is within
// gamma_{k+1} sum |x w| of it, gamma_n = n u / (1 - n u), u = 2^-24 (Higham, Accuracy and Stability, 3.1).
Outcome naive(const Problem& problem) {
  Outcome out;
  const double n_u = static_cast<double>(problem.width + 1) * 0x1p-24;
  for (std::int64_t r = 0; r < problem.rows; ++r) {
    for (std::int64_t c = 0; c < problem.width; ++c) {
      double sum = 0;
      double size = 0;
      for (std::int64_t k = 0; k < problem.width; ++k) {
        const double product = static_cast<double>(problem.x()[r * problem.width + k]) *
                               static_cast<double>(problem.w()[k * problem.width + c]);
        sum += product;
        size += std::fabs(product);
      }
      out.output.push_back(sum > 0 ? sum : 0);
      out.bound.push_back(n_u / (1 - n_u) * size);
    }
  }
  return out;
}

// Sums as they follow from a kernel's own output, in plain loops.
void add_moments(Outcome& out, std::int64_t rows, std::int64_t width, bool pairs) {
  for (std::int64_t c = 0; c < width; ++c) {
    double sum = 0;
    double square = 0;
    double pair = 0;
    for (std::int64_t r = 0; r < rows; ++r) {
      const double x = out.output[static_cast<std::size_t>(r * width + c)];
      sum += x;
      square = std::fma(x, x, square);
      if (pairs && r % 2 == 1) {
        const double both = out.output[static_cast<std::size_t>((r - 1) * width + c)] + x;
        pair = std::fma(both, both, pair);
      }
    }
    out.sums.push_back(sum);
    out.squares.push_back(square);
    out.pair_squares.push_back(pair);
  }
}

// Terms that are zero for a whole block of rows: taken, or left out by masks.
enum class Zeros { taken, skipped };

// Masks of a blocked input, as a kernel writes them of its output.
std::vector<std::uint16_t> input_masks(const KernelTable& kernels, const Problem& problem, const float* blocked) {
  const std::int64_t padded = padded_columns(kernels, problem.width);
  const auto blocks = round_up(problem.rows, kernels.row_block) / kernels.row_block;
  std::vector<std::uint16_t> masks(static_cast<std::size_t>(blocks * (padded / kernels.lanes)));
  for (std::int64_t r = 0; r < problem.rows; ++r) {
    for (std::int64_t c = 0; c < problem.width; ++c) {
      if (blocked[blocked_index(kernels, padded, r, c)] == 0.0F) continue;
      masks[static_cast<std::size_t>(r / kernels.row_block * (padded / kernels.lanes) + c / kernels.lanes)] |=
          static_cast<std::uint16_t>(1U << (c % kernels.lanes));
    }
  }
  return masks;
}

Outcome run_kernel(const KernelTable& kernels, const Problem& problem, Arithmetic arithmetic, bool squares, bool pairs,
                   Zeros zeros = Zeros::taken, std::vector<std::uint16_t>* output_masks = nullptr) {
  const std::int64_t padded = padded_columns(kernels, problem.width);
  const std::int64_t allocated = std::max<std::int64_t>(round_up(problem.rows, kernels.row_block), kernels.row_block);
  AlignedBuffer<float> input(static_cast<std::size_t>(allocated * padded));
  AlignedBuffer<float> output(input.size());
  AlignedBuffer<float> panels(static_cast<std::size_t>(problem.width * padded));
  AlignedBuffer<double> sums(static_cast<std::size_t>(padded));
  AlignedBuffer<double> square_sums(sums.size());
  AlignedBuffer<double> pair_sums(sums.size());
  pack_weights(kernels, problem.w(), problem.width, panels.data());
  block_rows_of(kernels, problem.x(), problem.rows, problem.width, input.data());
  LayerPass pass;
  pass.input = input.data();
  pass.panels = panels.data();
  pass.output = output.data();
  pass.rows = problem.rows;
  pass.inner = problem.width;
  pass.padded_columns = padded;
  pass.sums = sums.data();
  pass.squares = squares ? square_sums.data() : nullptr;
  pass.pair_squares = pairs ? pair_sums.data() : nullptr;
  const auto masks = input_masks(kernels, problem, input.data());
  const auto blocks = static_cast<std::size_t>(allocated / kernels.row_block);
  std::vector<std::uint16_t> lists(blocks * static_cast<std::size_t>(problem.width + 1));
  std::vector<std::uint16_t> written(masks.size(), 0);
  if (zeros == Zeros::skipped) {
    pass.input_active = masks.data();
    pass.output_active = written.data();
    pass.lists = lists.data();
  }
  (arithmetic == Arithmetic::fused ? kernels.layer_fused : kernels.layer_separate)(pass);

  Outcome out;
  for (std::int64_t r = 0; r < problem.rows; ++r) {
    for (std::int64_t c = 0; c < problem.width; ++c) {
      out.output.push_back(static_cast<double>(output[static_cast<std::size_t>(blocked_index(kernels, padded, r, c))]));
    }
  }
  const auto copy = [&](const AlignedBuffer<double>& from, std::vector<double>& to) {
    to.assign(from.data(), from.data() + problem.width);
  };
  copy(sums, out.sums);
  copy(square_sums, out.squares);
  copy(pair_sums, out.pair_squares);
  if (output_masks != nullptr) *output_masks = written;
  return out;
}

// Every element within its bound. Written so that a NaN anywhere fails.
bool within_bounds(const Outcome& got, const Outcome& reference) {
  if (got.output.size() != reference.output.size()) return false;
  for (std::size_t i = 0; i < got.output.size(); ++i) {
    if (!(std::fabs(got.output[i] - reference.output[i]) <= reference.bound[i])) return false;
  }
  return true;
}

bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

bool same_bits(const Outcome& a, const Outcome& b) {
  return same_bits(a.output, b.output) && same_bits(a.sums, b.sums) && same_bits(a.squares, b.squares) &&
         same_bits(a.pair_squares, b.pair_squares);
}

void check_problem(const Problem& problem) {
  const Outcome reference = naive(problem);
  for (const Arithmetic arithmetic : {Arithmetic::fused, Arithmetic::separate}) {
    const bool pairs = problem.rows % 2 == 0;
    const Outcome scalar = run_kernel(kernel_table(Isa::scalar), problem, arithmetic, true, pairs);
    for (const Isa isa : k_all_isas) {
      if (!isa_available(isa)) continue;
      const Outcome got = run_kernel(kernel_table(isa), problem, arithmetic, true, pairs);
      Outcome expected;
      expected.output = got.output;
      add_moments(expected, problem.rows, problem.width, pairs);
      const bool ok = within_bounds(got, reference) && same_bits(got, expected) && same_bits(got, scalar);
      if (!ok) {
        CAPTURE(isa_name(isa));
        CAPTURE(problem.rows);
        CAPTURE(problem.width);
        CAPTURE(static_cast<int>(arithmetic));
        CHECK(within_bounds(got, reference));
        CHECK(same_bits(got, expected));
        CHECK(same_bits(got, scalar));
      }
    }
  }
}

}  // namespace

TEST_CASE("kernels agree with a naive double loop, and with each other to the bit, at every small shape") {
  int shapes = 0;
  for (std::int64_t width = 1; width <= 67; ++width) {  // past the widest panel; past twice of it below
    for (const std::int64_t rows : {0, 1, 2, 5, 6, 7, 13, 14, 15, 28, 29}) {
      check_problem(
          Problem(rows, width, static_cast<int>((width + rows) % 4), static_cast<std::uint64_t>(width * 100 + rows)));
      ++shapes;
    }
  }
  for (const std::int64_t width : {96, 127, 128, 129}) {
    check_problem(Problem(13, width, 2, static_cast<std::uint64_t>(width)));
    ++shapes;
  }
  for (std::int64_t rows = 0; rows <= 30; ++rows) {
    for (int misalignment = 0; misalignment < 4; ++misalignment) {
      check_problem(Problem(rows, 33, misalignment, static_cast<std::uint64_t>(rows)));
      ++shapes;
    }
  }
  CHECK(shapes == 67 * 11 + 4 + 31 * 4);
}

TEST_CASE("leaving out zero terms changes no bit, and the masks say where the output is zero") {
  for (const std::int64_t width : {1, 7, 16, 33, 64, 65, 130}) {
    for (const std::int64_t rows : {1, 6, 12, 29}) {
      Problem problem(rows, width, 1, static_cast<std::uint64_t>(width + rows));
      Draw draw(static_cast<std::uint64_t>(rows));
      for (std::int64_t c = 0; c < width; ++c) {
        const bool dead = draw.uniform() > 0;  // a neuron that is zero for all rows, as half of them are in deep layers
        for (std::int64_t r = 0; r < rows; ++r) {
          float& x = problem.input[problem.offset + static_cast<std::size_t>(r * width + c)];
          if (dead || x < 0) x = 0;
        }
      }
      const Outcome reference = naive(problem);
      for (const Isa isa : k_all_isas) {
        if (!isa_available(isa)) continue;
        const KernelTable& kernels = kernel_table(isa);
        for (const Arithmetic arithmetic : {Arithmetic::fused, Arithmetic::separate}) {
          std::vector<std::uint16_t> written;
          const Outcome all = run_kernel(kernels, problem, arithmetic, true, rows % 2 == 0);
          const Outcome some = run_kernel(kernels, problem, arithmetic, true, rows % 2 == 0, Zeros::skipped, &written);
          CHECK(within_bounds(some, reference));
          CHECK(same_bits(some, all));
          // the output's masks: those of the output as an input, in rows that exist
          Problem next = problem;
          for (std::size_t i = 0; i < some.output.size(); ++i) {
            next.input[next.offset + i] = static_cast<float>(some.output[i]);
          }
          const std::int64_t padded = padded_columns(kernels, width);
          AlignedBuffer<float> blocked(static_cast<std::size_t>(round_up(rows, kernels.row_block) * padded));
          block_rows_of(kernels, next.x(), rows, width, blocked.data());
          CHECK(written == input_masks(kernels, next, blocked.data()));
        }
      }
    }
  }
}

TEST_CASE("a list that leaves out a term that is not zero is seen") {
  Problem problem(6, 40, 0, 4);
  for (float& x : problem.input) x = std::fabs(x);
  const KernelTable& kernels = kernel_table(best_isa());
  const Outcome all = run_kernel(kernels, problem, Arithmetic::fused, true, true);
  Problem without = problem;
  for (std::int64_t r = 0; r < 6; ++r) without.input[static_cast<std::size_t>(r * 40 + 3)] = 0;
  CHECK_FALSE(same_bits(run_kernel(kernels, without, Arithmetic::fused, true, true, Zeros::skipped), all));
  CHECK_FALSE(
      within_bounds(run_kernel(kernels, without, Arithmetic::fused, true, true, Zeros::skipped), naive(problem)));
}

TEST_CASE("kernels agree at contest widths") {
  for (const std::int64_t width : {255, 256, 1024}) check_problem(Problem(width == 1024 ? 3 : 29, width, 1, 5));
}

TEST_CASE("sums go on from what they hold, with and without squares") {
  for (const Isa isa : k_all_isas) {
    if (!isa_available(isa)) continue;
    const Problem problem(16, 20, 0, 9);
    const Outcome plain = run_kernel(kernel_table(isa), problem, Arithmetic::fused, false, false);
    const Outcome squares = run_kernel(kernel_table(isa), problem, Arithmetic::fused, true, false);
    const Outcome pairs = run_kernel(kernel_table(isa), problem, Arithmetic::fused, false, true);
    const Outcome both = run_kernel(kernel_table(isa), problem, Arithmetic::fused, true, true);
    CHECK(same_bits(plain.sums, both.sums));
    CHECK(same_bits(squares.squares, both.squares));
    CHECK(same_bits(pairs.pair_squares, both.pair_squares));
    CHECK(plain.squares == std::vector<double>(20, 0.0));
    CHECK(both.squares != plain.squares);
  }
}

TEST_CASE("a NaN in the input reaches every output of its row, on every instruction set") {
  for (const Isa isa : k_all_isas) {
    if (!isa_available(isa)) continue;
    Problem problem(9, 40, 0, 3);
    problem.input[4 * 40 + 7] = std::numeric_limits<float>::quiet_NaN();
    const Outcome got = run_kernel(kernel_table(isa), problem, Arithmetic::fused, false, false);
    for (std::int64_t r = 0; r < 9; ++r) {
      for (std::int64_t c = 0; c < 40; ++c)
        CHECK(std::isnan(got.output[static_cast<std::size_t>(r * 40 + c)]) == (r == 4));
    }
    CHECK(std::isnan(got.sums[0]));
    CHECK_FALSE(within_bounds(got, naive(Problem(9, 40, 0, 3))));
  }
}

TEST_CASE("the comparisons reject planted errors") {
  const Problem problem(14, 32, 0, 1);
  const Outcome reference = naive(problem);
  const Outcome good = run_kernel(kernel_table(Isa::scalar), problem, Arithmetic::fused, true, true);
  REQUIRE(within_bounds(good, reference));
  for (std::size_t at = 0; at < good.output.size(); at += 37) {
    Outcome bad = good;
    bad.output[at] += 2.1 * reference.bound[at];
    CHECK_FALSE(within_bounds(bad, reference));
    bad.output[at] = std::nan("");
    CHECK_FALSE(within_bounds(bad, reference));
    bad = good;
    bad.output[at] = std::nextafter(bad.output[at], 2.0);
    CHECK_FALSE(same_bits(bad, good));
  }
  Outcome bad = good;
  bad.pair_squares[31] = std::nextafter(bad.pair_squares[31], 100.0);
  CHECK_FALSE(same_bits(bad, good));
  bad = good;
  bad.output.pop_back();
  CHECK_FALSE(within_bounds(bad, reference));
  // One weight off by a thousandth shows.
  Problem other = problem;
  other.weights[5] += 1e-3F;
  CHECK_FALSE(within_bounds(run_kernel(kernel_table(Isa::scalar), other, Arithmetic::fused, true, true), reference));
}

TEST_CASE("the two arithmetics differ") {
  const Problem problem(14, 64, 0, 1);
  CHECK_FALSE(same_bits(run_kernel(kernel_table(Isa::scalar), problem, Arithmetic::fused, true, true),
                        run_kernel(kernel_table(Isa::scalar), problem, Arithmetic::separate, true, true)));
}
