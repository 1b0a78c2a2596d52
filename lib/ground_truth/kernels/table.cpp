// SPDX-License-Identifier: MIT
#include <whest/ground_truth/kernels/table.hpp>
#include <whest/ground_truth/kernels/tables.hpp>

namespace whest::ground_truth {

const KernelTable& kernel_table(Isa isa, Precision precision) {
  const bool bf16 = precision == Precision::bf16x3;
#if defined(__x86_64__)
  switch (isa) {
    case Isa::scalar:
      break;
    case Isa::avx2:
      return bf16 ? k_avx2_bf16_table : k_avx2_table;
    case Isa::avx512:
      return bf16 ? k_avx512_bf16_table : k_avx512_table;
    case Isa::amx:
      return bf16 ? k_amx_bf16_table : k_avx512_table;
  }
#endif
  (void)isa;
  return bf16 ? k_scalar_bf16_table : k_scalar_table;
}

}  // namespace whest::ground_truth
