// SPDX-License-Identifier: MIT
// NumPy's ziggurat tables (256 steps) for normals (k_k*, k_w*, k_f* + i) and exponentials (e), in double and float.
#pragma once

#include <array>
#include <cstdint>

namespace whest::random {

extern const std::array<std::uint64_t, 256> k_ki_double;
extern const std::array<double, 256> k_wi_double;
extern const std::array<double, 256> k_fi_double;
extern const std::array<std::uint32_t, 256> k_ki_float;
extern const std::array<float, 256> k_wi_float;
extern const std::array<float, 256> k_fi_float;
extern const std::array<std::uint64_t, 256> k_ke_double;
extern const std::array<double, 256> k_we_double;
extern const std::array<double, 256> k_fe_double;
extern const std::array<std::uint32_t, 256> k_ke_float;
extern const std::array<float, 256> k_we_float;
extern const std::array<float, 256> k_fe_float;

// Where the tails begin.
inline constexpr double k_normal_r = 3.6541528853610087963519472518;
inline constexpr double k_normal_inv_r = 0.27366123732975827203338247596;
inline constexpr double k_exponential_r = 7.6971174701310497140446280481;
inline constexpr float k_normal_r_f = 3.6541528853610087963519472518F;
inline constexpr float k_normal_inv_r_f = 0.27366123732975827203338247596F;
inline constexpr float k_exponential_r_f = 7.6971174701310497140446280481F;

}  // namespace whest::random
