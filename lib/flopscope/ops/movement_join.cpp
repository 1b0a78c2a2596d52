// SPDX-License-Identifier: MIT
// The movement family: arrays put together (concatenate, stack and their like, block, append).
#include <fmt/format.h>

#include <whest/flopscope/ops/detail/layout.hpp>
#include <whest/flopscope/ops/detail/tables.hpp>
#include <whest/flopscope/ops/detail/ufunc.hpp>
#include <whest/flopscope/symmetry/tag.hpp>

namespace flopscope {
namespace {

using detail::with_tag;
using Parts = std::vector<ArrayRef>;

Parts parts_of(const Value& v, std::string_view what) {
  Parts parts;
  for (Operand& o : detail::to_operands(v, what)) parts.push_back(std::move(o.array));
  return parts;
}

double total(const Parts& parts) {
  double n = 0;
  for (const ArrayRef& p : parts) n += static_cast<double>(p->size);
  return n;
}

// The shape of parts joined along `axis`; throws ValueError where they do not fit.
Dims joined_shape(const Parts& parts, int axis) {
  Dims shape(parts[0]->dims());
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const Array& p = *parts[i];
    if (p.ndim != shape.size())
      throw_value_error(
          fmt::format("all the input array dimensions except for the concatenation axis must match exactly, but along "
                      "dimension 0, the array at index 0 has {} dimension(s) and the array at index {} has {} "
                      "dimension(s)",
                      shape.size(), i, p.ndim));
    for (int d = 0; d < p.ndim; ++d)
      if (d != axis && p.shape[d] != shape[d])
        throw_value_error(
            fmt::format("all the input array dimensions except for the concatenation axis must match exactly, but "
                        "along dimension {}, the array at index 0 has size {} and the array at index {} has size {}",
                        d, shape[d], i, p.shape[d]));
    shape[axis] += p.shape[axis];
  }
  return shape;
}

void fill_joined(const Array& out, const Parts& parts, int axis) {
  std::int64_t at = 0;
  for (const ArrayRef& p : parts) {
    const std::int64_t n = p->shape[axis];
    copy_into(*detail::sliced(out, axis, at, n), *p);
    at += n;
  }
}

ArrayRef join(const Parts& parts, int axis, DType dtype) {
  ArrayRef out = Array::make(dtype, joined_shape(parts, axis));
  fill_joined(*out, parts, axis);
  return out;
}

std::vector<TagRef> tags_of(const Parts& parts) {
  std::vector<TagRef> tags;
  for (const ArrayRef& p : parts) tags.push_back(p->tag());
  return tags;
}

bool any_tag(const Parts& parts) {
  return std::any_of(parts.begin(), parts.end(), [](const ArrayRef& p) { return p->tag() != nullptr; });
}

void require_some(const Parts& parts, std::string_view verb) {
  if (parts.empty()) throw_value_error(fmt::format("need at least one array to {}", verb));
}

// Slots 2, 3, 4 of concatenate and stack: out, dtype, casting.
struct Target {
  DType dtype;
  DType billed;
};

Target target_of(const Call& call, const Parts& parts, std::span<const std::int64_t> shape) {
  const DType natural = detail::common_dtype(parts);
  const Value& out = call.arg(2);
  const bool has_out = !out.is_absent();
  detail::require_out(out, shape);
  if (has_out && !call.arg(3).is_absent())
    throw_type_error(
        fmt::format("{}() only takes `out` or `dtype` as an argument, but both were provided.", call.op.name));
  const DType dtype = has_out ? out.as_array().type() : to_dtype(call.arg(3), natural);
  const ufunc::Casting casting = ufunc::to_casting(call.arg(4));
  for (const ArrayRef& p : parts)
    if (!ufunc::can_cast(p->type(), dtype, casting))
      throw_type_error(fmt::format("Cannot cast array data from dtype('{}') to dtype('{}') according to the rule '{}'",
                                   name_of(p->type()), name_of(dtype),
                                   call.arg(4).is_absent() ? "same_kind" : call.arg(4).as_string()));
  return {dtype, has_out ? promote(natural, dtype) : natural};
}

PriceInput moved(const Parts& parts) {
  const double n = total(parts);
  return {.in = n, .out = n};
}

Result run_concatenate(Call& call) {
  Parts parts = parts_of(call.arg(0), "arrays");
  require_some(parts, "concatenate");
  const bool flat = call.arg(1).is(ValueKind::none);
  for (ArrayRef& p : parts) {
    if (flat) p = detail::flattened(*p);
    if (p->ndim == 0) throw_value_error("zero-dimensional arrays cannot be concatenated");
  }
  const int axis = flat ? 0 : to_axis(call.arg(1), parts[0]->ndim, 0);
  const Target target = target_of(call, parts, joined_shape(parts, axis));
  call.charge(moved(parts), target.billed);
  ArrayRef out = join(parts, axis, target.dtype);
  if (!call.arg(2).is_absent()) return detail::into_out(call, call.arg(2), out);
  return any_tag(parts) && call.op.variant == 0 ? with_tag(out, symmetry::concatenate(tags_of(parts), out->ndim, axis))
                                                : out;
}

Result run_stack(Call& call) {
  const Parts parts = parts_of(call.arg(0), "arrays");
  require_some(parts, "stack");
  for (const ArrayRef& p : parts)
    if (!std::equal(p->dims().begin(), p->dims().end(), parts[0]->dims().begin(), parts[0]->dims().end()))
      throw_value_error("all input arrays must have the same shape");
  const int axis = to_axis(call.arg(1), parts[0]->ndim + 1, 0);
  Dims shape(parts[0]->dims());
  shape.insert(axis, static_cast<std::int64_t>(parts.size()));
  const Target target = target_of(call, parts, shape);
  call.charge(moved(parts), target.billed);
  ArrayRef out = Array::make(target.dtype, shape);
  std::int64_t i = 0;
  for (const ArrayRef& p : parts) copy_into(*detail::at_position(*out, axis, i++), *p);
  if (!call.arg(2).is_absent()) return detail::into_out(call, call.arg(2), out);
  return any_tag(parts) ? with_tag(out, symmetry::stack(tags_of(parts), parts[0]->ndim, axis)) : out;
}

// ---- vstack, hstack, dstack, column_stack: each part is first given the axes it needs ----

enum Side { vertical, horizontal, deep, columns };

ArrayRef prepared(const ArrayRef& p, Side side) {
  switch (side) {
    case vertical:
      return p->ndim == 0 ? detail::reshaped(*p, Dims{1, 1}) : p->ndim == 1 ? detail::with_new_axes(*p, Dims{0}) : p;
    case horizontal:
      return p->ndim == 0 ? detail::reshaped(*p, Dims{1}) : p;
    case deep:
      return p->ndim == 0   ? detail::reshaped(*p, Dims{1, 1, 1})
             : p->ndim == 1 ? detail::with_new_axes(*p, Dims{0, 2})
             : p->ndim == 2 ? detail::with_new_axes(*p, Dims{2})
                            : p;
    case columns:
      return p->ndim == 0 ? detail::reshaped(*p, Dims{1, 1}) : p->ndim == 1 ? detail::with_new_axes(*p, Dims{1}) : p;
  }
  return p;
}

Result run_side_stack(Call& call) {
  const bool by_another_name = call.op.name == "row_stack" && call.model.rule("row_stack_is_vstack");
  if (by_another_name && !(call.arg(1).is_missing() && call.arg(2).is_missing()))
    throw_type_error("row_stack() got an unexpected keyword argument");
  const Parts given = parts_of(call.arg(0), "tup");
  require_some(given, "concatenate");
  const auto side = static_cast<Side>(call.op.variant);
  Parts parts;
  bool reshaped = false;
  for (const ArrayRef& p : given) {
    parts.push_back(prepared(p, side));
    reshaped = reshaped || parts.back()->ndim != p->ndim;
  }
  const int axis = side == vertical ? 0 : side == deep ? 2 : side == columns ? 1 : parts[0]->ndim == 1 ? 0 : 1;
  const DType dtype = to_dtype(call.arg(1), detail::common_dtype(parts));
  joined_shape(parts, axis);
  if (by_another_name)
    call.charge_as("vstack", moved(parts), detail::common_dtype(parts));
  else
    call.charge(moved(parts), detail::common_dtype(parts));
  ArrayRef out = join(parts, axis, dtype);
  const bool keeps = side != deep && !reshaped && any_tag(given);
  return keeps ? with_tag(out, symmetry::concatenate(tags_of(given), out->ndim, axis)) : out;
}

// ---- block ----

int depth_of(const Value& v) {
  if (!v.is(ValueKind::list)) return 0;
  if (v.count == 0) throw_value_error("List at arrays cannot be empty");
  const int depth = depth_of(v.as_items()[0]);
  for (const Value& item : v.as_items())
    if (depth_of(item) != depth) throw_value_error("List depths are mismatched.");
  return depth + 1;
}

int deepest_ndim(const Value& v) {
  if (!v.is(ValueKind::list)) return to_array(v)->ndim;
  int ndim = 0;
  for (const Value& item : v.as_items()) ndim = std::max(ndim, deepest_ndim(item));
  return ndim;
}

ArrayRef block_of(const Value& v, int depth, int ndim) {
  if (depth == 0) {
    ArrayRef a = to_array(v);
    Dims shape(a->dims());
    while (shape.size() < ndim) shape.insert(0, 1);
    return detail::reshaped(*a, shape);
  }
  Parts parts;
  for (const Value& item : v.as_items()) parts.push_back(block_of(item, depth - 1, ndim));
  return join(parts, ndim - depth, detail::common_dtype(parts));
}

Result run_block(Call& call) {
  const int depth = depth_of(call.arg(0));
  const int ndim = std::max({depth, deepest_ndim(call.arg(0)), call.op.variant});
  ArrayRef out = block_of(call.arg(0), depth, ndim);
  const auto n = static_cast<double>(out->size);
  call.charge({.in = n, .out = n}, out->type());
  return out;
}

// ---- append ----

Result run_append(Call& call) {
  Parts parts{to_array(call.arg(0)), to_array(call.arg(1))};
  const auto values = static_cast<double>(parts[1]->size);
  const bool flat = call.arg(2).is_absent();
  if (flat)
    for (ArrayRef& p : parts) p = detail::flattened(*p);
  const int axis = flat ? 0 : to_axis(call.arg(2), parts[0]->ndim, 0);
  joined_shape(parts, axis);
  call.charge({.in = total(parts), .out = total(parts), .extra = values}, detail::common_dtype(parts));
  return join(parts, axis, detail::common_dtype(parts));
}

constexpr Operation joining(std::string_view name, std::string_view signature, Kernel run, std::string_view formula,
                            int variant = 0) {
  return {.name = name,
          .signature = signature,
          .run = run,
          .formula = formula,
          .variant = variant,
          .log_shapes = LogShapes::none};
}
constexpr std::string_view k_join_signature = "arrays, axis=0, out=None, dtype=None, casting='same_kind'";

constexpr Operation k_operations[] = {
    joining("concatenate", k_join_signature, run_concatenate, "written.at_least_1"),
    joining("concat", k_join_signature, run_concatenate, "written", 1),
    joining("stack", k_join_signature, run_stack, "written.at_least_1"),
    joining("vstack", "tup", run_side_stack, "written.at_least_1", vertical),
    joining("row_stack", "tup, *, dtype=None, casting='same_kind'", run_side_stack, "written.at_least_1", vertical),
    joining("hstack", "tup", run_side_stack, "written.at_least_1", horizontal),
    joining("dstack", "tup", run_side_stack, "written", deep),
    joining("column_stack", "tup", run_side_stack, "written.at_least_1", columns),
    joining("block", "arrays", run_block, "written"),
    joining("bmat", "obj, ldict=None, gdict=None", run_block, "written", 2),
    joining("append", "arr, values, axis=None", run_append, "written.at_least_1"),
};

}  // namespace

detail::Table detail::movement_join_operations() { return k_operations; }

}  // namespace flopscope
