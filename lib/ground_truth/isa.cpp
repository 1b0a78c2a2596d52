// SPDX-License-Identifier: MIT
#include <cstdlib>
#include <string>
#include <whest/ground_truth/isa.hpp>
#include <whest/ground_truth/kernels/table.hpp>

#if defined(__x86_64__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace whest::ground_truth {

namespace {

#if defined(__x86_64__)
// Linux hands out the tile registers on request only (arch_prctl ARCH_REQ_XCOMP_PERM, XTILEDATA = 18).
bool request_tiles() {
  static const bool granted = [] {
    if (!__builtin_cpu_supports("avx512f")) return false;
    unsigned eax = 0;
    unsigned ebx = 0;
    unsigned ecx = 0;
    unsigned edx = 0;
    __asm__ volatile("cpuid" : "=a"(eax), "=b"(ebx), "=c"(ecx), "=d"(edx) : "a"(7), "c"(0));
    const bool tiles = (edx & (1U << 24)) != 0;
    const bool bf16 = (edx & (1U << 22)) != 0;
    return tiles && bf16 && syscall(SYS_arch_prctl, 0x1023, 18) == 0;
  }();
  return granted;
}
#endif

}  // namespace

std::string_view isa_name(Isa isa) {
  switch (isa) {
    case Isa::scalar:
      return "scalar";
    case Isa::avx2:
      return "avx2";
    case Isa::avx512:
      return "avx512";
    case Isa::amx:
      return "amx";
  }
  return "unknown";
}

base::Expected<Isa> parse_isa(std::string_view text) {
  for (const Isa isa : k_all_isas) {
    if (text == isa_name(isa)) return isa;
  }
  return base::usage_error("unknown instruction set '" + std::string(text) +
                           "': expected scalar, avx2, avx512 or amx.");
}

bool isa_available(Isa isa) {
#if defined(__x86_64__)
  switch (isa) {
    case Isa::scalar:
      return true;
    case Isa::avx2:
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case Isa::avx512:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
             __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
    case Isa::amx:
      return isa_available(Isa::avx512) && request_tiles();
  }
  return false;
#else
  return isa == Isa::scalar;
#endif
}

Isa best_isa(Precision precision) {
  if (precision == Precision::bf16x3 && isa_available(Isa::amx)) return Isa::amx;
  if (isa_available(Isa::avx512)) return Isa::avx512;
  return isa_available(Isa::avx2) ? Isa::avx2 : Isa::scalar;
}

base::Expected<Isa> resolve_isa(Precision precision) {
  const char* text = std::getenv("WHEST_ISA");
  if (text == nullptr || *text == '\0') return best_isa(precision);
  const auto isa = parse_isa(text);
  if (!isa) return base::usage_error("WHEST_ISA: " + isa.error().message);
  if (!isa_available(*isa))
    return base::usage_error("WHEST_ISA=" + std::string(text) + ": this machine does not have that instruction set.");
  return *isa;
}

}  // namespace whest::ground_truth
