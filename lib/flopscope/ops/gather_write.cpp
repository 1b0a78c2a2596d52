// SPDX-License-Identifier: MIT
// The gather family of operations, those that write into their first argument's buffer: fill_diagonal, put, place,
// putmask, put_along_axis, copyto.
#include <fmt/format.h>

#include <cstring>
#include <span>
#include <whest/flopscope/ops/detail/layout.hpp>
#include <whest/flopscope/ops/detail/positions.hpp>
#include <whest/flopscope/ops/detail/reduce.hpp>
#include <whest/flopscope/ops/detail/tables.hpp>

namespace flopscope {
namespace {

double size_of(const Array& a) { return static_cast<double>(a.size); }

const Array& target_of(const Call& call) {
  if (!call.arg(0).is_array()) throw_type_error(fmt::format("{}: the first argument must be an array", call.op.name));
  call.arg(0).as_array().require_writable();
  return call.arg(0).as_array();
}

// NumPy refuses to narrow arrays here; Python scalars and lists are converted freely.
void require_safe(const Value& v, DType to) {
  if (v.is_array() && !can_cast_safe(v.as_array().type(), to))
    throw_type_error(fmt::format("Cannot cast array data from dtype('{}') to dtype('{}') according to the rule 'safe'",
                                 name_of(v.as_array().type()), name_of(to)));
}

// Values as one contiguous line of the target's dtype.
ArrayRef line_of(const Value& v, DType dtype) {
  ufunc::require_each_fits(v, dtype);
  return detail::flattened(*contiguous_as(*to_array(v), dtype));
}

class Writer {
 public:
  Writer(const Array& target, const Array& values)
      : m_target(target), m_values(values), m_item(static_cast<std::size_t>(target.item_bytes())) {}
  // Value `v`, cycling, into the element `offset` bytes after the first.
  void put(std::int64_t offset, std::int64_t v) {
    std::memcpy(m_target.mutable_items<std::byte>() + offset,
                m_values.items<std::byte>() + static_cast<std::size_t>(v % m_values.size) * m_item, m_item);
  }
  void put_flat(std::int64_t element, std::int64_t v) { put(detail::offset_of(m_target, element), v); }
  // The values, cycling, into elements counted in C order.
  void put_all(std::span<const std::int64_t> elements) {
    std::int64_t v = 0;
    const auto* values = m_values.items<std::byte>();
    auto* target = m_target.mutable_items<std::byte>();
    const auto move = [&](auto item) {
      for (const std::int64_t i : elements) {
        const std::int64_t to = m_target.is_contiguous() ? i * item() : detail::offset_of(m_target, i);
        std::memcpy(target + to, values + v * item(), static_cast<std::size_t>(item()));
        v = v + 1 == m_values.size ? 0 : v + 1;
      }
    };
    if (m_item == 8)  // a copy of fixed size
      move([] { return std::int64_t{8}; });
    else
      move([this] { return static_cast<std::int64_t>(m_item); });
  }

 private:
  const Array& m_target;
  const Array& m_values;
  std::size_t m_item;
};

// ---- fill_diagonal ----

// Flat positions first, first + step, ... below `end` hold the diagonal.
struct DiagonalCells {
  std::int64_t step = 1, end = 0;
  std::int64_t count() const { return end <= 0 ? 0 : (end + step - 1) / step; }
};

DiagonalCells diagonal_cells(const Array& a, bool wrap) {
  if (a.ndim < 2) throw_value_error("array must be at least 2-d");
  DiagonalCells cells;
  cells.end = a.size;
  if (a.ndim == 2) {
    cells.step = a.shape[1] + 1;
    if (!wrap) cells.end = std::min(a.size, a.shape[1] * a.shape[1]);
    return cells;
  }
  for (int d = 1; d < a.ndim; ++d)
    if (a.shape[d] != a.shape[0]) throw_value_error("All dimensions of input must be of equal length");
  std::int64_t product = 1;
  for (int d = a.ndim - 1; d > 0; --d) cells.step += product *= a.shape[d];
  return cells;
}

Result run_fill_diagonal(Call& call) {
  const Array& a = target_of(call);
  const DiagonalCells cells = diagonal_cells(a, to_bool(call.arg(2), false));
  const ArrayRef values = line_of(call.arg(1), a.type());
  // `extra`: the cells written; `n`: the length of the main diagonal, whether wrapped or not.
  call.charge({.in = size_of(a),
               .n = static_cast<double>(std::min(a.shape[0], a.shape[1])),
               .extra = static_cast<double>(cells.count())},
              a.type());
  if (values->size == 0 && cells.count() > 0) throw_value_error("could not fill the diagonal from an empty array");
  Writer writer(a, *values);
  std::int64_t v = 0;
  for (std::int64_t i = 0; i < cells.end; i += cells.step) writer.put_flat(i, v++);
  call.wrote_into(a);
  return Result::none();
}

// ---- put, place, putmask ----

Result run_put(Call& call) {
  const Array& a = target_of(call);
  const ArrayRef indices = to_array(call.arg(1));
  const ArrayRef values = line_of(call.arg(2), a.type());
  const std::string_view mode = call.arg(3).is_absent() ? "raise" : call.arg(3).as_string();
  std::vector<std::int64_t> index = detail::to_ints(Value(*indices), "indices");
  if (a.size == 0 && !index.empty()) throw_index_error("cannot replace elements of an empty array");
  for (std::int64_t& i : index) {
    if (mode == "clip")
      i = std::clamp<std::int64_t>(i, 0, a.size - 1);
    else if (mode == "wrap" && a.size > 0)
      i = ((i % a.size) + a.size) % a.size;
    else
      i = detail::wrap_index(i, a.size, 0);
  }
  call.charge({.in = size_of(a), .extra = size_of(*indices)}, a.type());
  if (values->size > 0) Writer(a, *values).put_all(index);
  call.wrote_into(a);
  return Result::none();
}

Result run_masked(Call& call) {
  const Array& a = target_of(call);
  const bool by_count = call.op.variant == 1;  // place takes the next value for each hit, putmask the one at the spot
  const ArrayRef mask = to_array(call.arg(1));
  if (mask->size != a.size)
    throw_value_error(by_count ? "place: mask and data must be the same size"
                               : "putmask: mask and data must be the same size");
  require_safe(call.arg(2), a.type());
  const ArrayRef values = line_of(call.arg(2), a.type());
  const ArrayRef hits = detail::nonzero_positions(*detail::flattened(*mask))[0];
  if (by_count && values->size == 0 && hits->size > 0) throw_value_error("Cannot insert from an empty array!");
  call.charge({.in = size_of(a)}, a.type());
  if (values->size > 0) {
    Writer writer(a, *values);
    for (std::int64_t k = 0; k < hits->size; ++k) {
      const std::int64_t i = hits->items<std::int64_t>()[k];
      writer.put_flat(i, by_count ? k : i);
    }
  }
  call.wrote_into(a);
  return Result::none();
}

Result run_put_along_axis(Call& call) {
  const Array& a = target_of(call);
  ArrayRef flat = ref_of(a);
  const ArrayRef indices = to_array(call.arg(1));
  ufunc::require_each_fits(call.arg(2), a.type());
  const ArrayRef values = to_array(call.arg(2));
  const detail::AlongAxis along = detail::along_axis(flat, indices, call.arg(3));
  const ArrayRef spread = contiguous_as(*assigned_view(*values, along.shape), a.type());
  call.charge({.in = size_of(a), .extra = static_cast<double>(along.offsets.size())}, a.type());
  Writer writer(*flat, *spread);
  std::int64_t v = 0;
  for (const std::int64_t offset : along.offsets) writer.put(offset, v++);
  if (flat->storage() != a.storage()) copy_into(a, *detail::reshaped(*flat, a.dims()));
  call.wrote_into(a);
  return Result::none();
}

// ---- copyto ----

void require_casting(const Operand& from, DType to, std::string_view rule) {
  const DType source = from.weak ? promote_weak(to, *from.weak) : from.type();
  const bool ok = rule == "unsafe"                  ? true
                  : rule == "safe"                  ? can_cast_safe(source, to)
                  : rule == "no" || rule == "equiv" ? source == to
                                                    : can_cast_same_kind(source, to);
  if (!ok)
    throw_type_error(fmt::format("Cannot cast array data from dtype('{}') to dtype('{}') according to the rule '{}'",
                                 name_of(from.type()), name_of(to), rule));
}

Result run_copyto(Call& call) {
  const Array& dst = target_of(call);
  const Operand src = to_operand(call.arg(1));
  require_casting(src, dst.type(), call.arg(2).is_absent() ? "same_kind" : call.arg(2).as_string());
  ufunc::require_fits(call.arg(1), dst.type());
  const ArrayRef spread = assigned_view(*src.array, dst.dims());
  const Value& where = call.arg(3);
  const bool everywhere = where.is_missing() || (where.is(ValueKind::boolean) && where.i != 0);
  ArrayRef mask;
  // `extra`: the elements written; `queries`: the true elements of the mask as given, or the source's size without one.
  PriceInput price{
      .in = size_of(*src.array), .out = size_of(dst), .queries = size_of(*src.array), .extra = size_of(dst)};
  if (!everywhere) {
    const ArrayRef given = to_array(where);
    if (given->type() != DType::bool_) throw_type_error("where must be a boolean array");
    mask = copy_of(*broadcast_view(*given, dst.dims()));
    const auto hits = [](const Array& m) { return size_of(*detail::nonzero_positions(*detail::flattened(m))[0]); };
    price.queries = hits(*given);
    price.extra = hits(*mask);
  }
  call.charge(price, promote(src.type(), dst.type()));
  if (everywhere) {
    copy_into(dst, *spread);
  } else {
    const ArrayRef values = contiguous_as(*spread, dst.type());
    Writer writer(dst, *values);
    for (std::int64_t i = 0; i < mask->size; ++i)
      if (mask->items<bool>()[i]) writer.put_flat(i, i);
  }
  call.wrote_into(dst);
  return Result::none();
}

constexpr Operation k_operations[] = {
    {.name = "fill_diagonal", .signature = "a, val, wrap=False", .run = run_fill_diagonal, .formula = "touched"},
    {.name = "put", .signature = "a, ind, v, mode='raise'", .run = run_put, .formula = "touched"},
    {.name = "place", .signature = "arr, mask, vals", .run = run_masked, .formula = "read", .variant = 1},
    {.name = "putmask", .signature = "a, mask, values", .run = run_masked, .formula = "read"},
    {.name = "put_along_axis",
     .signature = "arr, indices, values, axis=-1",
     .run = run_put_along_axis,
     .formula = "touched"},
    {.name = "copyto",
     .signature = "dst, src, casting='same_kind', where=True",
     .run = run_copyto,
     .formula = "touched",
     .log_shapes = LogShapes::none},
};

}  // namespace

detail::Table detail::gather_write_operations() { return k_operations; }

}  // namespace flopscope
