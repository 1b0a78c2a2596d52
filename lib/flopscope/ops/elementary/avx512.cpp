// SPDX-License-Identifier: MIT
#include <whest/flopscope/ops/elementary/loops.hpp>

namespace flopscope::elementary {

extern const Kernels k_avx512_kernels;
constinit const Kernels k_avx512_kernels = kernels_named("avx512");

}  // namespace flopscope::elementary
