// SPDX-License-Identifier: MIT
// The instruction sets that kernels are compiled for, what this machine has, and the WHEST_ISA override.
#pragma once

#include <array>
#include <string_view>
#include <whest/base/error.hpp>
#include <whest/ground_truth/precision.hpp>

namespace whest::ground_truth {

enum class Isa { scalar, avx2, avx512, amx };

inline constexpr std::array k_all_isas{Isa::scalar, Isa::avx2, Isa::avx512, Isa::amx};

// "scalar", "avx2", "avx512", "amx".
std::string_view isa_name(Isa isa);

// Refuses any other text with a sentence that lists the four.
base::Expected<Isa> parse_isa(std::string_view text);

// Compiled in, and present in this processor and its operating system.
bool isa_available(Isa isa);

// The widest set that kernels of this precision gain from: avx512, avx2 or scalar in float32, amx too in bf16x3.
Isa best_isa(Precision precision = Precision::float32);

// WHEST_ISA if set (an error when unknown or not available here), best_isa() otherwise.
base::Expected<Isa> resolve_isa(Precision precision = Precision::float32);

}  // namespace whest::ground_truth
