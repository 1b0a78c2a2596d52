// SPDX-License-Identifier: MIT
// The sorting family: sort, argsort, lexsort, partition, searchsorted, digitize.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <numeric>
#include <span>
#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/ops/detail/layout.hpp>
#include <whest/flopscope/ops/detail/order.hpp>
#include <whest/flopscope/ops/detail/tables.hpp>

namespace flopscope {
namespace {

// The array and axis that a call works along; axis None flattens.
struct Along {
  ArrayRef a;
  int axis = 0;
};

Along along_of(const ArrayRef& a, const Value& axis) {
  if (axis.is(ValueKind::none)) return {detail::flattened(*a), 0};
  return {a, to_axis(axis, a->ndim, -1)};
}

PriceInput lines_price(const Array& a, int axis) {
  const auto length = static_cast<double>(a.shape[axis]);
  return {.in = static_cast<double>(a.size),
          .length = length,
          .slices = length > 0 ? static_cast<double>(a.size) / length : 1};
}

void require_kind(const Value& kind) {
  if (kind.is_absent()) return;
  for (const std::string_view known : {"quicksort", "mergesort", "heapsort", "stable"})
    if (kind.as_string() == known) return;
  throw_value_error(fmt::format("sort kind must be one of 'quick', 'heap', or 'stable' (got '{}')", kind.as_string()));
}

// One of `kind` and `stable`; `order` is for records, which arrays of numbers have none of.
void require_no_conflict(const Value& kind, const Value& order, const Value& stable) {
  if (!order.is_absent()) throw_value_error("Cannot specify order when the array has no fields.");
  if (!kind.is_absent() && !stable.is_absent())
    throw_value_error("`kind` and keyword parameters can't be provided at the same time. Use only one of them.");
}

void require_introselect(const Value& kind) {
  if (!kind.is_absent() && kind.as_string() != "introselect")
    throw_value_error(fmt::format("select kind must be 'introselect' (got '{}')", kind.as_string()));
}

// ---- sort, argsort ----

void sort_lines(detail::Lines& lines) {
  visit_dtype(lines.data->type(), [&]<class T>() {
    T* line = lines.data->mutable_items<T>();
    for (std::int64_t k = 0; k < lines.lines; ++k, line += lines.length) detail::sort_line(line, lines.length);
  });
}

Result run_sort(Call& call) {
  const Along w = along_of(to_array(call.arg(0)), call.arg(1));
  require_kind(call.arg(2));
  require_no_conflict(call.arg(2), call.arg(3), call.model.rule("sort.ignores_stable") ? Value() : call.arg(4));
  call.charge(lines_price(*w.a, w.axis), w.a->type());
  detail::Lines lines = detail::lines_along(*w.a, w.axis);
  sort_lines(lines);
  return detail::put_back(lines, lines.data);
}

Result run_argsort(Call& call) {
  ArrayRef a = to_array(call.arg(0));
  require_kind(call.arg(2));
  require_no_conflict(call.arg(2), call.arg(3), call.arg(4));
  if (a->ndim == 0) a = detail::flattened(*a);
  const Along w = along_of(a, call.arg(1));
  call.charge(lines_price(*w.a, w.axis), w.a->type());
  const detail::Lines lines = detail::lines_along(*w.a, w.axis);
  return detail::put_back(lines, detail::argsorted(lines));
}

// The complex dtype NumPy sorts in: single precision for what fits it.
DType sorted_complex_type(DType d) {
  if (is_complex(d)) return d;
  return d == DType::int8 || d == DType::uint8 || d == DType::int16 || d == DType::uint16 ? DType::complex64
                                                                                          : DType::complex128;
}

Result run_sort_complex(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const int axis = normalize_axis(-1, a->ndim);
  const DType dtype = sorted_complex_type(a->type());
  call.charge(lines_price(*a, axis), dtype);
  detail::Lines lines = detail::lines_along(*a, axis);
  sort_lines(lines);
  const ArrayRef out = detail::put_back(lines, lines.data);
  return out->type() == dtype ? out : cast(*out, dtype);
}

Result run_lexsort(Call& call) {
  const std::vector<Operand> keys = detail::to_operands(call.arg(0), "keys");
  if (keys.empty()) throw_type_error("need sequence of keys with len > 0 in lexsort");
  const Array& first = *keys[0].array;
  DType dtype = first.type();
  for (const Operand& k : keys) {
    dtype = promote(dtype, k.type());
    if (!std::equal(k.array->dims().begin(), k.array->dims().end(), first.dims().begin(), first.dims().end()))
      throw_value_error("all keys need to be the same shape");
  }
  const int axis = first.ndim == 0 ? 0 : to_axis(call.arg(1), first.ndim, -1);
  const std::vector<std::span<const std::int64_t>> shapes(keys.size(), first.dims());
  call.state_shapes(shapes);
  if (first.ndim == 0) {
    call.charge({.length = 1, .slices = 1, .parts = static_cast<double>(keys.size())}, dtype);
    return zeros(DType::int64, {});
  }
  PriceInput price = lines_price(first, axis);
  price.parts = static_cast<double>(keys.size());
  call.charge(price, dtype);
  // Sorted stably by one key after the other, the last key last, so that it decides first.
  const detail::Lines shape = detail::lines_along(first, axis);
  ArrayRef order = Array::make(DType::int64, shape.data->dims());
  std::int64_t* at = order->mutable_items<std::int64_t>();
  for (std::int64_t k = 0; k < shape.lines; ++k) std::iota(at + k * shape.length, at + (k + 1) * shape.length, 0);
  for (const Operand& key : keys) {
    const detail::Lines lines = detail::lines_along(*key.array, axis);
    visit_dtype(key.type(), [&]<class T>() {
      for (std::int64_t k = 0; k < lines.lines; ++k) {
        const T* line = lines.data->items<T>() + k * lines.length;
        std::stable_sort(at + k * lines.length, at + (k + 1) * lines.length,
                         [line](std::int64_t i, std::int64_t j) { return detail::Before<T>{}(line[i], line[j]); });
      }
    });
  }
  return detail::put_back(shape, order);
}

// ---- partition ----

std::vector<std::int64_t> positions_of(const Value& kth, std::int64_t n) {
  std::vector<std::int64_t> out = detail::to_ints(kth, "kth");
  for (std::int64_t& k : out) {
    if (k < -n || k >= n) throw_value_error(fmt::format("kth(={}) out of bounds ({})", k, n));
    k = k < 0 ? k + n : k;
  }
  std::sort(out.begin(), out.end());
  return out;
}

template <class I, class Less>
void select_line(I first, std::int64_t n, const std::vector<std::int64_t>& kth, Less less) {
  // Short lines are sorted whole, as vector units do it.
  constexpr std::int64_t k_sorted_whole = 256;
  if (n <= k_sorted_whole) {
    std::stable_sort(first, first + n, less);
    return;
  }
  detail::select_positions(first, first + n, kth, less);
}

struct Selection {
  Along w;
  std::vector<std::int64_t> kth;
  PriceInput price;
};

Selection selection_of(const Call& call) {
  require_introselect(call.arg(3));
  require_no_conflict({}, call.arg(4), {});
  const ArrayRef a = to_array(call.arg(0));
  Selection s{.w = along_of(a, call.arg(2)), .kth = {}, .price = {}};
  s.kth = s.w.a->size == 0 ? std::vector<std::int64_t>{} : positions_of(call.arg(1), s.w.a->shape[s.w.axis]);
  // The price counts lines along the last axis even where the array is flattened first; the product is the same.
  s.price = lines_price(*s.w.a, s.w.axis);
  s.price.parts = static_cast<double>(detail::to_ints(call.arg(1), "kth").size());
  return s;
}

Result run_partition(Call& call) {
  const Selection s = selection_of(call);
  call.charge(s.price, s.w.a->type());
  const detail::Lines lines = detail::lines_along(*s.w.a, s.w.axis);
  visit_dtype(lines.data->type(), [&]<class T>() {
    T* line = lines.data->mutable_items<T>();
    for (std::int64_t k = 0; k < lines.lines; ++k, line += lines.length)
      select_line(line, lines.length, s.kth, detail::Before<T>{});
  });
  return detail::put_back(lines, lines.data);
}

Result run_argpartition(Call& call) {
  const Selection s = selection_of(call);
  call.charge(s.price, s.w.a->type());
  const detail::Lines lines = detail::lines_along(*s.w.a, s.w.axis);
  ArrayRef out = Array::make(DType::int64, lines.data->dims());
  visit_dtype(lines.data->type(), [&]<class T>() {
    const T* line = lines.data->items<T>();
    std::int64_t* at = out->mutable_items<std::int64_t>();
    for (std::int64_t k = 0; k < lines.lines; ++k, line += lines.length, at += lines.length) {
      std::iota(at, at + lines.length, 0);
      select_line(at, lines.length, s.kth,
                  [line](std::int64_t i, std::int64_t j) { return detail::Before<T>{}(line[i], line[j]); });
    }
  });
  return detail::put_back(lines, out);
}

// ---- searchsorted, digitize ----

bool to_side(const Value& side) {  // true: after equal elements
  if (side.is_absent() || side.as_string() == "left") return false;
  if (side.as_string() == "right") return true;
  throw_value_error(fmt::format("search side must be 'left' or 'right' (got '{}')", side.as_string()));
}

Result run_searchsorted(Call& call) {
  ArrayRef a = to_array(call.arg(0));
  const ArrayRef v = to_array(call.arg(1));
  const bool after = to_side(call.arg(2));
  if (a->ndim != 1) throw_value_error("object too deep for desired array");
  const DType dtype = promote(a->type(), v->type());
  if (!call.arg(3).is_absent()) {
    std::vector<std::int64_t> sorter = detail::to_ints(call.arg(3), "sorter");
    if (static_cast<std::int64_t>(sorter.size()) != a->size)
      throw_value_error("sorter.size must equal input array size");
    for (const std::int64_t i : sorter)
      if (i < 0 || i >= a->size) throw_value_error("Sorter index out of range.");
    a = detail::gathered(*a, 0, sorter);
  }
  call.charge({.length = static_cast<double>(a->size), .queries = static_cast<double>(v->size)}, dtype);
  return detail::search_sorted(*contiguous_as(*a, dtype), *contiguous_as(*v, dtype), after);
}

// Whether the bins ascend; throws ValueError where they go both ways. The first that are not equal tell, a NaN among
// them that they descend; later a NaN goes either way. So in NumPy.
bool ascends(const Array& bins) {
  const ArrayRef b = contiguous_as(bins, DType::float64);
  const std::span<const double> edges(b->items<double>(), static_cast<std::size_t>(b->size));
  const auto step = std::ranges::adjacent_find(edges, std::ranges::not_equal_to());
  if (step == edges.end()) return true;
  const bool up = step[0] < step[1];
  const bool turns = up ? std::ranges::adjacent_find(edges, std::ranges::greater()) != edges.end()
                        : std::ranges::adjacent_find(edges, std::ranges::less()) != edges.end();
  if (turns) throw_value_error("bins must be monotonically increasing or decreasing");
  return up;
}

Result run_digitize(Call& call) {
  const ArrayRef x = to_array(call.arg(0));
  const ArrayRef bins = to_array(call.arg(1));
  const bool right = to_bool(call.arg(2), false);
  if (is_complex(x->type())) throw_type_error("x may not be complex");
  if (bins->ndim != 1) throw_value_error("object of too small depth for desired array");
  const bool up = ascends(*bins);
  const DType dtype = promote(x->type(), bins->type());
  call.charge({.length = static_cast<double>(bins->size), .queries = static_cast<double>(x->size)}, dtype);
  const ArrayRef values = contiguous_as(*x, dtype), edges = contiguous_as(*bins, dtype);
  if (up) return detail::search_sorted(*edges, *values, !right);
  // Descending bins: counted from the other end.
  std::vector<std::int64_t> back(static_cast<std::size_t>(bins->size));
  for (std::size_t i = 0; i < back.size(); ++i) back[i] = static_cast<std::int64_t>(back.size() - 1 - i);
  const ArrayRef found = detail::search_sorted(*detail::gathered(*edges, 0, back), *values, !right);
  for (std::int64_t i = 0; i < found->size; ++i)
    found->mutable_items<std::int64_t>()[i] = bins->size - found->items<std::int64_t>()[i];
  return found;
}

constexpr Operation sorting(std::string_view name, std::string_view signature, Kernel run, std::string_view formula,
                            LogShapes shapes = LogShapes::first) {
  return {.name = name, .signature = signature, .run = run, .formula = formula, .log_shapes = shapes};
}

constexpr Operation k_operations[] = {
    sorting("sort", "a, axis=-1, kind=None, order=None, *, stable=None", run_sort, "sort.lines"),
    sorting("argsort", "a, axis=-1, kind=None, order=None, *, stable=None", run_argsort, "sort.lines"),
    sorting("sort_complex", "a", run_sort_complex, "sort.lines"),
    sorting("lexsort", "keys, axis=-1", run_lexsort, "sort.keys"),
    sorting("partition", "a, kth, axis=-1, kind='introselect', order=None", run_partition, "select.lines"),
    sorting("argpartition", "a, kth, axis=-1, kind='introselect', order=None", run_argpartition, "select.lines"),
    sorting("searchsorted", "a, v, side='left', sorter=None", run_searchsorted, "search", LogShapes::first_two),
    sorting("digitize", "x, bins, right=False", run_digitize, "search", LogShapes::first_two),
};

}  // namespace

std::span<const Operation> sorting_operations() {
  static const auto k_all = detail::joined(
      {k_operations, detail::sorting_set_operations(), detail::histogram_operations(), detail::count_operations()});
  return k_all;
}

}  // namespace flopscope
