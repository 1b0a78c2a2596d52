// SPDX-License-Identifier: MIT
#include <bit>
#include <cmath>
#include <limits>
#include <whest/base/sha256.hpp>
#include <whest/network/inspect.hpp>

namespace whest::network {

static_assert(std::endian::native == std::endian::little, "the hash is over little-endian bytes");

std::string layer_sha256(std::span<const float> weights) { return base::sha256_hex(std::as_bytes(weights)); }

LayerStatistics layer_statistics(std::span<const float> weights) {
  if (weights.empty()) return {};
  const auto count = static_cast<double>(weights.size());
  LayerStatistics out{0, 0, weights[0], weights[0]};
  double sum = 0;
  for (const float w : weights) {
    sum += w;
    if (w < out.min) out.min = w;
    if (w > out.max) out.max = w;
  }
  out.mean = sum / count;
  double squares = 0;
  for (const float w : weights) squares += (w - out.mean) * (w - out.mean);
  out.std = std::sqrt(squares / count);
  if (std::isnan(sum)) out.min = out.max = std::numeric_limits<double>::quiet_NaN();
  return out;
}

}  // namespace whest::network
