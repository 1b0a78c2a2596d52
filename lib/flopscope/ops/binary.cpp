// SPDX-License-Identifier: MIT
// The binary family: NumPy's functions of two arrays, and the operators that call them.
#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/ops/detail/counted.hpp>
#include <whest/flopscope/ops/detail/ufuncs.hpp>

namespace flopscope {
namespace {

using namespace ufunc;

constexpr Counted k_functions[] = {
    {"add", &k_add},
    {"subtract", &k_subtract},
    {"multiply", &k_multiply},
    {"divide", &k_true_divide},
    {"true_divide", &k_true_divide},
    {"floor_divide", &k_floor_divide},
    {"power", &k_power},
    {"pow", &k_power, k_usual, "power"},
    {"float_power", &k_float_power},
    {"mod", &k_remainder},
    {"remainder", &k_remainder},
    {"fmod", &k_fmod},
    {"divmod", &k_divmod},
    {"maximum", &k_maximum},
    {"minimum", &k_minimum},
    {"fmax", &k_fmax},
    {"fmin", &k_fmin},
    {"logaddexp", &k_logaddexp, k_real_only},
    {"logaddexp2", &k_logaddexp2, k_real_only},
    {"arctan2", &k_arctan2, k_real_only},
    {"atan2", &k_arctan2, k_real_only, "arctan2"},
    {"hypot", &k_hypot, k_real_only},
    {"copysign", &k_copysign, k_real_only},
    {"nextafter", &k_nextafter, k_real_only},
    {"heaviside", &k_heaviside, k_real_only},
    {"ldexp", &k_ldexp, k_real_only},
    {"greater", &k_greater},
    {"greater_equal", &k_greater_equal},
    {"less", &k_less},
    {"less_equal", &k_less_equal},
    {"equal", &k_equal},
    {"not_equal", &k_not_equal},
    {"logical_and", &k_logical_and, k_logical},
    {"logical_or", &k_logical_or, k_logical},
    {"logical_xor", &k_logical_xor, k_logical},
    {"bitwise_and", &k_bitwise_and},
    {"bitwise_or", &k_bitwise_or},
    {"bitwise_xor", &k_bitwise_xor},
    {"gcd", &k_gcd},
    {"lcm", &k_lcm},
    {"left_shift", &k_left_shift},
    {"right_shift", &k_right_shift},
    {"bitwise_left_shift", &k_left_shift, k_usual, "left_shift"},
    {"bitwise_right_shift", &k_right_shift, k_usual, "right_shift"},
};

Result run_binary(Call& call) { return run_counted(call, k_functions[call.op.variant]); }

template <std::size_t N>
std::array<Operation, N> operations(const Counted (&functions)[N]) {
  std::array<Operation, N> out;
  for (std::size_t i = 0; i < N; ++i)
    out[i] = {.name = functions[i].name,
              .signature = k_binary_signature,
              .run = run_binary,
              .formula = "elements",
              .variant = static_cast<int>(i),
              .canonical = functions[i].canonical,
              .log_shapes = LogShapes::first_two};
  return out;
}

}  // namespace

std::span<const Operation> binary_operations() {
  static const auto k_operations = operations(k_functions);
  return k_operations;
}

}  // namespace flopscope
