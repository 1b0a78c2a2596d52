// SPDX-License-Identifier: MIT
// What can be asked of a simulation: how the inputs are drawn, in what precision, how many, on what.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <whest/base/error.hpp>
#include <whest/ground_truth/isa.hpp>
#include <whest/ground_truth/precision.hpp>

namespace whest::ground_truth {

enum class Sampler {
  philox,      // independent rows, a function of (key, row, column) only
  numpy,       // the peers' own stream, chunks and arithmetic
  antithetic,  // rows in pairs x, -x
  haar,        // random orthogonal frames, + and - rows
  kerdock,     // a spherical 5-design under random rotations; widths 4^k
};

inline constexpr std::array k_all_samplers{Sampler::philox, Sampler::numpy, Sampler::antithetic, Sampler::haar,
                                           Sampler::kerdock};

std::string_view sampler_name(Sampler sampler);
std::string_view precision_name(Precision precision);
// Refuse unknown names with a sentence that lists the known ones.
base::Expected<Sampler> parse_sampler(std::string_view text);
base::Expected<Precision> parse_precision(std::string_view text);

struct Options {
  // Rows to draw; rounded up to whole blocks of the sampler (antithetic 2, haar 2 width, kerdock width (width + 2)).
  // With target_stderr this is the most that may be drawn, 0 for no limit.
  std::int64_t n_samples = 0;
  // Draw until the root mean square, over the last layer, of the standard errors is at most this (its square is the
  // noise floor under final_layer_mse). Decided after whole chunks only, by exact sums: as reproducible as a count.
  std::optional<double> target_stderr = std::nullopt;
  Sampler sampler = Sampler::philox;
  Precision precision = Precision::float32;
  int threads = 0;                        // 0: as many as this process may run on
  std::optional<Isa> isa = std::nullopt;  // unset: resolve_isa()
  // A file to go on from, if it is there, and to write at intervals and when cancelled; empty: none. Removed at the
  // end.
  std::string checkpoint_path = {};
  double checkpoint_interval_s = 60;
  bool keep_checkpoint = false;  // not removed at the end: a later call with the same options is done at once
};

// Rows of one chunk, the unit of work: the peers' rule for `numpy`; for the others a power of two near it, or whole
// blocks (kerdock: the largest whole part of a block of at most 48 bases). Part of the sampler's definition, not of its
// speed.
std::int64_t chunk_rows(Sampler sampler, std::int64_t width);

// The smallest number of rows that is independent of all others: 1, 2, 2 width or width (width + 2).
std::int64_t block_rows(Sampler sampler, std::int64_t width);

// max(1024, min(16384, 2^20 / width)): rows of a chunk in the peers.
std::int64_t peer_chunk_rows(std::int64_t width);

}  // namespace whest::ground_truth
