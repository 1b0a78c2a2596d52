// SPDX-License-Identifier: MIT
// The unary family: NumPy's functions of one array. Those that are made of others are in unary_composite.cpp.
#include <vector>
#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/ops/detail/counted.hpp>
#include <whest/flopscope/ops/detail/families.hpp>
#include <whest/flopscope/ops/detail/ufuncs.hpp>

namespace flopscope {
namespace {

using namespace ufunc;

constexpr Counted k_functions[] = {
    {"abs", &k_absolute},
    {"absolute", &k_absolute, k_usual, "abs"},
    {"negative", &k_negative},
    {"positive", &k_positive},
    {"exp", &k_exp},
    {"exp2", &k_exp2},
    {"expm1", &k_expm1},
    {"log", &k_log},
    {"log2", &k_log2},
    {"log10", &k_log10},
    {"log1p", &k_log1p},
    {"sqrt", &k_sqrt},
    {"cbrt", &k_cbrt},
    {"square", &k_square},
    {"reciprocal", &k_reciprocal},
    {"sin", &k_sin},
    {"cos", &k_cos},
    {"tan", &k_tan},
    {"arcsin", &k_arcsin},
    {"arccos", &k_arccos},
    {"arctan", &k_arctan},
    {"sinh", &k_sinh},
    {"cosh", &k_cosh},
    {"tanh", &k_tanh},
    {"arcsinh", &k_arcsinh},
    {"arccosh", &k_arccosh},
    {"arctanh", &k_arctanh},
    {"asin", &k_arcsin, k_usual, "arcsin"},
    {"acos", &k_arccos, k_usual, "arccos"},
    {"atan", &k_arctan, k_usual, "arctan"},
    {"asinh", &k_arcsinh, k_usual, "arcsinh"},
    {"acosh", &k_arccosh, k_usual, "arccosh"},
    {"atanh", &k_arctanh, k_usual, "arctanh"},
    {"degrees", &k_degrees},
    {"radians", &k_radians},
    {"deg2rad", &k_radians},
    {"rad2deg", &k_degrees},
    {"sign", &k_sign},
    {"signbit", &k_signbit},
    {"fabs", &k_fabs},
    {"ceil", &k_ceil},
    {"floor", &k_floor},
    {"rint", &k_rint},
    {"trunc", &k_trunc},
    {"spacing", &k_spacing},
    {"logical_not", &k_logical_not},
    {"conj", &k_conjugate},
    {"conjugate", &k_conjugate},
    {"modf", &k_modf},
    {"frexp", &k_frexp},
    {"isnan", &k_isnan, k_dense},
    {"isinf", &k_isinf, k_dense},
    {"isfinite", &k_isfinite, k_dense},
    {"bitwise_not", &k_invert},
    {"bitwise_invert", &k_invert},
    {"invert", &k_invert},
    {"bitwise_count", &k_bitwise_count},
};

Result run_unary(Call& call) { return run_counted(call, k_functions[call.op.variant]); }

std::vector<Operation> operations() {
  std::vector<Operation> out;
  int variant = 0;
  for (const Counted& f : k_functions)
    out.push_back({.name = f.name,
                   .signature = k_unary_signature,
                   .run = run_unary,
                   .formula = (f.traits & k_dense) ? "elements.dense" : "elements",
                   .variant = variant++,
                   .canonical = f.canonical});
  for (const auto part : {unary_composite_operations(), comparison_operations(), difference_operations(),
                          gradient_operations(), interp_operations()})
    out.insert(out.end(), part.begin(), part.end());
  return out;
}

}  // namespace

std::span<const Operation> unary_operations() {
  static const auto k_operations = operations();
  return k_operations;
}

}  // namespace flopscope
