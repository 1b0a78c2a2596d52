// SPDX-License-Identifier: MIT
// Creation: matrices with structure (diag, triangles, Vandermonde) and grids of indices.
#include <fmt/format.h>

#include <cstring>
#include <whest/flopscope/ops/detail/layout.hpp>
#include <whest/flopscope/ops/detail/positions.hpp>
#include <whest/flopscope/ops/detail/tables.hpp>
#include <whest/flopscope/ops/detail/wrapping.hpp>
#include <whest/flopscope/symmetry/tag.hpp>

namespace flopscope {
namespace {

using detail::with_tag;

std::int64_t int_or(const Value& v, std::int64_t if_missing, std::string_view what) {
  return v.is_missing() ? if_missing : to_int(v, what);
}

// ---- diagonals ----

// The side of a square matrix with `v` (one axis) on its k-th diagonal.
std::int64_t side_with_diagonal(const Array& v, std::int64_t k) {
  constexpr std::int64_t k_far = std::int64_t{1} << 31;  // (2^31)^2 elements of any dtype are more than memory holds
  if (k < -k_far || k > k_far) throw_value_error("array is too big");
  return v.size + std::abs(k);
}

ArrayRef matrix_with_diagonal(const Array& v, std::int64_t k) {
  const std::int64_t n = side_with_diagonal(v, k);
  ArrayRef out = zeros(v.type(), Dims{n, n});
  const std::int64_t item = v.item_bytes();
  const ArrayRef target = detail::view_of(*out, Dims{v.size}, Dims{(n + 1) * item}, (k >= 0 ? k : -k * n) * item);
  copy_into(*target, v);
  return out;
}

Result run_diag(Call& call) {
  const ArrayRef v = to_array(call.arg(0));
  const std::int64_t k = int_or(call.arg(1), 0, "k");
  if (v->ndim != 1 && v->ndim != 2) {
    detail::logged_as_free(call, {.n = 1}, v->type());
    throw_value_error("Input must be 1- or 2-d.");
  }
  PriceInput price{.in = static_cast<double>(v->size)};
  if (v->ndim == 1) {
    const auto n = static_cast<double>(side_with_diagonal(*v, k));
    price.parts = 1;
    price.out = n * n;
  } else {
    price.n = static_cast<double>(std::min(v->shape[0], v->shape[1]));
  }
  call.charge(price, v->type());
  if (v->ndim == 2) return detail::diagonal_view(*v, k, 0, 1);
  return with_tag(matrix_with_diagonal(*v, k), k == 0 ? symmetry::symmetric_pair(0, 1) : TagRef{});
}

Result run_diagflat(Call& call) {
  const ArrayRef v = to_array(call.arg(0));
  const std::int64_t k = int_or(call.arg(1), 0, "k");
  const auto n = static_cast<double>(side_with_diagonal(*v, k));
  call.charge({.in = static_cast<double>(v->size), .out = n * n}, v->type());
  return with_tag(matrix_with_diagonal(*detail::flattened(*v), k), k == 0 ? symmetry::symmetric_pair(0, 1) : TagRef{});
}

Result run_diagonal(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const bool logged = detail::logged_as_free(call, {.extra = 1});
  const std::int64_t offset = int_or(call.arg(1), 0, "offset");
  if (a->ndim < 2) throw_value_error("diag requires an array of at least two dimensions");
  const int axis1 = to_axis(call.arg(2), a->ndim, 0);
  const int axis2 = to_axis(call.arg(3), a->ndim, 1);
  if (axis1 == axis2) throw_value_error("axis1 and axis2 cannot be the same");
  const PriceInput price{.extra =
                             static_cast<double>(detail::diagonal_length(a->shape[axis1], a->shape[axis2], offset))};
  if (!logged) call.charge(price, a->type());
  return detail::diagonal_view(*a, offset, axis1, axis2);
}

// ---- triangles ----

enum Triangle { lower, upper };

// Elements of a rows x columns plane in the triangle below (above) the k-th diagonal, that diagonal included.
double kept_elements(std::int64_t rows, std::int64_t columns, std::int64_t k, Triangle which) {
  // Row i keeps clamp(i + k + 1, 0, columns) elements below; above it keeps what the triangle of k - 1 leaves.
  const auto below = [&](double diagonal) {
    const auto r = static_cast<double>(rows), c = static_cast<double>(columns);
    const double first = std::clamp(-diagonal, 0.0, r);          // rows before it keep nothing
    const double full = std::clamp(c - diagonal - 1, first, r);  // rows from it on keep everything
    const double growing = full - first;                         // rows in between: first + diagonal + 1, and so on
    return growing * (first + diagonal + 1) + growing * (growing - 1) / 2 + (r - full) * c;
  };
  const auto diagonal = static_cast<double>(k);
  return which == lower ? below(diagonal)
                        : static_cast<double>(rows) * static_cast<double>(columns) - below(diagonal - 1);
}

// Sets the elements outside the triangle to zero, in each plane of the last two axes.
void clear_outside(const Array& a, std::int64_t k, Triangle which) {
  const std::int64_t rows = a.shape[a.ndim - 2], columns = a.shape[a.ndim - 1], item = a.item_bytes();
  k = std::clamp(k, -rows, columns);  // further out nothing changes
  std::byte* row = a.mutable_items<std::byte>();
  if (a.size == 0) return;
  for (std::int64_t plane = a.size / (rows * columns); plane > 0; --plane)
    for (std::int64_t i = 0; i < rows; ++i, row += columns * item) {
      const std::int64_t edge = std::clamp<std::int64_t>(which == upper ? i + k : i + k + 1, 0, columns);
      if (which == upper)
        std::memset(row, 0, static_cast<std::size_t>(edge * item));
      else
        std::memset(row + edge * item, 0, static_cast<std::size_t>((columns - edge) * item));
    }
}

Result run_triangle(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const std::int64_t k = int_or(call.arg(1), 0, "k");
  const auto which = static_cast<Triangle>(call.op.variant);
  if (a->ndim == 0) throw Error(ErrorKind::type_error, "tuple index out of range: a 0-d array has no triangle");
  Dims shape(a->dims());
  if (a->ndim == 1) shape.insert(0, a->shape[0]);  // a vector is repeated as rows
  const std::int64_t rows = shape[shape.size() - 2], columns = shape.back(), n = element_count(shape);
  const std::int64_t planes = n == 0 ? 0 : n / (rows * columns);
  const double kept = n == 0 ? 0 : static_cast<double>(planes) * kept_elements(rows, columns, k, which);
  call.charge({.in = static_cast<double>(a->size), .extra = kept}, a->type());
  ArrayRef out = copy_of(*broadcast_view(*a, shape));
  clear_outside(*out, k, which);
  return out;
}

// How many numbers arange(x) has: a triangle's side may be a real number.
std::int64_t side(const Value& x, const char* what) {
  const std::int64_t n = to_whole(x, what);
  return std::max<std::int64_t>(0, x.is(ValueKind::real) && x.f > static_cast<double>(n) ? n + 1 : n);
}

Result run_tri(Call& call) {
  const std::int64_t rows = side(call.arg(0), "N");
  const std::int64_t columns = call.arg(1).is_absent() ? rows : side(call.arg(1), "M");
  const std::int64_t k = int_or(call.arg(2), 0, "k");
  const DType dtype = to_dtype(call.arg(3), DType::float64);
  call.charge({.out = static_cast<double>(rows) * static_cast<double>(columns)}, dtype);
  ArrayRef out = detail::filled(dtype, Dims{rows, columns}, *scalar_array<std::int64_t>(1));
  clear_outside(*out, k, lower);
  return out;
}

// Row and column numbers of a triangle, or of the diagonal of an n^ndim cube.
Result triangle_indices(Call& call, std::int64_t n, std::int64_t m, std::int64_t k) {
  const auto which = static_cast<Triangle>(call.op.variant);
  const double kept = kept_elements(n, m, k, which);
  call.charge({.out = 2.0 * kept}, std::nullopt);
  // NumPy makes the whole mask, and has no memory for a larger one.
  if (!(static_cast<double>(n) * static_cast<double>(m) < 0x1p48))
    throw Error(ErrorKind::memory_error, "Unable to allocate the indices of the triangle");
  const auto count = static_cast<std::int64_t>(kept);
  k = std::clamp(k, -n, m);
  ArrayRef rows = Array::make(DType::int64, Dims{count});
  ArrayRef columns = Array::make(DType::int64, Dims{count});
  std::int64_t* r = rows->mutable_items<std::int64_t>();
  std::int64_t* c = columns->mutable_items<std::int64_t>();
  // Only rows that keep something: there may be very many others.
  const std::int64_t first = which == upper ? 0 : std::max<std::int64_t>(0, -k);
  const std::int64_t last = m == 0 ? first : which == upper ? std::min(n, m - k) : n;
  for (std::int64_t i = first; i < last; ++i) {
    const std::int64_t from = which == upper ? std::clamp<std::int64_t>(i + k, 0, m) : 0;
    const std::int64_t to = which == upper ? m : std::clamp<std::int64_t>(i + k + 1, 0, m);
    for (std::int64_t j = from; j < to; ++j) {
      *r++ = i;
      *c++ = j;
    }
  }
  return Result::tuple({rows, columns});
}

Result run_triangle_indices(Call& call) {
  const std::int64_t n = side(call.arg(0), "n");
  const std::int64_t k = int_or(call.arg(1), 0, "k");
  const std::int64_t m = call.arg(2).is_absent() ? n : side(call.arg(2), "m");
  return triangle_indices(call, n, m, k);
}

Result run_triangle_indices_from(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  if (a->ndim != 2) throw_value_error("input array must be 2-d");
  return triangle_indices(call, a->shape[0], a->shape[1], int_or(call.arg(1), 0, "k"));
}

Result diagonal_indices(Call& call, std::int64_t n, std::int64_t ndim) {
  call.charge({.out = static_cast<double>(n) * static_cast<double>(ndim)}, std::nullopt);
  std::vector<Result> out;
  for (std::int64_t d = 0; d < ndim; ++d) {
    ArrayRef index = Array::make(DType::int64, Dims{n});
    for (std::int64_t i = 0; i < n; ++i) index->mutable_items<std::int64_t>()[i] = i;
    out.emplace_back(index);
  }
  return Result::tuple(std::move(out));
}

Result run_diag_indices(Call& call) {
  return diagonal_indices(call, std::max<std::int64_t>(0, to_int(call.arg(0), "n")), int_or(call.arg(1), 2, "ndim"));
}

Result run_diag_indices_from(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  if (a->ndim < 2) throw_value_error("input array must be at least 2-d");
  for (int d = 1; d < a->ndim; ++d)
    if (a->shape[d] != a->shape[0]) throw_value_error("All dimensions of input must be of equal length");
  return diagonal_indices(call, a->shape[0], a->ndim);
}

// ---- vander ----

Result run_vander(Call& call) {
  const ArrayRef x = to_array(call.arg(0));
  if (x->ndim != 1) throw_value_error("x must be a one-dimensional array or sequence.");
  const std::int64_t columns = call.arg(1).is_absent() ? x->size : to_int(call.arg(1), "N");
  if (columns < 0) throw_value_error("negative dimensions are not allowed");
  const bool increasing = to_bool(call.arg(2), false);
  const DType dtype = promote(x->type(), DType::int64);
  call.charge({.length = static_cast<double>(x->size), .parts = static_cast<double>(columns)}, dtype);
  ArrayRef out = Array::make(dtype, Dims{x->size, columns});
  const ArrayRef from = contiguous_as(*x, dtype);
  visit_dtype(dtype, [&]<class T>() {
    if constexpr (!std::is_same_v<T, bool>)
      for (std::int64_t i = 0; i < x->size; ++i) {
        T power = T(1);
        for (std::int64_t j = 0; j < columns; ++j) {
          out->mutable_items<T>()[i * columns + (increasing ? j : columns - 1 - j)] = power;
          power = ufunc::multiply_add(T(0), power, from->items<T>()[i]);
        }
      }
  });
  return out;
}

// ---- grids of indices ----

Result run_indices(Call& call) {
  const Dims dims = to_shape(call.arg(0), "dimensions");
  const DType dtype = to_dtype(call.arg(1), DType::int64);
  const bool sparse = to_bool(call.arg(2), false);
  if (dtype == DType::bool_ && std::ranges::any_of(dims, [](std::int64_t n) { return n > 2; }))
    throw_type_error("arange() is only supported for booleans when the result has at most length 2.");
  double elements = 0;
  for (int d = 0; d < dims.size(); ++d) elements += static_cast<double>(sparse ? dims[d] : element_count(dims));
  if (sparse && call.model.rule("indices.sparse_is_one")) elements = 1;
  call.charge({.out = elements}, dtype);
  Dims shape = dims;
  shape.insert(0, dims.size());
  ArrayRef all = sparse ? ArrayRef{} : Array::make(dtype, shape);
  std::vector<Result> parts;
  for (int d = 0; d < dims.size(); ++d) {
    ArrayRef line = Array::make(DType::int64, Dims{dims[d]});
    for (std::int64_t i = 0; i < dims[d]; ++i) line->mutable_items<std::int64_t>()[i] = i;
    Dims open(dims.size(), 1);
    open[d] = dims[d];
    line = detail::reshaped(*cast(*line, dtype), open);
    if (sparse)
      parts.emplace_back(line);
    else
      copy_into(*detail::at_position(*all, 0, d), *line);
  }
  return sparse ? Result::tuple(std::move(parts)) : Result(all);
}

Result run_meshgrid(Call& call) {
  const std::vector<Operand> xs = detail::to_operands(call.arg(0), "meshgrid");
  const Value& indexing = call.arg(3);
  const bool swap = indexing.is_absent() || indexing.as_string() == "xy";
  if (!swap && indexing.as_string() != "ij") throw_value_error("Valid values for `indexing` are 'xy' and 'ij'.");
  const bool copy = call.arg(1).is_missing() || to_bool(call.arg(1), false);  // None: no copy
  const bool sparse = to_bool(call.arg(2), false);
  const int nd = static_cast<int>(xs.size());
  Dims full(nd, 1);
  double sizes = 0;
  double grid = nd == 0 ? 0 : 1;
  for (int i = 0; i < nd; ++i) {
    const int axis = swap && nd > 1 && i < 2 ? 1 - i : i;
    full[axis] = xs[static_cast<std::size_t>(i)].array->size;
    sizes += static_cast<double>(full[axis]);
    grid *= static_cast<double>(full[axis]);
  }
  const double whole = grid * nd;
  const bool views = !copy;
  std::vector<Operand> billed = xs;
  for (Operand& x : billed) x.weak.reset();
  call.charge({.in = whole, .extra = views ? 1 : sparse ? sizes : whole}, result_type(billed));
  std::vector<Result> out;
  for (int i = 0; i < nd; ++i) {
    Dims open(nd, 1);
    const int axis = swap && nd > 1 && i < 2 ? 1 - i : i;
    open[axis] = full[axis];
    ArrayRef part = detail::reshaped(*xs[static_cast<std::size_t>(i)].array, open);
    if (!sparse) part = broadcast_view(*part, full);
    out.emplace_back(copy ? copy_of(*part) : part);
  }
  return Result::tuple(std::move(out));
}

// The positions of the true elements of a mask of one axis.
ArrayRef true_positions(const Array& mask) {
  std::vector<std::int64_t> positions;
  std::int64_t i = 0;
  for_each_element(mask, [&](const std::byte* at) {
    if (std::to_integer<int>(*at) != 0) positions.push_back(i);
    ++i;
  });
  return vector_array<std::int64_t>(positions);
}

Result run_ix(Call& call) {
  const std::vector<Operand> xs = detail::to_operands(call.arg(0), "ix_");
  const int nd = static_cast<int>(xs.size());
  std::vector<Result> out;
  PriceInput price;
  std::optional<DType> dtype;
  for (int i = 0; i < nd; ++i) {
    ArrayRef x = xs[static_cast<std::size_t>(i)].array;
    if (x->ndim != 1) throw_value_error("Cross index must be 1 dimensional");
    if (x->type() == DType::bool_) {
      price.queries += static_cast<double>(x->size);
      x = true_positions(*x);
    } else if (x->size == 0 && call.arg(0).is_sequence() &&
               call.arg(0).as_items()[static_cast<std::size_t>(i)].is_sequence()) {
      x = cast(*x, DType::int64);  // an empty list has no integers to tell
    }
    price.out += static_cast<double>(x->size);
    dtype = dtype ? promote(*dtype, x->type()) : x->type();
    Dims open(nd, 1);
    open[i] = x->size;
    out.emplace_back(detail::reshaped(*x, open));
  }
  call.charge(price, dtype.value_or(DType::float64));
  return Result::tuple(std::move(out));
}

constexpr Operation matrix(std::string_view name, std::string_view signature, Kernel run, std::string_view formula,
                           int variant = 0, LogShapes shapes = LogShapes::none) {
  return {
      .name = name, .signature = signature, .run = run, .formula = formula, .variant = variant, .log_shapes = shapes};
}

constexpr Operation k_operations[] = {
    matrix("diag", "v, k=0", run_diag, "diag.placed", 0, LogShapes::first),
    matrix("diagflat", "v, k=0", run_diagflat, "read", 0, LogShapes::first),
    matrix("diagonal", "a, offset=0, axis1=0, axis2=1", run_diagonal, "touched.at_least_1", 0, LogShapes::first),
    matrix("method.diagonal", "a, offset=0, axis1=0, axis2=1", run_diagonal, "zero", 0, LogShapes::first),
    matrix("tril", "m, k=0", run_triangle, "touched.at_least_1", lower),
    matrix("triu", "m, k=0", run_triangle, "touched.at_least_1", upper),
    matrix("tri", "N, M=None, k=0, dtype=None, like=None", run_tri, "written"),
    matrix("tril_indices", "n, k=0, m=None", run_triangle_indices, "written.at_least_1", lower),
    matrix("triu_indices", "n, k=0, m=None", run_triangle_indices, "written.at_least_1", upper),
    matrix("tril_indices_from", "arr, k=0", run_triangle_indices_from, "written.at_least_1", lower),
    matrix("triu_indices_from", "arr, k=0", run_triangle_indices_from, "written.at_least_1", upper),
    matrix("diag_indices", "n, ndim=2", run_diag_indices, "written.at_least_1"),
    matrix("diag_indices_from", "arr", run_diag_indices_from, "written.at_least_1"),
    matrix("vander", "x, N=None, increasing=False", run_vander, "vander.powers_after_first", 0, LogShapes::first),
    matrix("indices", "dimensions, dtype=None, sparse=False", run_indices, "written"),
    matrix("meshgrid", "*xi, copy=True, sparse=False, indexing=None", run_meshgrid, "touched.at_least_1"),
    matrix("ix_", "*args", run_ix, "scanned_and_written"),
};

}  // namespace

detail::Table detail::creation_matrix_operations() { return k_operations; }

}  // namespace flopscope
