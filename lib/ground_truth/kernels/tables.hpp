// SPDX-License-Identifier: MIT
// The tables that kernel_table() chooses from; each is defined in the one source compiled for its instruction set.
#pragma once

#include <whest/ground_truth/kernels/table.hpp>

namespace whest::ground_truth {

extern const KernelTable k_scalar_table;
extern const KernelTable k_scalar_bf16_table;
#if defined(__x86_64__)
extern const KernelTable k_avx2_table;
extern const KernelTable k_avx2_bf16_table;
extern const KernelTable k_avx512_table;
extern const KernelTable k_avx512_bf16_table;
extern const KernelTable k_amx_bf16_table;
#endif

}  // namespace whest::ground_truth
