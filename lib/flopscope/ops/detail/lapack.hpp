// SPDX-License-Identifier: MIT
// The LAPACK drivers behind the linalg family, one overload each for double and complex<double>.
//
// NumPy computes every factorisation in double (or complex double), whatever the operand's precision, and rounds the
// result to the operand's dtype; so do we, and no single-precision driver is needed. Matrices are column-major with
// leading dimension = rows. Each function returns LAPACK's info: 0 is success; it sizes its own workspace.
#pragma once

#include <complex>
#include <vector>

namespace flopscope::lapack {

using Index = int;
using Complex = std::complex<double>;

// Solves A X = B by LU with partial pivoting; A is overwritten by its factors, B (n x nrhs) by X.
Index gesv(Index n, Index nrhs, double* a, double* b);
Index gesv(Index n, Index nrhs, Complex* a, Complex* b);
// LU factors in place; `pivots` (n) from 1.
Index getrf(Index n, double* a, Index* pivots);
Index getrf(Index n, Complex* a, Index* pivots);
// Cholesky factor in the triangle named by `uplo` ('L' or 'U'); the other triangle is left as it was.
Index potrf(char uplo, Index n, double* a);
Index potrf(char uplo, Index n, Complex* a);
// Eigenvalues w (ascending) and, with jobz 'V', eigenvectors in place of A.
Index heevd(char jobz, char uplo, Index n, double* a, double* w);
Index heevd(char jobz, char uplo, Index n, Complex* a, double* w);
// Eigenvalues and, unless `vectors` is null, right eigenvectors (n x n), complex throughout. A is destroyed.
Index geev(Index n, double* a, Complex* w, Complex* vectors);
Index geev(Index n, Complex* a, Complex* w, Complex* vectors);
// Singular values s (descending); jobz 'A' all of U (m x m) and V^H (n x n), 'S' the first min(m, n), 'N' neither.
Index gesdd(char jobz, Index m, Index n, double* a, double* s, double* u, double* vt);
Index gesdd(char jobz, Index m, Index n, Complex* a, double* s, Complex* u, Complex* vt);
// Minimum-norm least squares: B (max(m, n) x nrhs) holds the right-hand sides, then the solution and residuals.
Index gelsd(Index m, Index n, Index nrhs, double* a, double* b, double* s, double rcond, Index* rank);
Index gelsd(Index m, Index n, Index nrhs, Complex* a, Complex* b, double* s, double rcond, Index* rank);
// Householder QR in place; `tau` has min(m, n) elements.
Index geqrf(Index m, Index n, double* a, double* tau);
Index geqrf(Index m, Index n, Complex* a, Complex* tau);
// The first n columns of Q (m x n) from k reflectors in place.
Index orgqr(Index m, Index n, Index k, double* a, const double* tau);
Index orgqr(Index m, Index n, Index k, Complex* a, const Complex* tau);

// C = A B for row-major m x k and k x n matrices.
void multiply(Index m, Index k, Index n, const double* a, const double* b, double* c);
void multiply(Index m, Index k, Index n, const Complex* a, const Complex* b, Complex* c);

}  // namespace flopscope::lapack
