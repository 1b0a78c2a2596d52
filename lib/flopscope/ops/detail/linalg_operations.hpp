// SPDX-License-Identifier: MIT
// The operations of the linalg family, by file; linalg.cpp has their table.
#pragma once

#include <whest/flopscope/core/operation.hpp>

namespace flopscope::linalg {

// linalg_solve.cpp
Result run_solve(Call& call);
Result run_inv(Call& call);
Result run_det(Call& call);
Result run_slogdet(Call& call);
Result run_cholesky(Call& call);
Result run_tensorsolve(Call& call);
Result run_tensorinv(Call& call);
// linalg_decompose.cpp
Result run_qr(Call& call);
Result run_svd(Call& call);
Result run_svdvals(Call& call);
Result run_eigh(Call& call);
Result run_eigvalsh(Call& call);
Result run_eig(Call& call);
Result run_eigvals(Call& call);
// linalg_least_squares.cpp
Result run_lstsq(Call& call);
Result run_pinv(Call& call);
Result run_matrix_rank(Call& call);
Result run_cond(Call& call);
Result run_matrix_power(Call& call);
// linalg_norm.cpp
Result run_norm(Call& call);
Result run_matrix_norm(Call& call);
Result run_vector_norm(Call& call);
// linalg_diagonal.cpp
Result run_trace(Call& call);
Result run_diagonal(Call& call);
Result run_matrix_transpose(Call& call);

}  // namespace flopscope::linalg
