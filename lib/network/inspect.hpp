// SPDX-License-Identifier: MIT
// What `whest inspect` shows of a layer: its hash and how its weights are spread.
#pragma once

#include <span>
#include <string>

namespace whest::network {

struct LayerStatistics {
  double mean = 0;
  double std = 0;  // population: divided by n
  double min = 0;
  double max = 0;
};

// SHA-256 of the float32 weights, row-major, little-endian, as lowercase hex.
std::string layer_sha256(std::span<const float> weights);

// Sums in double, first to last. All zero for no weights; NaN where a weight is NaN.
LayerStatistics layer_statistics(std::span<const float> weights);

}  // namespace whest::network
