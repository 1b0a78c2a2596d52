// SPDX-License-Identifier: MIT
#include <whest/flopscope/ops/elementary/loops.hpp>

namespace flopscope::elementary {

extern const Kernels k_scalar_kernels;
constinit const Kernels k_scalar_kernels = kernels_named("scalar");

}  // namespace flopscope::elementary
