// SPDX-License-Identifier: MIT
// A network of the contest: `depth` square weight matrices, no biases, ReLU behind each.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace whest::network {

struct Mlp {
  std::int64_t width = 0;
  std::int64_t depth = 0;
  std::vector<std::vector<float>> weights;  // depth x (width * width), row-major (input, output)
  std::string name;                         // slug, see names.hpp
  std::uint32_t seed = 0;                   // what an estimator may seed itself with
};

}  // namespace whest::network
