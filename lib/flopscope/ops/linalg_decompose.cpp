// SPDX-License-Identifier: MIT
// QR, singular values and eigenvalues.
#include <fmt/format.h>

#include <algorithm>
#include <whest/flopscope/ops/detail/linalg_operations.hpp>
#include <whest/flopscope/ops/detail/matrix_stack.hpp>

namespace flopscope::linalg {
namespace {

enum class QrMode : std::uint8_t { reduced, complete, r, raw };

QrMode qr_mode(const Value& v) {
  const std::string_view name = v.is_missing() ? "reduced" : v.is(ValueKind::string) ? v.as_string() : "";
  if (name == "reduced" || name == "full" || name == "f") return QrMode::reduced;
  if (name == "complete") return QrMode::complete;
  if (name == "r") return QrMode::r;
  if (name == "raw") return QrMode::raw;
  throw_value_error(fmt::format("Unrecognized mode '{}'", name));
}

// The upper triangle of a column-major m x n matrix as the first `rows` rows.
template <class T>
void store_r(const T* columns, std::int64_t m, std::int64_t rows, std::int64_t n, T* out) {
  for (std::int64_t i = 0; i < rows; ++i)
    for (std::int64_t j = 0; j < n; ++j) out[i * n + j] = j >= i ? columns[j * m + i] : T(0);
}

// Q (m x q_columns) and R (r_rows x n) of every matrix; `q` is null in mode r. Mode raw: q holds the reflectors as
// LAPACK has them (n x m in row order), r their factors tau.
struct Qr {
  ArrayRef q, r;
};
template <class T>
Qr factorise(const Array& a, const StackShape& shape, QrMode mode) {
  const std::int64_t m = shape.m, n = shape.n, least = std::min(m, n);
  const std::int64_t q_columns = mode == QrMode::complete ? m : least;
  const std::int64_t r_rows = mode == QrMode::complete ? m : least;
  Qr out;
  if (mode == QrMode::raw) {
    out.q = Array::make(a.type(), joined(shape.batch, {n, m}));
    out.r = Array::make(a.type(), joined(shape.batch, {least}));
  } else {
    out.r = Array::make(a.type(), joined(shape.batch, {r_rows, n}));
    if (mode != QrMode::r) out.q = Array::make(a.type(), joined(shape.batch, {m, q_columns}));
  }
  std::vector<T> columns(static_cast<std::size_t>(m * std::max(n, q_columns)));
  std::vector<T> tau(static_cast<std::size_t>(std::max<std::int64_t>(least, 1)));
  for (std::int64_t b = 0; b < shape.count; ++b) {
    to_columns(a.items<T>() + b * m * n, m, n, columns.data());
    if (least > 0) lapack::geqrf(lapack_index(m), lapack_index(n), columns.data(), tau.data());
    if (mode == QrMode::raw) {
      std::copy_n(columns.data(), m * n, out.q->mutable_items<T>() + b * m * n);
      std::copy_n(tau.data(), least, out.r->mutable_items<T>() + b * least);
      continue;
    }
    store_r(columns.data(), m, r_rows, n, out.r->mutable_items<T>() + b * r_rows * n);
    if (!out.q) continue;
    if (m > 0) lapack::orgqr(lapack_index(m), lapack_index(q_columns), lapack_index(least), columns.data(), tau.data());
    from_columns(columns.data(), m, q_columns, out.q->mutable_items<T>() + b * m * q_columns);
  }
  return out;
}

// The leading k along `axis` counted from the end (1: the last axis), as a contiguous array.
ArrayRef leading(const ArrayRef& a, int axis_from_end, std::int64_t k) {
  Dims shape(a->dims());
  shape[shape.size() - axis_from_end] = k;
  return contiguous_copy_if_needed(
      *Array::view(a->storage(), a->items<std::byte>(), a->type(), shape, a->byte_strides()));
}

// What of a decomposition a call asks for. k absent: all singular values.
struct SvdRequest {
  ArrayRef a;
  StackShape shape;
  Vectors vectors = Vectors::none;
  bool hermitian = false;
  std::optional<std::int64_t> k;
  DType dtype{};
};

// Checks k, charges, decomposes.
Svd decompose(Call& call, SvdRequest& request, const Value& k_argument) {
  const StackShape& shape = request.shape;
  const std::int64_t most = std::min(shape.m, shape.n);
  PriceInput price = price_of_stack(shape);
  if (!k_argument.is_absent()) {
    std::int64_t k = to_int(k_argument, "k");
    const auto least = static_cast<std::int64_t>(call.model.rule_number("svd.least_k", 1));
    if (most == 0 && least > 0) k = 0;  // of nothing there is nothing to choose
    if (k < std::min(least, most) || k > most)
      throw_value_error(fmt::format("k must satisfy 1 <= k <= min(m, n) = {}, got k={}", most, k));
    request.k = k;
    price.k = static_cast<double>(k);
    if (request.vectors == Vectors::full) request.vectors = Vectors::thin;
  }
  if (request.hermitian && shape.m != shape.n) throw_lin_alg_error("Last 2 dimensions of the array must be square");
  price.parts = static_cast<double>(request.vectors);
  request.dtype = result_dtype(request.a->type());
  call.charge(price, request.dtype);
  return svd(*contiguous_as(*request.a, work_dtype(request.dtype)), shape, request.vectors, request.hermitian);
}

ArrayRef singular_values(const SvdRequest& request, const Svd& d) {
  return rounded(request.k ? leading(d.s, 1, *request.k) : d.s, real_part_of(request.dtype));
}

StackShape svd_shape(const Array& a) {
  if (a.ndim < 2)
    throw_value_error(fmt::format("svd requires a 2D (or batched) array, got shape {}", shape_text(a.dims())));
  return stack_shape(a);
}

char triangle(const Value& v) {
  const std::string_view name = v.is_missing() ? "L" : v.is(ValueKind::string) ? v.as_string() : "";
  if (name == "L" || name == "l") return 'L';
  if (name == "U" || name == "u") return 'U';
  throw_value_error("UPLO argument must be 'L' or 'U'");
}

// An eigenvalue problem, charged and ready.
struct EigenProblem {
  ArrayRef items;
  StackShape shape;
  DType dtype{};
};
EigenProblem charged_problem(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  EigenProblem p{.items = {}, .shape = square_stack_shape(*a), .dtype = result_dtype(a->type())};
  call.charge(price_of_stack(p.shape), p.dtype);
  p.items = contiguous_as(*a, work_dtype(p.dtype));
  return p;
}

// A real operand whose eigenvalues are all real gives real results.
DType eigen_dtype(const Array& values, DType operand) {
  if (is_complex(operand)) return operand;
  const Complex* w = values.items<Complex>();
  return std::all_of(w, w + values.size, [](Complex x) { return x.imag() == 0; }) ? operand : complex_of(operand);
}

}  // namespace

Result run_qr(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const StackShape shape = stack_shape(*a);
  const QrMode mode = qr_mode(call.arg(1));
  const DType dtype = result_dtype(a->type());
  PriceInput price = price_of_stack(shape);
  price.parts = mode == QrMode::r || mode == QrMode::raw ? 1 : 2;
  call.charge(price, dtype);
  const ArrayRef items = contiguous_as(*a, work_dtype(dtype));
  const Qr out = visit_work(dtype, [&]<class T>() { return factorise<T>(*items, shape, mode); });
  if (mode == QrMode::r) return rounded(out.r, dtype);
  return Result::tuple({rounded(out.q, dtype), rounded(out.r, dtype)});
}

Result run_svd(Call& call) {
  SvdRequest request{.a = to_array(call.arg(0)), .shape = {}, .vectors = {}, .hermitian = {}, .k = {}, .dtype = {}};
  request.shape = svd_shape(*request.a);
  const bool full = to_bool(call.arg(1), true), vectors = to_bool(call.arg(2), true);
  request.vectors = !vectors ? Vectors::none : full ? Vectors::full : Vectors::thin;
  request.hermitian = to_bool(call.arg(3), false);
  const Svd d = decompose(call, request, call.arg(4));
  const ArrayRef s = singular_values(request, d);
  if (!vectors) return s;
  const ArrayRef u = request.k ? leading(d.u, 1, *request.k) : d.u,
                 vh = request.k ? leading(d.vh, 2, *request.k) : d.vh;
  return Result::tuple({rounded(u, request.dtype), s, rounded(vh, request.dtype)});
}

Result run_svdvals(Call& call) {
  SvdRequest request{.a = to_array(call.arg(0)), .shape = {}, .vectors = {}, .hermitian = {}, .k = {}, .dtype = {}};
  request.shape = svd_shape(*request.a);
  const Svd d = decompose(call, request, call.arg(1));
  return singular_values(request, d);
}

Result run_eigh(Call& call) {
  const char uplo = triangle(call.arg(1));
  const EigenProblem p = charged_problem(call);
  const Eigh e = eigh(*p.items, p.shape, uplo, true);
  return Result::tuple({rounded(e.values, real_part_of(p.dtype)), rounded(e.vectors, p.dtype)});
}

Result run_eigvalsh(Call& call) {
  const char uplo = triangle(call.arg(1));
  const EigenProblem p = charged_problem(call);
  return rounded(eigh(*p.items, p.shape, uplo, false).values, real_part_of(p.dtype));
}

Result run_eig(Call& call) {
  const EigenProblem p = charged_problem(call);
  ArrayRef vectors;
  const ArrayRef values = eigenvalues(*p.items, p.shape, &vectors);
  const DType dtype = eigen_dtype(*values, p.dtype);
  return Result::tuple({rounded(values, dtype), rounded(vectors, dtype)});
}

Result run_eigvals(Call& call) {
  const EigenProblem p = charged_problem(call);
  const ArrayRef values = eigenvalues(*p.items, p.shape);
  return rounded(values, eigen_dtype(*values, p.dtype));
}

}  // namespace flopscope::linalg
