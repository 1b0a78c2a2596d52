// SPDX-License-Identifier: MIT
// The movement family: elements repeated, shifted, removed, inserted, converted.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <whest/flopscope/ops/detail/layout.hpp>
#include <whest/flopscope/ops/detail/positions.hpp>
#include <whest/flopscope/ops/detail/reduce.hpp>
#include <whest/flopscope/ops/detail/tables.hpp>
#include <whest/flopscope/symmetry/tag.hpp>

namespace flopscope {
namespace {

using detail::with_tag;

double size_of(const Array& a) { return static_cast<double>(a.size); }
double size_of(std::span<const std::int64_t> shape) { return static_cast<double>(element_count(shape)); }
std::vector<int> ints(const Dims& d) { return {d.begin(), d.end()}; }

// ---- tile, repeat, roll, resize ----

Result run_tile(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  Dims reps;
  for (const std::int64_t r : detail::to_ints(call.arg(1), "reps")) {
    if (r < 0) throw_value_error("negative dimensions are not allowed");
    reps.push_back(r);
  }
  Dims shape(a->dims());
  while (reps.size() < shape.size()) reps.insert(0, 1);
  while (shape.size() < reps.size()) shape.insert(0, 1);
  Dims out_shape, split, spread;  // every axis of length n repeated r times is an axis r beside one of n
  for (int d = 0; d < shape.size(); ++d) {
    out_shape.push_back(reps[d] * shape[d]);
    split.push_back(1);
    split.push_back(shape[d]);
    spread.push_back(reps[d]);
    spread.push_back(shape[d]);
  }
  call.charge({.in = size_of(*a), .out = size_of(out_shape)}, a->type());
  ArrayRef out = Array::make(a->type(), out_shape);
  copy_into(*detail::reshaped(*out, spread), *broadcast_view(*detail::reshaped(*a, split), spread));
  return with_tag(out, symmetry::tile(a->tag(), a->ndim, reps));
}

// The length of an axis of n whose items are repeated so often; one count: each. The axis may be longer than anybody
// could walk: it is priced before.
std::int64_t repeated_length(std::span<const std::int64_t> counts, std::int64_t n) {
  if (std::ranges::any_of(counts, [](std::int64_t c) { return c < 0; }) && n > 0)
    throw_value_error("repeats may not contain negative values.");
  std::int64_t length = 0;
  bool too_big = false;
  if (counts.size() == 1) {
    too_big = __builtin_mul_overflow(counts[0], n, &length);
  } else {
    for (const std::int64_t c : counts) too_big = too_big || __builtin_add_overflow(length, c, &length);
  }
  if (too_big) throw_value_error("array is too big");
  return length;
}

// Each item of the axis as often as its count says; one count: each.
ArrayRef repeated(const Array& a, int axis, std::span<const std::int64_t> counts, std::int64_t length) {
  Dims shape(a.dims());
  shape[axis] = length;
  const ArrayRef out = Array::make(a.type(), shape), from = contiguous_copy_if_needed(a);
  if (out->size == 0) return out;
  const std::int64_t n = a.shape[axis], step = counts.size() == 1 ? 0 : 1;
  std::int64_t outer = 1, item = a.item_bytes();
  for (int d = 0; d < axis; ++d) outer *= a.shape[d];
  for (int d = axis + 1; d < a.ndim; ++d) item *= a.shape[d];
  const std::byte* src = from->items<std::byte>();
  std::byte* dst = out->mutable_items<std::byte>();
  detail::with_item_size(item, [&](auto size) {
    for (std::int64_t o = 0; o < outer; ++o)
      for (std::int64_t i = 0; i < n; ++i, src += item)
        for (std::int64_t left = counts[static_cast<std::size_t>(i * step)]; left > 0; --left, dst += item)
          std::memcpy(dst, src, size());
  });
  return out;
}

Result run_repeat(Call& call) {
  ArrayRef a = to_array(call.arg(0));
  const TagRef tag = a->tag();
  const bool flat = call.arg(2).is_absent();
  if (flat || a->ndim == 0) a = detail::flattened(*a);
  const int axis = flat ? 0 : to_axis(call.arg(2), a->ndim, 0);
  const std::vector<std::int64_t> counts = call.arg(1).is(ValueKind::real)
                                               ? std::vector{to_whole(call.arg(1), "repeats")}
                                               : detail::to_ints(call.arg(1), "repeats");
  const std::int64_t n = a->shape[axis];
  if (counts.size() != 1 && static_cast<std::int64_t>(counts.size()) != n)
    throw_value_error(fmt::format("operands could not be broadcast together with shape ({},) ({},)", n, counts.size()));
  Dims shape(a->dims());
  shape[axis] = repeated_length(counts, n);
  detail::charge_method(call, "repeat", {.in = size_of(*a), .out = size_of(shape)}, a->type());
  const ArrayRef out = repeated(*a, axis, counts, shape[axis]);
  return flat ? out : with_tag(out, symmetry::change_axes(tag, ints(Dims{axis})));
}

// Elements moved `shift` places along one axis, those at the end coming in at the front.
ArrayRef rolled(const Array& a, int axis, std::int64_t shift) {
  const std::int64_t n = a.shape[axis];
  if (a.size == 0) return copy_of(a);
  shift = ((shift % n) + n) % n;
  ArrayRef out = Array::make(a.type(), a.dims());
  copy_into(*detail::sliced(*out, axis, shift, n - shift), *detail::sliced(a, axis, 0, n - shift));
  copy_into(*detail::sliced(*out, axis, 0, shift), *detail::sliced(a, axis, n - shift, shift));
  return out;
}

Result run_roll(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  std::vector<std::int64_t> shifts = detail::to_ints(call.arg(1), "shift");
  const bool flat = call.arg(2).is_absent();
  std::vector<int> axes;
  if (!flat)
    for (const std::int64_t axis : detail::to_ints(call.arg(2), "axis")) axes.push_back(normalize_axis(axis, a->ndim));
  if (!flat && shifts.size() != axes.size() && shifts.size() != 1 && axes.size() != 1)
    throw_value_error("'shift' and 'axis' should be scalars or 1D sequences of fitting lengths");
  if (!flat && axes.empty()) shifts.clear();  // nothing to move along
  if (shifts.empty() && axes.size() == 1) axes.clear();
  if (!flat && shifts.empty() != axes.empty())
    throw_value_error("'shift' and 'axis' should be scalars or 1D sequences of fitting lengths");
  call.charge({.in = size_of(*a), .out = size_of(*a)}, a->type());
  if (flat) {
    std::int64_t total = 0;
    for (const std::int64_t s : shifts) total += a->size > 0 ? s % a->size : 0;
    return detail::reshaped(*rolled(*detail::flattened(*a), 0, total), a->dims());
  }
  ArrayRef out = copy_of(*a);
  for (std::size_t i = 0; i < std::max(shifts.size(), axes.size()); ++i)
    out = rolled(*out, axes[axes.size() == 1 ? 0 : i], shifts[shifts.size() == 1 ? 0 : i]);
  return with_tag(out, symmetry::change_axes(a->tag(), axes));
}

Result run_resize(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const Dims shape = to_shape(call.arg(1), "new_shape");
  const std::int64_t n = element_count(shape);
  call.charge({.in = size_of(*a), .out = static_cast<double>(n)}, a->type());
  if (a->size == 0) return zeros(a->type(), shape);
  std::vector<std::int64_t> index(static_cast<std::size_t>(n));
  for (std::int64_t i = 0; i < n; ++i) index[static_cast<std::size_t>(i)] = i % a->size;
  return detail::reshaped(*detail::gathered(*detail::flattened(*a), 0, index), shape);
}

// ---- delete, insert, trim_zeros ----

// The positions that an `obj` argument names on an axis: an integer, a slice, integers or a mask.
std::vector<std::int64_t> positions_of(const Value& obj, std::int64_t n, bool one_past) {
  std::vector<std::int64_t> out;
  if (obj.is(ValueKind::slice)) {
    const auto three = obj.as_items();
    std::int64_t step = three[2].is_absent() ? 1 : to_int(three[2], "step");
    if (step == 0) throw_value_error("slice step cannot be zero");
    step = std::clamp(step, -n - 1, n + 1);  // further steps leave the axis as well, and could overflow
    const std::int64_t low = step > 0 ? 0 : -1, high = step > 0 ? n : n - 1;
    const auto bound = [&](const Value& v, std::int64_t if_absent) {
      if (v.is_absent()) return if_absent;
      const std::int64_t i = to_int(v, "slice index");
      return std::clamp(i < 0 ? i + n : i, low, high);
    };
    const std::int64_t stop = bound(three[1], step > 0 ? high : low);
    for (std::int64_t i = bound(three[0], step > 0 ? low : high); step > 0 ? i < stop : i > stop; i += step)
      out.push_back(i);
    return out;
  }
  const ArrayRef a = to_array(obj);
  if (a->type() == DType::bool_ && a->ndim > 0) {
    if (!one_past && a->size != n)
      throw_value_error(fmt::format("a boolean `obj` must be one dimensional and match the axis length of {}", n));
    const ArrayRef hits = detail::nonzero_positions(*detail::flattened(*a))[0];
    if (hits->size > 0 && hits->items<std::int64_t>()[hits->size - 1] > n)
      throw_index_error(fmt::format("a true element of `obj` is out of bounds for axis with size {}", n));
    out.assign(hits->items<std::int64_t>(), hits->items<std::int64_t>() + hits->size);
    return out;
  }
  if (a->size > 0 && !is_integer(a->type()) && a->type() != DType::bool_)
    throw_index_error("arrays used as indices must be of integer (or boolean) type");
  const std::int64_t limit = one_past ? n + 1 : n;
  for (std::int64_t i : detail::to_ints(Value(*a), "obj")) {
    if (i < -n || i >= limit) throw_index_error(fmt::format("index {} is out of bounds for axis with size {}", i, n));
    out.push_back(i < 0 ? i + n : i);
  }
  return out;
}

Result run_delete(Call& call) {
  ArrayRef a = to_array(call.arg(0));
  const bool flat = call.arg(2).is_absent();
  if (flat) a = detail::flattened(*a);
  const int axis = flat ? 0 : to_axis(call.arg(2), a->ndim, 0);
  const std::int64_t n = a->shape[axis];
  const ArrayRef stays = Array::make(DType::bool_, Dims{n});
  std::fill_n(stays->mutable_items<bool>(), n, true);
  for (const std::int64_t i : positions_of(call.arg(1), n, false)) stays->mutable_items<bool>()[i] = false;
  const ArrayRef kept = detail::nonzero_positions(*stays)[0];
  Dims shape(a->dims());
  shape[axis] = kept->size;
  call.charge({.in = size_of(*a), .out = size_of(shape), .extra = size_of(*a) - size_of(shape)}, a->type());
  return detail::gathered(*a, axis, {kept->items<std::int64_t>(), static_cast<std::size_t>(kept->size)});
}

// Places the rows of `rows` among those of `a` along an axis: positions are counted in `a` before anything is inserted,
// equal ones stay in their order. Runs of `a` between them are moved whole.
void merge_rows(const Array& out, const Array& a, const Array& rows, int axis,
                const std::vector<std::int64_t>& before) {
  std::vector<std::size_t> order(before.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t x, std::size_t y) { return before[x] < before[y]; });
  std::int64_t outer = 1, inner = a.item_bytes();
  for (int d = 0; d < axis; ++d) outer *= a.shape[d];
  for (int d = axis + 1; d < a.ndim; ++d) inner *= a.shape[d];
  const ArrayRef whole = contiguous_copy_if_needed(a);
  const std::byte *from = whole->items<std::byte>(), *inserted = rows.items<std::byte>();
  auto* to = out.mutable_items<std::byte>();
  const auto move = [&](const std::byte* source, std::int64_t count) { to = std::copy_n(source, count * inner, to); };
  for (std::int64_t o = 0; o < outer; ++o) {
    std::int64_t done = 0;
    for (const std::size_t i : order) {
      move(from + done * inner, before[i] - done);
      move(inserted + static_cast<std::int64_t>(i) * inner, 1);
      done = before[i];
    }
    move(from + done * inner, a.shape[axis] - done);
    from += a.shape[axis] * inner;
    inserted += rows.shape[axis] * inner;
  }
}

Result run_insert(Call& call) {
  const Operand given = to_operand(call.arg(0));
  const Operand values = to_operand(call.arg(2));
  ArrayRef a = given.array;
  const bool flat = call.arg(3).is_absent();
  if (flat) a = detail::flattened(*a);
  const int axis = flat ? 0 : to_axis(call.arg(3), a->ndim, 0);
  const bool one = call.arg(1).is_scalar() || (call.arg(1).is_array() && call.arg(1).as_array().ndim == 0);
  std::vector<std::int64_t> before = positions_of(call.arg(1), a->shape[axis], true);
  ArrayRef source = values.array;
  Dims inserted(a->dims());
  if (before.size() == 1) {
    // One position: as many rows as the values have. Named by a plain integer, the values' first axis is the one that
    // goes to `axis`.
    Dims full(source->dims());
    while (full.size() < a->ndim) full.insert(0, 1);
    source = detail::reshaped(*source, full);
    if (one && axis > 0) {
      Dims perm;
      for (int d = 1; d < source->ndim; ++d) perm.push_back(d);
      perm.insert(axis, 0);
      source = detail::permuted(*source, perm);
    }
    before.assign(static_cast<std::size_t>(source->shape[axis]), before[0]);
  }
  inserted[axis] = static_cast<std::int64_t>(before.size());
  ufunc::require_each_fits(call.arg(2), a->type());
  const ArrayRef rows = cast(*assigned_view(*source, inserted), a->type());
  Dims shape(a->dims());
  shape[axis] += inserted[axis];
  const bool weak_is_array = (given.weak || values.weak) && call.model.rule("bills_weak_scalars_as_arrays");
  const DType billed = weak_is_array ? promote(given.type(), values.type()) : result_type({given, values});
  call.charge({.in = size_of(*a), .out = size_of(shape), .extra = size_of(*values.array)}, billed);
  ArrayRef out = Array::make(a->type(), shape);
  if (out->size > 0) merge_rows(*out, *a, *rows, axis, before);
  return out;
}

Result run_trim_zeros(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const std::string_view trim = call.arg(1).is_absent() ? "fb" : call.arg(1).as_string();
  for (const char c : trim)
    if (c != 'f' && c != 'b' && c != 'F' && c != 'B')
      throw_value_error(fmt::format("unexpected character(s) in `trim`: '{}'", trim));
  const bool front = trim.find_first_of("fF") != std::string_view::npos;
  const bool back = trim.find_first_of("bB") != std::string_view::npos;
  const std::vector<ArrayRef> hits = detail::nonzero_positions(*a);
  Dims only;
  if (!call.arg(2).is_absent()) only = to_axes(call.arg(2), a->ndim).value_or(Dims{});
  ArrayRef out = detail::alias_of(*a);
  for (int d = 0; d < a->ndim; ++d) {
    if (!call.arg(2).is_absent() && std::find(only.begin(), only.end(), d) == only.end()) continue;
    const Array& along = *hits[static_cast<std::size_t>(d)];
    if (along.size == 0) {
      out = detail::sliced(*out, d, 0, 0);
      continue;
    }
    const auto* p = along.items<std::int64_t>();
    const auto [least, most] = std::minmax_element(p, p + along.size);
    const std::int64_t from = front ? *least : 0, to = back ? *most + 1 : a->shape[d];
    out = detail::sliced(*out, d, from, to - from);
  }
  call.charge({.in = size_of(*a), .out = size_of(*out), .extra = size_of(*a) - size_of(*out)}, a->type());
  return out;
}

// ---- astype, require ----

Result run_astype(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const std::optional<DType> dtype = to_dtype(call.arg(1));
  if (!dtype) throw_type_error("astype() needs a dtype");
  const std::string_view casting = !call.arg(3).is_absent() ? call.arg(3).as_string() : "unsafe";
  if ((casting == "safe" && !can_cast_safe(a->type(), *dtype)) ||
      (casting == "same_kind" && !can_cast_same_kind(a->type(), *dtype)))
    throw_type_error(fmt::format("Cannot cast array data from dtype('{}') to dtype('{}') according to the rule '{}'",
                                 name_of(a->type()), name_of(*dtype), casting));
  const bool nothing_to_do = !to_bool(call.arg(2), true) && *dtype == a->type();
  detail::charge_method(call, "astype", {.in = nothing_to_do ? 0 : size_of(*a)},
                        detail::heavier(call.model, a->type(), *dtype));
  if (!nothing_to_do) return cast(*a, *dtype);
  const bool is_method_of_numpy = call.op.name != "astype" && !a->tag() && call.model.rule("astype.returns_itself");
  return is_method_of_numpy ? a : detail::alias_of(*a);
}

// What `requirements` asks for: a letter, several in one text, or a list of letters and names.
struct Requirements {
  char order = 'K';
  bool writable = false, owned = false, plain = false;

  explicit Requirements(const Value& asked) {
    if (asked.is_absent()) return;
    if (asked.is(ValueKind::string)) {
      for (const char letter : asked.as_string()) add({&letter, 1});
      return;
    }
    if (!asked.is_sequence()) throw_type_error("requirements must be a text or a list of texts");
    for (const Value& name : asked.as_items()) {
      if (!name.is(ValueKind::string)) throw_type_error("a requirement must be a text");
      add(name.as_string());
    }
  }

 private:
  void add(std::string_view name) {
    std::string upper(name);
    std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    const auto is = [&](std::initializer_list<std::string_view> names) {
      return std::ranges::find(names, upper) != names.end();
    };
    if (is({"C", "C_CONTIGUOUS", "CONTIGUOUS"}))
      lie_in('C');
    else if (is({"F", "F_CONTIGUOUS", "FORTRAN"}))
      lie_in('F');
    else if (is({"W", "WRITEABLE"}))
      writable = true;
    else if (is({"O", "OWNDATA"}))
      owned = true;
    else if (is({"E", "ENSUREARRAY"}))
      plain = true;
    else if (!is({"A", "ALIGNED"}))
      throw Error(ErrorKind::key_error, fmt::format("'{}'", upper));
  }
  void lie_in(char asked) {
    if (order != 'K' && order != asked) throw_value_error("Cannot specify both \"C\" and \"F\" order");
    order = asked;
  }
};

// The array itself where it is as required already. No array of the packages owns its memory.
Result run_require(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const DType dtype = to_dtype(call.arg(1), a->type());
  const Requirements required(call.arg(2));
  call.charge({.in = size_of(*a)}, dtype);
  if (dtype != a->type()) return cast(*a, dtype);
  if (!detail::lies_in(*a, required.order)) return copy_of(*a);
  if (required.owned || (required.writable && a->storage()->is_read_only())) {
    detail::charge_method(call, "copy", {.in = size_of(*a)}, dtype);
    return required.plain ? copy_of(*a) : with_tag(copy_of(*a), a->tag());
  }
  return required.plain ? detail::alias_of(*a) : a;
}

constexpr Operation copying(std::string_view name, std::string_view signature, Kernel run, std::string_view formula,
                            LogShapes shapes = LogShapes::none) {
  return {.name = name, .signature = signature, .run = run, .formula = formula, .log_shapes = shapes};
}

constexpr Operation k_operations[] = {
    copying("tile", "A, reps", run_tile, "written.at_least_1"),
    copying("repeat", "a, repeats, axis=None", run_repeat, "written.at_least_1", LogShapes::first),
    copying("roll", "a, shift, axis=None", run_roll, "written.at_least_1", LogShapes::first),
    copying("resize", "a, new_shape", run_resize, "written"),
    copying("delete", "arr, obj, axis=None", run_delete, "written"),
    copying("insert", "arr, obj, values, axis=None", run_insert, "written"),
    copying("trim_zeros", "filt, trim='fb', axis=None", run_trim_zeros, "read"),
    copying("astype", "x, dtype, *, copy=True", run_astype, "read", LogShapes::first),
    copying("method.astype", "a, dtype, *, copy=True, casting='unsafe', order='K', subok=True", run_astype, "read",
            LogShapes::first),
    copying("require", "a, dtype=None, requirements=None", run_require, "read.at_least_1"),
};

}  // namespace

detail::Table detail::movement_copy_operations() { return k_operations; }

}  // namespace flopscope
