// SPDX-License-Identifier: MIT
// The contraction family of operations: their table.
#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/ops/detail/contraction_operations.hpp>

namespace flopscope {
namespace {

using namespace contract;

Result run_linalg_matmul(Call& call) {
  const Value args[] = {call.arg(0), call.arg(1), Value()};
  return run_as(call, "matmul", args);
}
Result run_linalg_outer(Call& call) {
  const Value args[] = {call.arg(0), call.arg(1), Value()};
  return run_as(call, "outer", args);
}
Result run_linalg_tensordot(Call& call) { return run_as(call, "tensordot", call.args); }
Result run_linalg_vecdot(Call& call) {
  const Value axis = call.arg(2).is_absent() ? Value::integer(-1) : call.arg(2);
  const Value args[] = {call.arg(0), call.arg(1), Value(), axis};
  return run_as(call, "vecdot", args);
}

constexpr Operation k_operations[] = {
    {.name = "einsum",
     .signature = "subscripts, *operands, out=None, optimize=auto, symmetry=None, dtype=None, order=K, casting=safe",
     .run = run_einsum,
     .formula = "einsum",
     .log_shapes = LogShapes::operands},
    {.name = "einsum_path",
     .signature = "subscripts, *operands, optimize=auto",
     .run = run_einsum_path,
     .formula = "one",
     .log_shapes = LogShapes::none},
    {.name = "matmul",
     .signature = "a, b, out=None",
     .run = run_matmul,
     .formula = "einsum",
     .log_shapes = LogShapes::first_two},
    {.name = "dot", .signature = "a, b", .run = run_dot, .formula = "einsum", .log_shapes = LogShapes::first_two},
    {.name = "inner", .signature = "a, b", .run = run_inner, .formula = "einsum", .log_shapes = LogShapes::first_two},
    {.name = "outer",
     .signature = "a, b, out=None",
     .run = run_outer,
     .formula = "einsum",
     .log_shapes = LogShapes::first_two},
    {.name = "vdot", .signature = "a, b", .run = run_vdot, .formula = "einsum", .log_shapes = LogShapes::first_two},
    {.name = "vecdot",
     .signature = "a, b, out=None, *, axis=-1, casting='same_kind', keepdims=False",
     .run = run_vecdot,
     .formula = "einsum",
     .log_shapes = LogShapes::first_two},
    {.name = "matvec",
     .signature = "a, b, out=None, *, casting='same_kind'",
     .run = run_matvec,
     .formula = "einsum",
     .log_shapes = LogShapes::first_two},
    {.name = "vecmat",
     .signature = "a, b, out=None, *, casting='same_kind'",
     .run = run_vecmat,
     .formula = "einsum",
     .log_shapes = LogShapes::first_two},
    {.name = "tensordot",
     .signature = "a, b, axes=2",
     .run = run_tensordot,
     .formula = "einsum",
     .log_shapes = LogShapes::first_two},
    {.name = "kron",
     .signature = "a, b",
     .run = run_kron,
     .formula = "elements.dense",
     .log_shapes = LogShapes::first_two},
    {.name = "linalg.matmul",
     .signature = "x1, x2",
     .run = run_linalg_matmul,
     .formula = "as matmul",
     .log_shapes = LogShapes::first_two},
    {.name = "linalg.outer",
     .signature = "x1, x2",
     .run = run_linalg_outer,
     .formula = "as outer",
     .log_shapes = LogShapes::first_two},
    {.name = "linalg.tensordot",
     .signature = "x1, x2, *, axes=2",
     .run = run_linalg_tensordot,
     .formula = "as tensordot",
     .log_shapes = LogShapes::first_two},
    {.name = "linalg.vecdot",
     .signature = "x1, x2, *, axis=-1",
     .run = run_linalg_vecdot,
     .formula = "as vecdot",
     .log_shapes = LogShapes::first_two},
    {.name = "linalg.multi_dot",
     .signature = "arrays, *, out=None",
     .run = run_multi_dot,
     .formula = "multi_dot.doubled",
     .log_shapes = LogShapes::operands},
    {.name = "cross",
     .signature = "a, b, axisa=-1, axisb=-1, axisc=-1, axis=None",
     .run = run_cross,
     .formula = "cross.five_per_element",
     .log_shapes = LogShapes::first_two},
    {.name = "linalg.cross",
     .signature = "x1, x2, *, axis=-1",
     .run = run_cross,
     .formula = "cross.five_per_element",
     .variant = 1,
     .log_shapes = LogShapes::first_two},
    {.name = "convolve",
     .signature = "a, v, mode=full",
     .run = run_convolve,
     .formula = "convolve.by_lengths",
     .log_shapes = LogShapes::first_two},
    {.name = "correlate",
     .signature = "a, v, mode=valid",
     .run = run_correlate,
     .formula = "convolve.by_lengths",
     .log_shapes = LogShapes::first_two},
    {.name = "cov",
     .signature = "m, y=None, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None, *, dtype=None",
     .run = run_cov,
     .formula = "cov.as_given"},
    {.name = "corrcoef",
     .signature = "x, y=None, rowvar=True, *, dtype=None",
     .run = run_corrcoef,
     .formula = "cov.as_given"},
};

}  // namespace

std::span<const Operation> contraction_operations() { return k_operations; }

}  // namespace flopscope
