// SPDX-License-Identifier: MIT
// Layer kernels of every instruction set against a naive double loop, for all small shapes.
#include <doctest/doctest.h>

#include <algorithm>
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

// Which kernel: of the first layer, which takes every term, or of those after it, which leave zeros out.
enum class Layer { first, next };

LayerKernelFunction kernel_of(const KernelTable& kernels, Layer layer, Arithmetic arithmetic) {
  if (layer == Layer::first) return arithmetic == Arithmetic::fused ? kernels.first_fused : kernels.first_separate;
  return arithmetic == Arithmetic::fused ? kernels.next_fused : kernels.next_separate;
}

// Masks of rows, as a kernel writes them of its output.
std::vector<std::uint32_t> masks_of(const KernelTable& kernels, const std::vector<double>& rows, std::int64_t width) {
  const std::int64_t words = mask_words(padded_columns(kernels, width));
  std::vector<std::uint32_t> masks(rows.size() / static_cast<std::size_t>(width) * static_cast<std::size_t>(words));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto row = static_cast<std::int64_t>(i) / width;
    const auto column = static_cast<std::int64_t>(i) % width;
    if (rows[i] != 0) masks[static_cast<std::size_t>(row * words + column / 32)] |= 1U << (column % 32);
  }
  return masks;
}

// What a kernel reads and writes, ready for one pass.
struct Buffers {
  Buffers(const KernelTable& kernels, const Problem& problem, Layer layer)
      : padded(padded_columns(kernels, problem.width)),
        allocated(std::max<std::int64_t>(round_up(problem.rows, kernels.row_block), kernels.row_block)),
        input(static_cast<std::size_t>(allocated * row_stride(padded))),
        output(input.size()),
        panels(static_cast<std::size_t>(problem.width * padded)),
        active(static_cast<std::size_t>(allocated * mask_words(padded))) {
    for (auto& cells : moments) cells = AlignedBuffer<double>(static_cast<std::size_t>(padded));
    if (layer == Layer::first) {
      pack_weights(kernels, problem.w(), problem.width, panels.data());
      block_rows_of(kernels, problem.x(), problem.rows, problem.width, input.data());
      return;
    }
    pack_wide_panels(kernels, problem.w(), problem.width, panels.data());
    const std::vector<double> rows(problem.x(), problem.x() + problem.rows * problem.width);
    input_active = masks_of(kernels, rows, problem.width);
    for (std::int64_t r = 0; r < problem.rows; ++r) {
      std::copy_n(problem.x() + r * problem.width, problem.width, input.data() + r * row_stride(padded));
    }
  }

  std::int64_t padded;
  std::int64_t allocated;
  AlignedBuffer<float> input;
  AlignedBuffer<float> output;
  AlignedBuffer<float> panels;
  AlignedBuffer<std::uint32_t> active;
  std::vector<std::uint32_t> input_active;
  AlignedBuffer<double> moments[3];
};

Outcome run_kernel(const KernelTable& kernels, const Problem& problem, Arithmetic arithmetic, bool squares, bool pairs,
                   Layer layer = Layer::first, std::vector<std::uint32_t>* output_masks = nullptr) {
  Buffers buffers(kernels, problem, layer);
  LayerPass pass;
  pass.input = buffers.input.data();
  pass.panels = buffers.panels.data();
  pass.output = buffers.output.data();
  pass.rows = problem.rows;
  pass.inner = problem.width;
  pass.padded_columns = buffers.padded;
  pass.row_stride = row_stride(buffers.padded);
  pass.mask_words = mask_words(buffers.padded);
  pass.sums = buffers.moments[0].data();
  pass.squares = squares ? buffers.moments[1].data() : nullptr;
  pass.pair_squares = pairs ? buffers.moments[2].data() : nullptr;
  pass.input_active = buffers.input_active.data();
  pass.output_active = buffers.active.data();
  kernel_of(kernels, layer, arithmetic)(pass);

  Outcome out;
  for (std::int64_t r = 0; r < problem.rows; ++r) {
    for (std::int64_t c = 0; c < problem.width; ++c) {
      out.output.push_back(static_cast<double>(buffers.output[static_cast<std::size_t>(r * pass.row_stride + c)]));
    }
  }
  std::vector<double>* const sums[] = {&out.sums, &out.squares, &out.pair_squares};
  for (std::size_t i = 0; i < 3; ++i) {
    sums[i]->assign(buffers.moments[i].data(), buffers.moments[i].data() + problem.width);
  }
  if (output_masks != nullptr) {
    output_masks->assign(buffers.active.data(), buffers.active.data() + problem.rows * pass.mask_words);
  }
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
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0);
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
      for (const Layer layer : {Layer::first, Layer::next}) {
        const Outcome got = run_kernel(kernel_table(isa), problem, arithmetic, true, pairs, layer);
        Outcome expected;
        expected.output = got.output;
        add_moments(expected, problem.rows, problem.width, pairs);
        const bool ok = within_bounds(got, reference) && same_bits(got, expected) && same_bits(got, scalar);
        if (!ok) {
          CAPTURE(isa_name(isa));
          CAPTURE(problem.rows);
          CAPTURE(problem.width);
          CAPTURE(static_cast<int>(arithmetic));
          CAPTURE(static_cast<int>(layer));
          CHECK(within_bounds(got, reference));
          CHECK(same_bits(got, expected));
          CHECK(same_bits(got, scalar));
        }
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

TEST_CASE("leaving out zero terms changes no bit, and the masks say where the output is not zero") {
  for (const std::int64_t width : {1, 7, 16, 31, 33, 64, 65, 130, 200}) {
    for (const std::int64_t rows : {1, 6, 12, 29}) {
      Problem problem(rows, width, 1, static_cast<std::uint64_t>(width + rows));
      Draw draw(static_cast<std::uint64_t>(rows));
      for (std::int64_t c = 0; c < width; ++c) {
        const bool dead = draw.uniform() > 0.5;  // a neuron that is zero for all rows, as some are in deep layers
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
          for (const Layer layer : {Layer::first, Layer::next}) {
            std::vector<std::uint32_t> written;
            const Outcome got = run_kernel(kernels, problem, arithmetic, true, rows % 2 == 0, layer, &written);
            CHECK(within_bounds(got, reference));
            CHECK(same_bits(got, run_kernel(kernel_table(Isa::scalar), problem, arithmetic, true, rows % 2 == 0)));
            CHECK(written == masks_of(kernels, got.output, width));
          }
        }
      }
    }
  }
}

TEST_CASE("a mask that leaves out a term that is not zero is seen") {
  Problem problem(6, 40, 0, 4);
  for (float& x : problem.input) x = std::fabs(x);
  const KernelTable& kernels = kernel_table(best_isa());
  const Outcome all = run_kernel(kernels, problem, Arithmetic::fused, true, true, Layer::next);
  Problem without = problem;
  for (std::int64_t r = 0; r < 6; ++r) without.input[static_cast<std::size_t>(r * 40 + 3)] = 0;
  const Outcome fewer = run_kernel(kernels, without, Arithmetic::fused, true, true, Layer::next);
  CHECK_FALSE(same_bits(fewer, all));
  CHECK_FALSE(within_bounds(fewer, naive(problem)));
}

TEST_CASE("kernels agree at contest widths") {
  for (const std::int64_t width : {255, 256, 1024}) check_problem(Problem(width == 1024 ? 3 : 29, width, 1, 5));
}

TEST_CASE("sums go on from what they hold, with and without squares") {
  for (const Isa isa : k_all_isas) {
    if (!isa_available(isa)) continue;
    for (const Layer layer : {Layer::first, Layer::next}) {
      const Problem problem(16, 20, 0, 9);
      const Outcome plain = run_kernel(kernel_table(isa), problem, Arithmetic::fused, false, false, layer);
      const Outcome squares = run_kernel(kernel_table(isa), problem, Arithmetic::fused, true, false, layer);
      const Outcome pairs = run_kernel(kernel_table(isa), problem, Arithmetic::fused, false, true, layer);
      const Outcome both = run_kernel(kernel_table(isa), problem, Arithmetic::fused, true, true, layer);
      CHECK(same_bits(plain.sums, both.sums));
      CHECK(same_bits(squares.squares, both.squares));
      CHECK(same_bits(pairs.pair_squares, both.pair_squares));
      CHECK(plain.squares == std::vector<double>(20, 0.0));
      CHECK(both.squares != plain.squares);
    }
  }
}

TEST_CASE("a NaN in the input reaches every output of its row, on every instruction set") {
  for (const Isa isa : k_all_isas) {
    if (!isa_available(isa)) continue;
    Problem problem(9, 40, 0, 3);
    problem.input[4 * 40 + 7] = std::numeric_limits<float>::quiet_NaN();
    for (const Layer layer : {Layer::first, Layer::next}) {
      const Outcome got = run_kernel(kernel_table(isa), problem, Arithmetic::fused, false, false, layer);
      for (std::int64_t r = 0; r < 9; ++r) {
        for (std::int64_t c = 0; c < 40; ++c)
          CHECK(std::isnan(got.output[static_cast<std::size_t>(r * 40 + c)]) == (r == 4));
      }
      CHECK(std::isnan(got.sums[0]));
      CHECK_FALSE(within_bounds(got, naive(Problem(9, 40, 0, 3))));
    }
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
