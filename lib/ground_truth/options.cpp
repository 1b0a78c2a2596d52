// SPDX-License-Identifier: MIT
#include <algorithm>
#include <bit>
#include <string>
#include <whest/ground_truth/options.hpp>

namespace whest::ground_truth {

std::string_view sampler_name(Sampler sampler) {
  switch (sampler) {
    case Sampler::philox:
      return "philox";
    case Sampler::numpy:
      return "numpy";
    case Sampler::antithetic:
      return "antithetic";
    case Sampler::haar:
      return "haar";
    case Sampler::kerdock:
      return "kerdock";
  }
  return "unknown";
}

std::string_view precision_name(Precision precision) { return precision == Precision::float32 ? "float32" : "bf16x3"; }

base::Expected<Sampler> parse_sampler(std::string_view text) {
  for (const Sampler sampler : k_all_samplers) {
    if (text == sampler_name(sampler)) return sampler;
  }
  return base::usage_error("unknown sampler '" + std::string(text) +
                           "': expected philox, numpy, antithetic, haar or kerdock.");
}

base::Expected<Precision> parse_precision(std::string_view text) {
  for (const Precision precision : {Precision::float32, Precision::bf16x3}) {
    if (text == precision_name(precision)) return precision;
  }
  return base::usage_error("unknown precision '" + std::string(text) + "': expected float32 or bf16x3.");
}

std::int64_t peer_chunk_rows(std::int64_t width) {
  return std::max<std::int64_t>(1024, std::min<std::int64_t>(16384, (std::int64_t{1} << 20) / width));
}

std::int64_t block_rows(Sampler sampler, std::int64_t width) {
  switch (sampler) {
    case Sampler::philox:
    case Sampler::numpy:
      return 1;
    case Sampler::antithetic:
      return 2;
    case Sampler::haar:
      return 2 * width;
    case Sampler::kerdock:
      return width * (width + 2);
  }
  return 1;
}

std::int64_t chunk_rows(Sampler sampler, std::int64_t width) {
  const std::int64_t peer = peer_chunk_rows(width);
  if (sampler == Sampler::numpy) return peer;
  const auto rows = static_cast<std::int64_t>(std::bit_floor(static_cast<std::uint64_t>(peer)));
  if (sampler == Sampler::kerdock) {
    std::int64_t bases = std::min<std::int64_t>(48, width / 2 + 1);
    while ((width / 2 + 1) % bases != 0) --bases;
    return 2 * width * bases;
  }
  const std::int64_t block = block_rows(sampler, width);
  return block <= 2 ? rows : std::max<std::int64_t>(1, rows / block) * block;
}

}  // namespace whest::ground_truth
