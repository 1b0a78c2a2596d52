// SPDX-License-Identifier: MIT
// The creation family of operations: arrays from shapes, values and other arrays.
#include <whest/flopscope/core/catalogue.hpp>

namespace flopscope {
namespace {

Result run_zeros(Call& call) {
  const Dims shape = to_shape(call.arg(0), "shape");
  const DType dtype = to_dtype(call.arg(1), DType::float64);
  call.charge_nothing(dtype);
  return zeros(dtype, shape);
}

constexpr Operation k_operations[] = {
    {.name = "zeros",
     .signature = "shape, dtype=None, order=None",
     .run = run_zeros,
     .formula = "zero",
     .log_shapes = LogShapes::none},
};

}  // namespace

std::span<const Operation> creation_operations() { return k_operations; }

}  // namespace flopscope
