// SPDX-License-Identifier: MIT
// Which kernels this processor runs.
#include <vector>
#include <whest/flopscope/ops/elementary/kernels.hpp>

namespace flopscope::elementary {

extern const Kernels k_scalar_kernels;
#if defined(__x86_64__)
extern const Kernels k_avx2_kernels, k_avx512_kernels;
#endif

std::span<const Kernels* const> available_kernels() {
  static const std::vector<const Kernels*> k_available = [] {
    std::vector<const Kernels*> out{&k_scalar_kernels};
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
      out.push_back(&k_avx2_kernels);
      if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
          __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
        out.push_back(&k_avx512_kernels);
    }
#endif
    return out;
  }();
  return k_available;
}

const Kernels& best_kernels() {
  static const Kernels& k_best = *available_kernels().back();
  return k_best;
}

}  // namespace flopscope::elementary
