// SPDX-License-Identifier: MIT
// In what arithmetic layers are computed.
#pragma once

namespace whest::ground_truth {

enum class Precision {
  float32,  // fused multiply-add, one accumulator per output: the same bits everywhere
  bf16x3,   // three bfloat16 products per float32 product (AMX, or its emulation)
};

}  // namespace whest::ground_truth
