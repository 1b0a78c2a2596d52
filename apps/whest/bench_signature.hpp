// SPDX-License-Identifier: MIT
// One hash over all that must be the same on every machine, in every build, with any number of threads.
#pragma once

#include <string>
#include <whest/base/error.hpp>

namespace whest::app {

// SHA-256 over the ground truth's own signature (weights, normals, results of every sampler) and over what bundled
// estimators get for small networks: truth, FLOP counts, outcomes. `threads` 0: all; WHEST_ISA counts.
base::Expected<std::string> bench_signature(int threads);

}  // namespace whest::app
