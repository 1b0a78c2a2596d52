// SPDX-License-Identifier: MIT
#include <whest/flopscope/ops/elementary/loops.hpp>

namespace flopscope::elementary {

extern const Kernels k_avx2_kernels;
constinit const Kernels k_avx2_kernels = kernels_named("avx2");

}  // namespace flopscope::elementary
