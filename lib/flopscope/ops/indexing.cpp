// SPDX-License-Identifier: MIT
// The indexing family: a[key], and the scalar conversions of arrays.
#include <algorithm>
#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/ops/detail/index.hpp>
#include <whest/flopscope/ops/detail/layout.hpp>
#include <whest/flopscope/ops/detail/reduce.hpp>
#include <whest/flopscope/ops/detail/tables.hpp>

namespace flopscope {
namespace {

// A view is free and leaves no record in any model; a gather is a priced copy.
Result run_getitem(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const detail::Index index(*a, call.arg(1));
  if (index.is_view()) return detail::with_tag(index.view(), symmetry::index(a->tag(), a->ndim, index.tag_items()));
  if (!index.is_billed()) return index.gather();
  call.charge({.in = static_cast<double>(a->size),
               .out = static_cast<double>(element_count(index.shape())),
               .queries = index.mask_elements()},
              a->type());
  return index.gather();
}

bool has_ellipsis(const Value& key) {
  const auto is_ellipsis = [](const Value& part) { return part.is(ValueKind::ellipsis); };
  return is_ellipsis(key) || (key.is(ValueKind::tuple) && std::ranges::any_of(key.as_items(), is_ellipsis));
}

// Whether the key is one mask of all of the array.
bool masks_whole(const Value& key, const Array& a) {
  const Value& part = key.is(ValueKind::tuple) && key.count == 1 ? key.as_items()[0] : key;
  if (!part.is_array() && !part.is(ValueKind::list)) return false;
  const ArrayRef mask = to_array(part);
  return mask->type() == DType::bool_ && mask->ndim == a.ndim;
}

// The value spread over the place. Leading axes of length one may be too many for it, but neither for a single element
// nor in a list that is written to a part without picking.
ArrayRef spread_over(const detail::Index& index, const Call& call) {
  const Value& key = call.arg(1);
  const ArrayRef value = to_array(call.arg(2));
  if (value->ndim > 1 && masks_whole(key, call.arg(0).as_array()))
    throw_type_error("what is assigned through a mask of the whole array has at most one axis");
  const bool is_element = index.shape().empty() && !has_ellipsis(key);
  const bool is_strict = is_element || (index.is_view() && call.arg(2).is_sequence());
  return is_strict ? broadcast_view(*value, index.shape()) : assigned_view(*value, index.shape());
}

// Where the model lets arrays be changed in place (0.5); the tag stays unless writes void it.
Result run_setitem(Call& call) {
  if (!call.model.rule("arrays_can_be_assigned_to"))
    throw_type_error("flopscope arrays are immutable; build the result from its parts instead");
  if (!call.arg(0).is_array()) throw_type_error("only an array can be assigned to");
  const Array& a = call.arg(0).as_array();
  a.require_writable();
  const detail::Index index(a, call.arg(1));
  ufunc::require_each_fits(call.arg(2), a.type());
  const ArrayRef value = contiguous_as(*spread_over(index, call), a.type());
  call.charge_nothing(a.type());
  if (index.is_view()) {
    copy_into(*index.view(), *value);
  } else {
    const std::int64_t item = a.item_bytes();
    const std::byte* from = value->items<std::byte>();
    for (const std::int64_t offset : index.offsets()) {
      std::copy_n(from, item, a.mutable_items<std::byte>() + offset);
      from += item;
    }
  }
  call.wrote_into(a);
  return Result::none();
}

// ---- Python numbers out of arrays: free, unlogged ----

Result python_scalar(const Array& a, const std::byte* at) {
  switch (kind_of(a.type())) {
    case DTypeKind::boolean:
      return Result::boolean(read_int64(a, at) != 0);
    case DTypeKind::signed_integer:
    case DTypeKind::unsigned_integer:
      return Result::integer(read_int64(a, at));
    case DTypeKind::real:
      return Result::real(read_double(a, at));
    case DTypeKind::complex:
      break;
  }
  return Result::Variant(read_complex(a, at));
}

Result nested(const Array& a) {
  if (a.ndim == 0) return python_scalar(a, a.items<std::byte>());
  std::vector<Result> items;
  for (std::int64_t i = 0; i < a.shape[0]; ++i) items.push_back(nested(*detail::at_position(a, 0, i)));
  return Result::list(std::move(items));
}

Result run_tolist(Call& call) { return nested(*to_array(call.arg(0))); }

Result run_item(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const auto position = call.arg(1).as_items();
  if (position.empty()) {
    if (a->size != 1) throw_value_error("can only convert an array of size 1 to a Python scalar");
    return python_scalar(*a, a->items<std::byte>());
  }
  std::vector<std::int64_t> at;
  for (const Value& v : position) {
    const std::vector<std::int64_t> part = detail::to_ints(v, "item");
    at.insert(at.end(), part.begin(), part.end());
  }
  if (at.size() == 1) {
    const ArrayRef flat = detail::flattened(*a);
    return python_scalar(*flat, flat->items<std::byte>() + detail::wrap_index(at[0], a->size, 0) * a->item_bytes());
  }
  if (static_cast<int>(at.size()) != a->ndim) throw_value_error("incorrect number of indices for array");
  std::int64_t offset = 0;
  for (int d = 0; d < a->ndim; ++d)
    offset += detail::wrap_index(at[static_cast<std::size_t>(d)], a->shape[d], d) * a->strides[d];
  return python_scalar(*a, a->items<std::byte>() + offset);
}

// The only element, as a plain number of a real kind.
ArrayRef to_real_number(const Value& v) {
  const ArrayRef a = to_array(v);
  if (a->ndim > 0) throw_type_error("only 0-dimensional arrays can be converted to Python scalars");
  if (is_complex(a->type())) throw_type_error("the argument must be a real number, not 'complex'");
  return a;
}

Result run_float(Call& call) { return Result::real(item_double(*to_real_number(call.arg(0)))); }
Result run_int(Call& call) { return Result::integer(item_int64(*to_real_number(call.arg(0)))); }

Result run_complex(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  if (a->size != 1) throw_type_error("only length-1 arrays can be converted to Python scalars");
  return Result::Variant(read_complex(*a, a->items<std::byte>()));
}

Result run_bool(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  if (a->size != 1)
    throw_value_error("The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()");
  return Result::boolean(read_complex(*a, a->items<std::byte>()) != Complex128{});
}

Result run_len(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  if (a->ndim == 0) throw_type_error("len() of unsized object");
  return Result::integer(a->shape[0]);
}

// The rows, as iteration yields them.
Result run_iter(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  if (a->ndim == 0) throw_type_error("iteration over a 0-d array");
  std::vector<Result> rows;
  for (std::int64_t i = 0; i < a->shape[0]; ++i) rows.emplace_back(detail::at_position(*a, 0, i));
  return Result::list(std::move(rows));
}

constexpr Operation free_method(std::string_view name, std::string_view signature, Kernel run) {
  return {.name = name, .signature = signature, .run = run, .formula = "zero"};
}

constexpr Operation k_operations[] = {
    {.name = "getitem", .signature = "a, key", .run = run_getitem, .formula = "gather.index"},
    {.name = "setitem",
     .signature = "a, key, value",
     .run = run_setitem,
     .formula = "zero if arrays_can_be_assigned_to else refused"},
    free_method("method.tolist", "a", run_tolist),
    free_method("method.item", "a, *args", run_item),
    free_method("method.__float__", "a", run_float),
    free_method("method.__int__", "a", run_int),
    free_method("method.__index__", "a", run_int),
    free_method("method.__complex__", "a", run_complex),
    free_method("method.__bool__", "a", run_bool),
    free_method("method.__len__", "a", run_len),
    free_method("method.__iter__", "a", run_iter),
};

}  // namespace

std::span<const Operation> indexing_operations() {
  static const auto k_all = detail::joined(
      {k_operations, detail::query_operations(), detail::io_operations(), detail::inplace_method_operations()});
  return k_all;
}

}  // namespace flopscope
