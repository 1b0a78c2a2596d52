// SPDX-License-Identifier: MIT
// bf16x3: the split, the tile arithmetic against a transcription of the instruction's manual, the error bound, and that
// every instruction set (AMX among them where there is one) gives the same bits.
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>
#include <whest/ground_truth/layout.hpp>
#include <whest/ground_truth/simulate.hpp>
#include <whest/network/generate.hpp>

using namespace whest;
using namespace whest::ground_truth;

namespace {

struct Problem {
  Problem(std::int64_t n_rows, std::int64_t n_width, std::uint64_t seed) : rows(n_rows), width(n_width) {
    std::uint64_t state = 2 * seed + 1;
    const auto draw = [&state] {
      state = state * 6364136223846793005ULL + 1442695040888963407ULL;
      return static_cast<float>(static_cast<double>(static_cast<std::int64_t>(state)) * 0x1p-63);
    };
    for (std::int64_t i = 0; i < rows * width; ++i) x.push_back(draw());
    for (std::int64_t i = 0; i < width * width; ++i) w.push_back(draw());
  }
  std::int64_t rows;
  std::int64_t width;
  std::vector<float> x;
  std::vector<float> w;
};

std::vector<float> run_kernel(const KernelTable& kernels, const Problem& problem, std::vector<double>* sums = nullptr) {
  const std::int64_t padded = padded_columns(kernels, problem.width);
  const std::int64_t allocated = round_up(problem.rows, kernels.row_block);
  AlignedBuffer<float> input(static_cast<std::size_t>(allocated * padded));
  AlignedBuffer<float> output(input.size());
  AlignedBuffer<float> packed(static_cast<std::size_t>(packed_floats(kernels, problem.width)));
  AlignedBuffer<float> scratch(static_cast<std::size_t>(scratch_floats(kernels, problem.width)));
  AlignedBuffer<double> moments[3];
  for (auto& cells : moments) cells = AlignedBuffer<double>(static_cast<std::size_t>(padded));
  pack_weights(kernels, problem.w.data(), problem.width, packed.data());
  block_rows_of(kernels, problem.x.data(), problem.rows, problem.width, input.data());
  LayerPass pass;
  pass.input = input.data();
  pass.panels = packed.data();
  pass.output = output.data();
  pass.rows = problem.rows;
  pass.inner = problem.width;
  pass.padded_columns = padded;
  pass.scratch = scratch.data();
  pass.sums = moments[0].data();
  pass.squares = moments[1].data();
  pass.pair_squares = moments[2].data();
  kernels.layer_bf16x3(pass);
  std::vector<float> out;
  for (std::int64_t r = 0; r < problem.rows; ++r) {
    for (std::int64_t c = 0; c < problem.width; ++c) {
      out.push_back(output[static_cast<std::size_t>(blocked_index(kernels, padded, r, c))]);
    }
  }
  if (sums != nullptr) {
    sums->clear();
    for (const auto& cells : moments) sums->insert(sums->end(), cells.data(), cells.data() + problem.width);
  }
  return out;
}

// TDPBF16PS for one output, after the manual's pseudocode: 16 pairs, two sums, then their sum to the accumulator.
float tile_product(float acc, const std::vector<float>& a, const std::vector<float>& b) {
  float even = 0;
  float odd = 0;
  for (std::size_t pair = 0; pair < 16; ++pair) {
    even = std::fma(a[2 * pair], b[2 * pair], even);
    odd = std::fma(a[2 * pair + 1], b[2 * pair + 1], odd);
  }
  return acc + (even + odd);
}

float transcribed(const Problem& problem, std::int64_t row, std::int64_t column) {
  float acc = 0;
  for (std::int64_t step = 0; step < problem.width; step += 32) {
    std::vector<float> parts[4];
    for (std::int64_t k = step; k < step + 32; ++k) {
      const bool inside = k < problem.width;
      const Bf16Parts x = split_bf16(inside ? problem.x[static_cast<std::size_t>(row * problem.width + k)] : 0.0F);
      const Bf16Parts w = split_bf16(inside ? problem.w[static_cast<std::size_t>(k * problem.width + column)] : 0.0F);
      parts[0].push_back(x.high);
      parts[1].push_back(x.low);
      parts[2].push_back(w.high);
      parts[3].push_back(w.low);
    }
    acc = tile_product(acc, parts[0], parts[2]);
    acc = tile_product(acc, parts[0], parts[3]);
    acc = tile_product(acc, parts[1], parts[2]);
  }
  return acc < 0 ? 0 : acc;
}

// |result - exact| <= (3 + 2^-16) 2^-16 S + gamma_n 1.02 S, S = sum |x w|: with x = h + l + e, |l| <= 2^-8 |x|,
// |e| <= 2^-16 |x|, what is left out is l l' + e w + (h + l) e'; bfloat16 products are exact in float32, and a term
// goes through at most 16 + 2 additions in its step and one per product after it: n = 18 + 3 width / 32.
bool within_bound(const std::vector<float>& got, const Problem& problem) {
  const double n_u = (18 + 3 * (static_cast<double>(problem.width) / 32 + 1)) * 0x1p-24;
  for (std::int64_t r = 0; r < problem.rows; ++r) {
    for (std::int64_t c = 0; c < problem.width; ++c) {
      double exact = 0;
      double size = 0;
      for (std::int64_t k = 0; k < problem.width; ++k) {
        const double product = static_cast<double>(problem.x[static_cast<std::size_t>(r * problem.width + k)]) *
                               static_cast<double>(problem.w[static_cast<std::size_t>(k * problem.width + c)]);
        exact += product;
        size += std::fabs(product);
      }
      const double bound = ((3 + 0x1p-16) * 0x1p-16 + 1.02 * n_u / (1 - n_u)) * size;
      const double value = static_cast<double>(got[static_cast<std::size_t>(r * problem.width + c)]);
      if (!(std::fabs(value - std::max(0.0, exact)) <= bound)) return false;  // NaN fails
    }
  }
  return true;
}

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

}  // namespace

TEST_CASE("a number splits into two bfloat16 parts and a rest below 2^-16 of it") {
  for (const float x :
       {1.0F, -1.0F, 0.1F, 3.14159274F, 1.00390625F, 1.01171875F, 255.99F, 1e30F, -1e-30F, 0x1.fffffep0F}) {
    const Bf16Parts parts = split_bf16(x);
    for (const float part : {parts.high, parts.low}) {
      std::uint32_t bits = 0;
      std::memcpy(&bits, &part, sizeof bits);
      CHECK((bits & 0xFFFFU) == 0);
    }
    CHECK(std::fabs(x - parts.high) <= 0x1p-8F * std::fabs(x));
    CHECK(std::fabs((x - parts.high) - parts.low) <= 0x1p-16F * std::fabs(x));
  }
  CHECK(split_bf16(1.00390625F).high == 1.0F);       // a tie goes to even
  CHECK(split_bf16(1.01171875F).high == 1.015625F);  // likewise
  CHECK(split_bf16(0x1p-127F).high == 0.0F);         // denormal parts are flushed
  CHECK(split_bf16(0x1.01p-120F).low == 0.0F);
  CHECK(std::isinf(split_bf16(std::numeric_limits<float>::infinity()).high));
}

TEST_CASE("every kernel is the manual's arithmetic, to the bit, and within the bound") {
  for (const std::int64_t width : {1, 2, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100}) {
    for (const std::int64_t rows : {1, 2, 16, 17, 31, 33, 34}) {
      const Problem problem(rows, width, static_cast<std::uint64_t>(100 * width + rows));
      std::vector<float> expected;
      for (std::int64_t r = 0; r < rows; ++r) {
        for (std::int64_t c = 0; c < width; ++c) expected.push_back(transcribed(problem, r, c));
      }
      std::vector<double> reference_sums;
      run_kernel(kernel_table(Isa::scalar, Precision::bf16x3), problem, &reference_sums);
      CHECK(within_bound(expected, problem));
      for (const Isa isa : k_all_isas) {
        if (!isa_available(isa)) continue;
        CAPTURE(isa_name(isa));
        CAPTURE(width);
        CAPTURE(rows);
        std::vector<double> sums;
        CHECK(same_bits(run_kernel(kernel_table(isa, Precision::bf16x3), problem, &sums), expected));
        CHECK(sums == reference_sums);
      }
      double sum = 0;
      for (std::int64_t r = 0; r < rows; ++r) sum += static_cast<double>(expected[static_cast<std::size_t>(r * width)]);
      CHECK(reference_sums[0] == sum);
    }
  }
}

TEST_CASE("weights in AMX order: a tile row holds a pair of k's, column after column") {
  // Only the table's layout is used: this needs no AMX.
  const KernelTable& tiles = kernel_table(Isa::amx, Precision::bf16x3);
  if (tiles.weights != WeightLayout::split_tiles) return;  // not an x86 build
  const Problem problem(1, 70, 3);
  AlignedBuffer<float> packed(static_cast<std::size_t>(packed_floats(tiles, 70)));
  pack_weights(tiles, problem.w.data(), 70, packed.data());
  REQUIRE(packed.size() == 96 * 96);  // three steps of 32, six tiles of 16 columns, high and low, half a float each
  const auto* numbers = reinterpret_cast<const std::uint16_t*>(packed.data());
  for (std::size_t column = 0; column < 96; ++column) {
    for (std::size_t k = 0; k < 96; ++k) {
      const bool inside = column < 70 && k < 70;
      const Bf16Parts parts = split_bf16(inside ? problem.w[k * 70 + column] : 0.0F);
      const std::size_t tile = (column / 16 * 3 + k / 32) * 2;
      const std::size_t at = k % 32 / 2 * 32 + column % 16 * 2 + k % 2;
      std::uint32_t high = 0;
      std::uint32_t low = 0;
      std::memcpy(&high, &parts.high, sizeof high);
      std::memcpy(&low, &parts.low, sizeof low);
      CHECK(numbers[tile * 512 + at] == high >> 16);
      CHECK(numbers[(tile + 1) * 512 + at] == low >> 16);
    }
  }
}

TEST_CASE("at contest width it stays within the bound, which a single bfloat16 product does not") {
  const Problem problem(20, 256, 7);
  const auto got = run_kernel(kernel_table(best_isa(), Precision::bf16x3), problem);
  CHECK(within_bound(got, problem));
  Problem single = problem;
  for (float& x : single.x) x = split_bf16(x).high;
  CHECK_FALSE(within_bound(run_kernel(kernel_table(best_isa(), Precision::bf16x3), single), problem));
  auto planted = got;
  planted[1234] = std::numeric_limits<float>::quiet_NaN();
  CHECK_FALSE(within_bound(planted, problem));
  CHECK_FALSE(same_bits(planted, got));
  // and it is another arithmetic than float32
  auto full = got;
  for (std::size_t i = 0; i < full.size(); ++i) {
    float sum = 0;
    for (std::size_t k = 0; k < 256; ++k)
      sum = std::fma(problem.x[i / 256 * 256 + k], problem.w[k * 256 + i % 256], sum);
    full[i] = std::max(0.0F, sum);
  }
  CHECK(within_bound(full, problem));
  CHECK_FALSE(same_bits(full, got));
}

TEST_CASE("a simulation in bf16x3: the same bits everywhere, means close to float32's, said in the result") {
  auto suite = network::generate_suite(random::Entropy(5), 1, 64, 4);
  REQUIRE(suite.has_value());
  const auto& network = (*suite)[0];
  for (const Sampler sampler : {Sampler::philox, Sampler::antithetic, Sampler::haar, Sampler::kerdock}) {
    CAPTURE(sampler_name(sampler));
    Options options;
    options.n_samples = 6'000;
    options.sampler = sampler;
    const auto full = simulate(network.mlp, network.samples, options);
    REQUIRE(full.has_value());
    options.precision = Precision::bf16x3;
    std::vector<float> reference;
    for (const Isa isa : k_all_isas) {
      if (!isa_available(isa) || (isa == Isa::scalar && sampler != Sampler::philox)) continue;
      options.isa = isa;
      options.threads = isa == Isa::avx2 ? 1 : 3;
      const auto truth = simulate(network.mlp, network.samples, options);
      REQUIRE(truth.has_value());
      CHECK(truth->precision == Precision::bf16x3);
      CHECK(truth->isa == isa);
      if (reference.empty()) reference = truth->layer_means;
      CHECK(same_bits(truth->layer_means, reference));
    }
    double largest = 0;
    for (std::size_t i = 0; i < reference.size(); ++i) {
      largest =
          std::max(largest, std::fabs(static_cast<double>(reference[i]) - static_cast<double>(full->layer_means[i])));
    }
    CHECK(largest < 2e-4);  // 4 layers x 3 2^-16 of activations of size one
    CHECK(largest > 0);
  }
  Options options;
  options.n_samples = 10;
  options.sampler = Sampler::numpy;
  options.precision = Precision::bf16x3;
  CHECK_FALSE(simulate(network.mlp, network.samples, options).has_value());
}
