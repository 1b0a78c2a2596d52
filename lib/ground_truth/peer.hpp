// SPDX-License-Identifier: MIT
// The peers' way of sampling, timed in a Python with NumPy.
#pragma once

#include <cstdint>
#include <string>
#include <whest/base/error.hpp>

namespace whest::ground_truth {

// Samples per second of standard_normal float32, matmul, maximum and float64 sums in the peers' chunks, with NumPy's
// own threads limited to `threads`; runs for about `seconds`. A usage error when `python` cannot do it.
base::Expected<double> peer_samples_per_s(const std::string& python, std::int64_t width, std::int64_t depth,
                                          int threads, double seconds);

}  // namespace whest::ground_truth
