// SPDX-License-Identifier: MIT
#include <whest/ground_truth/kernels/table.hpp>
#include <whest/ground_truth/kernels/tables.hpp>

namespace whest::ground_truth {

const KernelTable& kernel_table(Isa isa) {
#if defined(__x86_64__)
  switch (isa) {
    case Isa::scalar:
      return k_scalar_table;
    case Isa::avx2:
      return k_avx2_table;
    case Isa::avx512:
      return k_avx512_table;
    case Isa::amx:
      return k_avx512_table;
  }
#endif
  (void)isa;
  return k_scalar_table;
}

}  // namespace whest::ground_truth
