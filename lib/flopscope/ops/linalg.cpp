// SPDX-License-Identifier: MIT
// The linalg family of operations: their table. The default formulas are flopscope 0.5's.
#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/ops/detail/linalg_operations.hpp>

namespace flopscope {
namespace {

using namespace linalg;

constexpr Operation k_operations[] = {
    {.name = "linalg.solve", .signature = "a, b", .run = run_solve, .formula = "linalg.solve_n3"},
    {.name = "linalg.inv", .signature = "a", .run = run_inv, .formula = "linalg.inv_n3"},
    {.name = "linalg.det", .signature = "a", .run = run_det, .formula = "linalg.n3"},
    {.name = "linalg.slogdet", .signature = "a", .run = run_slogdet, .formula = "linalg.n3"},
    {.name = "linalg.cholesky", .signature = "a, *, upper=False", .run = run_cholesky, .formula = "linalg.n3"},
    {.name = "linalg.tensorsolve",
     .signature = "a, b, axes=None",
     .run = run_tensorsolve,
     .formula = "linalg.tensorsolve_n3"},
    {.name = "linalg.tensorinv", .signature = "a, ind=2", .run = run_tensorinv, .formula = "linalg.n3"},
    {.name = "linalg.qr", .signature = "a, mode=reduced", .run = run_qr, .formula = "linalg.qr_mn_min"},
    {.name = "linalg.svd",
     .signature = "a, full_matrices=True, compute_uv=True, hermitian=False, *, k=None",
     .run = run_svd,
     .formula = "linalg.mnk"},
    {.name = "linalg.svdvals", .signature = "x, *, k=None", .run = run_svdvals, .formula = "linalg.mnk_at_least_1"},
    {.name = "linalg.eigh", .signature = "a, UPLO=L", .run = run_eigh, .formula = "linalg.n3"},
    {.name = "linalg.eigvalsh", .signature = "a, UPLO=L", .run = run_eigvalsh, .formula = "linalg.n3"},
    {.name = "linalg.eig", .signature = "a", .run = run_eig, .formula = "linalg.n3"},
    {.name = "linalg.eigvals", .signature = "a", .run = run_eigvals, .formula = "linalg.n3"},
    {.name = "linalg.lstsq", .signature = "a, b, rcond=None", .run = run_lstsq, .formula = "linalg.lstsq_mnk"},
    {.name = "linalg.pinv",
     .signature = "a, rcond=None, hermitian=False, *, rtol=None",
     .run = run_pinv,
     .formula = "linalg.pinv_mnk"},
    {.name = "linalg.matrix_rank",
     .signature = "A, tol=None, hermitian=False, *, rtol=None",
     .run = run_matrix_rank,
     .formula = "linalg.matrix_rank_mnk"},
    {.name = "linalg.cond", .signature = "x, p=None", .run = run_cond, .formula = "linalg.cond_mnk"},
    {.name = "linalg.matrix_power", .signature = "a, n", .run = run_matrix_power, .formula = "linalg.matrix_power"},
    {.name = "linalg.norm",
     .signature = "x, ord=None, axis=None, keepdims=False",
     .run = run_norm,
     .formula = "linalg.norm_of_one"},
    {.name = "linalg.matrix_norm",
     .signature = "x, ord=fro, keepdims=False",
     .run = run_matrix_norm,
     .formula = "linalg.norm_of_one"},
    {.name = "linalg.vector_norm",
     .signature = "x, ord=2, axis=None, keepdims=False",
     .run = run_vector_norm,
     .formula = "linalg.norm_of_one"},
    {.name = "linalg.trace",
     .signature = "x, *, offset=0, dtype=None",
     .run = run_trace,
     .formula = "linalg.trace_of_one"},
    {.name = "linalg.diagonal", .signature = "x, *, offset=0", .run = run_diagonal, .formula = "as diagonal"},
    {.name = "linalg.matrix_transpose",
     .signature = "x",
     .run = run_matrix_transpose,
     .formula = "as matrix_transpose"},
};

}  // namespace

std::span<const Operation> linalg_operations() { return k_operations; }

}  // namespace flopscope
