// SPDX-License-Identifier: MIT
// The movement family: the same elements under other axes. Views wherever NumPy makes views.
#include <fmt/format.h>

#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/ops/detail/layout.hpp>
#include <whest/flopscope/ops/detail/positions.hpp>
#include <whest/flopscope/ops/detail/tables.hpp>
#include <whest/flopscope/symmetry/tag.hpp>

namespace flopscope {
namespace {

using detail::with_tag;

// What is free is charged, and so logged, before its axes are looked at, as the packages do.

PriceInput moved(const Array& a) {
  const auto n = static_cast<double>(a.size);
  return {.in = n, .out = n};
}

std::vector<int> ints(const Dims& d) { return {d.begin(), d.end()}; }

// ---- the same order of elements ----

ArrayRef with_shape(const Array& a, const Dims& shape, char order) {
  return with_tag(detail::reshaped(a, shape, order), symmetry::reshape(a.tag(), a.dims(), shape));
}

Result run_reshape(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const Dims shape = detail::resolve_shape(call.arg(1), a->size);
  const char order = detail::to_order(call.arg(2), 'C');
  call.charge(moved(*a), a->type());
  ArrayRef out = with_shape(*a, shape, order);
  return to_bool(call.arg(3), false) ? copy_of(*out) : out;
}

// method.reshape takes the shape as one argument or as several.
Result run_method_reshape(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const auto given = call.arg(1).as_items();
  const Dims shape = detail::resolve_shape(given.size() == 1 ? given[0] : call.arg(1), a->size);
  const char order = detail::to_order(call.arg(2), 'C');
  detail::charge_method(call, "reshape", moved(*a), a->type());
  ArrayRef out = with_shape(*a, shape, order);
  return to_bool(call.arg(3), false) ? copy_of(*out) : out;
}

ArrayRef raveled(const Array& a, char order) {
  if (order == 'K') order = 'A';
  return detail::reshaped(a, Dims{a.size}, order);
}

// Methods of a tagged array are the functions themselves, and flatten is its ravel.
void charge_as_method(Call& call, const Array& a, std::string_view function, std::string_view of_tagged) {
  if (a.tag() && call.op.name != function)
    call.charge_as(of_tagged, moved(a), a.type());
  else
    detail::charge_method(call, function, moved(a), a.type());
}

Result run_ravel(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const char order = detail::to_order(call.arg(1), 'C');
  charge_as_method(call, *a, "ravel", "ravel");
  ArrayRef out = raveled(*a, order);
  return a->ndim == 1 ? with_tag(out, a->tag()) : out;
}

Result run_flatten(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const char order = detail::to_order(call.arg(1), 'C');
  charge_as_method(call, *a, "copy", "ravel");
  return copy_of(*raveled(*a, order));
}

Result run_copy(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  detail::charge_method(call, "copy", moved(*a), a->type());
  return with_tag(copy_of(*a), a->tag());
}

// ---- axes exchanged ----

Dims permutation(const Value& axes, int ndim) {
  Dims perm;
  if (axes.is_absent()) {
    for (int d = ndim - 1; d >= 0; --d) perm.push_back(d);
    return perm;
  }
  const std::vector<std::int64_t> given = detail::to_ints(axes, "axes");
  if (static_cast<int>(given.size()) != ndim) throw_value_error("axes don't match array");
  Dims seen(ndim, 0);
  for (const std::int64_t axis : given) {
    const int d = normalize_axis(axis, ndim);
    if (seen[d]++ != 0) throw_value_error("repeated axis in transpose");
    perm.push_back(d);
  }
  return perm;
}

ArrayRef transposed(const Array& a, const Dims& perm) {
  return with_tag(detail::permuted(a, perm), symmetry::transpose(a.tag(), ints(perm)));
}

Result run_transpose(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  call.charge_nothing();
  const Dims perm = permutation(call.arg(1), a->ndim);
  return transposed(*a, perm);
}

Result run_method_transpose(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const auto given = call.arg(1).as_items();
  const bool one = given.size() == 1 && (given[0].is_sequence() || given[0].is_absent());
  const Dims perm = permutation(given.empty() ? Value::none() : one ? given[0] : call.arg(1), a->ndim);
  call.charge_nothing();
  return transposed(*a, perm);
}

// permute_dims is transpose by another name, but loses the tag in every model.
Result run_permute_dims(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const Dims perm = permutation(call.arg(1), a->ndim);
  call.charge_nothing();
  return detail::permuted(*a, perm);
}

Dims identity_permutation(int ndim) {
  Dims perm(ndim, 0);
  for (int d = 0; d < ndim; ++d) perm[d] = d;
  return perm;
}

Result run_transposed(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  call.charge_nothing();
  return transposed(*a, permutation(Value::none(), a->ndim));
}

Result run_matrix_transpose(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  if (a->ndim < 2) throw_value_error(fmt::format("Input array must be at least 2-dimensional, but it is {}", a->ndim));
  Dims perm = identity_permutation(a->ndim);
  std::swap(perm[a->ndim - 1], perm[a->ndim - 2]);
  call.charge_nothing();
  return call.op.name == "matrix_transpose" ? transposed(*a, perm) : detail::permuted(*a, perm);  // .mT drops the tag
}

Result run_swapaxes(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  call.charge_nothing();
  Dims perm = identity_permutation(a->ndim);
  std::swap(perm[to_axis(call.arg(1), a->ndim, 0)], perm[to_axis(call.arg(2), a->ndim, 0)]);
  return transposed(*a, perm);
}

Result run_moveaxis(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  call.charge_nothing();
  const auto source = to_axes(call.arg(1), a->ndim), target = to_axes(call.arg(2), a->ndim);
  if (!source || !target || source->size() != target->size())
    throw_value_error("`source` and `destination` arguments must have the same number of elements");
  Dims perm;
  for (int d = 0; d < a->ndim; ++d)
    if (std::find(source->begin(), source->end(), d) == source->end()) perm.push_back(d);
  std::vector<std::pair<std::int64_t, std::int64_t>> moves;
  for (int i = 0; i < source->size(); ++i) moves.emplace_back((*target)[i], (*source)[i]);
  std::sort(moves.begin(), moves.end());
  for (const auto& [to, from] : moves) perm.insert(static_cast<int>(to), from);
  return transposed(*a, perm);
}

Result run_rollaxis(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const int axis = to_axis(call.arg(1), a->ndim, 0);
  int start = static_cast<int>(call.arg(2).is_missing() ? 0 : to_int(call.arg(2), "start"));
  if (start < 0) start += a->ndim;
  if (start < 0 || start > a->ndim)
    throw Error(ErrorKind::axis_error, fmt::format("start arg requires {} <= start < {}", -a->ndim, a->ndim + 1));
  if (axis < start) --start;
  Dims perm = identity_permutation(a->ndim);
  perm.erase(axis);
  perm.insert(start, axis);
  call.charge(moved(*a), a->type());
  return detail::permuted(*a, perm);  // drops the tag (C.2)
}

// ---- axes of size 1 ----

Result run_squeeze(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  if (a->tag() && call.op.name != "squeeze")
    call.charge_as("squeeze", {}, std::nullopt);
  else
    call.charge_nothing();
  const bool of_number =
      a->ndim == 0 && call.arg(1).is(ValueKind::integer) && (call.arg(1).i == 0 || call.arg(1).i == -1);
  const auto asked = of_number ? std::nullopt : to_axes(call.arg(1), a->ndim);
  Dims shape, strides, gone;
  for (int d = 0; d < a->ndim; ++d) {
    const bool named = asked && std::find(asked->begin(), asked->end(), d) != asked->end();
    if (named && a->shape[d] != 1)
      throw_value_error("cannot select an axis to squeeze out which has size not equal to one");
    if (named || (!asked && a->shape[d] == 1)) {
      gone.push_back(d);
    } else {
      shape.push_back(a->shape[d]);
      strides.push_back(a->strides[d]);
    }
  }
  if (gone.empty() && !a->tag() && call.op.name != "squeeze") return a;  // NumPy's own method
  return with_tag(detail::view_of(*a, shape, strides), symmetry::squeeze(a->tag(), a->ndim, ints(gone)));
}

ArrayRef expanded(const Array& a, const Dims& positions) {
  return with_tag(detail::with_new_axes(a, positions), symmetry::expand_dims(a.tag(), a.ndim, ints(positions)));
}

Result run_expand_dims(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  call.charge_nothing();
  const int count = call.arg(1).is_sequence() ? static_cast<int>(call.arg(1).count) : 1;
  Dims positions = to_axes(call.arg(1), a->ndim + count).value_or(Dims{});
  std::sort(positions.begin(), positions.end());
  // Several new axes are a symmetric block, also on an array without a tag; indexing by None gives none.
  if (!a->tag() && positions.size() > 1)
    return with_tag(detail::with_new_axes(*a, positions), symmetry::Tag::symmetric(ints(positions)));
  return expanded(*a, positions);
}

// atleast_1d, _2d, _3d of one array: where the new axes go is NumPy's.
ArrayRef at_least(const Array& a, int ndim) {
  Dims positions;
  if (a.ndim == 0)
    for (int d = 0; d < ndim; ++d) positions.push_back(d);
  else if (a.ndim == 1 && ndim == 2)
    positions = {0};
  else if (a.ndim == 1 && ndim == 3)
    positions = {0, 2};
  else if (a.ndim == 2 && ndim == 3)
    positions = {2};
  if (positions.empty()) return with_tag(detail::alias_of(a), a.tag());
  return expanded(a, positions);
}

Result run_atleast(Call& call) {
  std::vector<Result> out;
  for (const Operand& o : detail::to_operands(call.arg(0), "arys")) {
    call.state_shape(o.array->dims());
    call.charge_nothing();
    out.emplace_back(at_least(*o.array, call.op.variant));
  }
  return out.size() == 1 ? std::move(out[0]) : Result::tuple(std::move(out));
}

// ---- broadcasting ----

Result run_broadcast_to(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const Dims shape = to_shape(call.arg(1), "shape");
  const bool logged = detail::logged_as_free(call, moved(*a), a->type());
  ArrayRef out = broadcast_view(*a, shape);
  if (!logged) call.charge(moved(*out), a->type());
  return with_tag(out, symmetry::broadcast_to(a->tag(), a->dims(), shape));
}

Result run_broadcast_arrays(Call& call) {
  const std::vector<Operand> arrays = detail::to_operands(call.arg(0), "args");
  Dims shape;
  for (const Operand& o : arrays) shape = broadcast(shape, o.array->dims());
  const double each = static_cast<double>(element_count(shape));
  const auto billed = arrays.empty() ? std::nullopt : std::optional(result_type(arrays));
  call.charge({.in = each * static_cast<double>(arrays.size())}, billed);
  std::vector<Result> out;
  for (const Operand& o : arrays)
    out.emplace_back(
        with_tag(broadcast_view(*o.array, shape), symmetry::broadcast_to(o.array->tag(), o.array->dims(), shape)));
  return Result::tuple(std::move(out));
}

// ---- axes reversed ----

ArrayRef flipped(const Array& a, const Dims& axes) {
  Dims strides(a.byte_strides());
  std::int64_t start = 0;
  for (const std::int64_t axis : axes) {
    const int d = static_cast<int>(axis);
    if (a.shape[d] > 0) start += (a.shape[d] - 1) * strides[d];
    strides[d] = -strides[d];
  }
  return detail::view_of(a, a.dims(), strides, a.size == 0 ? 0 : start);
}

Result run_flip(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  call.charge_nothing();
  const Dims axes = to_axes(call.arg(1), a->ndim).value_or(identity_permutation(a->ndim));
  return with_tag(flipped(*a, axes), symmetry::flip(a->tag(), a->ndim, ints(axes)));
}

// flipud (variant 0) and fliplr (1) lose the tag in every model.
Result run_flip_one(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  call.charge_nothing();
  if (a->ndim <= call.op.variant) throw_value_error(fmt::format("Input must be >= {}-d.", call.op.variant + 1));
  return flipped(*a, Dims{call.op.variant});
}

Result run_rot90(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  call.charge_nothing();
  const std::int64_t turns = call.arg(1).is_missing() ? 1 : to_int(call.arg(1), "k");
  Dims plane{0, 1};
  if (!call.arg(2).is_missing()) {
    plane = {};
    for (const std::int64_t axis : detail::to_ints(call.arg(2), "axes")) plane.push_back(axis);
  }
  if (plane.size() != 2) throw_value_error("len(axes) must be 2.");
  for (std::int64_t& axis : plane) {
    if (axis < -a->ndim || axis >= a->ndim)
      throw_value_error(fmt::format("Axes={} out of range for array of ndim={}.", shape_text(plane), a->ndim));
    axis = axis < 0 ? axis + a->ndim : axis;
  }
  if (plane[0] == plane[1]) throw_value_error("Axes must be different.");
  const int k = static_cast<int>(((turns % 4) + 4) % 4);
  if (k == 0) return detail::alias_of(*a);
  if (k == 2) return flipped(*a, plane);
  Dims perm = identity_permutation(a->ndim);
  std::swap(perm[static_cast<int>(plane[0])], perm[static_cast<int>(plane[1])]);
  if (k == 1) return detail::permuted(*flipped(*a, Dims{plane[1]}), perm);
  return flipped(*detail::permuted(*a, perm), Dims{plane[1]});
}

constexpr Operation view(std::string_view name, std::string_view signature, Kernel run, int variant = 0) {
  return {.name = name, .signature = signature, .run = run, .formula = "zero", .variant = variant};
}

constexpr Operation k_operations[] = {
    {.name = "reshape",
     .signature = "a, shape, order='C', copy=None",
     .run = run_reshape,
     .formula = "read.at_least_1"},
    {.name = "method.reshape",
     .signature = "a, *shape, order='C', copy=None",
     .run = run_method_reshape,
     .formula = "read.at_least_1"},
    {.name = "ravel", .signature = "a, order='C'", .run = run_ravel, .formula = "read.at_least_1"},
    {.name = "method.ravel", .signature = "a, order='C'", .run = run_ravel, .formula = "read.at_least_1"},
    {.name = "method.flatten", .signature = "a, order='C'", .run = run_flatten, .formula = "read.at_least_1"},
    {.name = "copy", .signature = "a, order='K', subok=False", .run = run_copy, .formula = "read.at_least_1"},
    {.name = "method.copy", .signature = "a, order='C'", .run = run_copy, .formula = "read.at_least_1"},
    view("transpose", "a, axes=None", run_transpose),
    view("method.transpose", "a, *axes", run_method_transpose),
    view("permute_dims", "a, axes=None", run_permute_dims),
    view("method.T", "a", run_transposed),
    view("method.mT", "a", run_matrix_transpose),
    view("matrix_transpose", "x", run_matrix_transpose),
    view("swapaxes", "a, axis1, axis2", run_swapaxes),
    view("method.swapaxes", "a, axis1, axis2", run_swapaxes),
    view("moveaxis", "a, source, destination", run_moveaxis),
    {.name = "rollaxis",
     .signature = "a, axis, start=0",
     .run = run_rollaxis,
     .formula = "read",
     .log_shapes = LogShapes::none},
    view("squeeze", "a, axis=None", run_squeeze),
    view("method.squeeze", "a, axis=None", run_squeeze),
    view("expand_dims", "a, axis", run_expand_dims),
    view("atleast_1d", "*arys", run_atleast, 1),
    view("atleast_2d", "*arys", run_atleast, 2),
    view("atleast_3d", "*arys", run_atleast, 3),
    {.name = "broadcast_to",
     .signature = "array, shape, subok=False",
     .run = run_broadcast_to,
     .formula = "written.at_least_1",
     .log_shapes = LogShapes::none},
    {.name = "broadcast_arrays",
     .signature = "*args, subok=False",
     .run = run_broadcast_arrays,
     .formula = "read",
     .log_shapes = LogShapes::none},
    view("flip", "m, axis=None", run_flip),
    view("flipud", "m", run_flip_one, 0),
    view("fliplr", "m", run_flip_one, 1),
    view("rot90", "m, k=1, axes=None", run_rot90),
};

}  // namespace

std::span<const Operation> movement_operations() {
  static const auto k_all =
      detail::joined({k_operations, detail::movement_join_operations(), detail::movement_copy_operations(),
                      detail::movement_pad_operations(), detail::movement_split_operations()});
  return k_all;
}

}  // namespace flopscope
