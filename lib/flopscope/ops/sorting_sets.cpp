// SPDX-License-Identifier: MIT
// The sorting family: distinct elements and set operations on vectors.
#include <fmt/format.h>

#include <cmath>
#include <cstring>
#include <numeric>
#include <unordered_set>
#include <whest/flopscope/ops/detail/layout.hpp>
#include <whest/flopscope/ops/detail/order.hpp>
#include <whest/flopscope/ops/detail/tables.hpp>
#include <whest/flopscope/ops/detail/ufunc.hpp>

namespace flopscope {
namespace {

using Indices = std::vector<std::int64_t>;

double size_of(const Array& a) { return static_cast<double>(a.size); }

// Rows of equal length, compared element by element in order.
struct Rows {
  ArrayRef data;  // contiguous
  std::int64_t count = 0, width = 0;
};

template <class T>
int compare_rows(const T* a, const T* b, std::int64_t width) {
  const detail::Before<T> before;
  for (std::int64_t i = 0; i < width; ++i) {
    if (before(a[i], b[i])) return -1;
    if (before(b[i], a[i])) return 1;
  }
  return 0;
}

template <class T>
bool same_rows(const T* a, const T* b, std::int64_t width, bool equal_nan) {
  for (std::int64_t i = 0; i < width; ++i)
    if (!(a[i] == b[i]) && !(equal_nan && detail::is_nan(a[i]) && detail::is_nan(b[i]))) return false;
  return true;
}

// The numbers of the rows in ascending order of what they hold; stable.
Indices ascending_order(const Rows& rows) {
  if (rows.width == 1) {
    const ArrayRef line = detail::reshaped(*rows.data, Dims{rows.count});
    const ArrayRef order = detail::argsorted({.data = line, .perm = {}, .lines = 1, .length = rows.count});
    return {order->items<std::int64_t>(), order->items<std::int64_t>() + rows.count};
  }
  Indices order(static_cast<std::size_t>(rows.count));
  std::iota(order.begin(), order.end(), 0);
  visit_dtype(rows.data->type(), [&]<class T>() {
    const T* base = rows.data->items<T>();
    const std::int64_t w = rows.width;
    std::stable_sort(order.begin(), order.end(),
                     [&](std::int64_t i, std::int64_t j) { return compare_rows(base + i * w, base + j * w, w) < 0; });
  });
  return order;
}

// Distinct rows in ascending order.
struct Distinct {
  Indices first;    // where each occurs first
  Indices inverse;  // for every row the number of its distinct row
  Indices counts;
};

Distinct distinct(const Rows& rows, bool equal_nan) {
  Distinct out;
  const Indices order = ascending_order(rows);
  out.inverse.resize(order.size());
  visit_dtype(rows.data->type(), [&]<class T>() {
    const T* base = rows.data->items<T>();
    const std::int64_t w = rows.width;
    for (std::size_t k = 0; k < order.size(); ++k) {
      if (k == 0 || !same_rows(base + order[k - 1] * w, base + order[k] * w, w, equal_nan)) {
        out.first.push_back(order[k]);
        out.counts.push_back(0);
      }
      ++out.counts.back();
      out.inverse[static_cast<std::size_t>(order[k])] = static_cast<std::int64_t>(out.first.size()) - 1;
    }
  });
  return out;
}

Rows rows_of(const Array& a) { return {contiguous_copy_if_needed(a), a.size, 1}; }

ArrayRef ints(const Indices& v) { return vector_array<std::int64_t>(v); }
ArrayRef picked(const Array& a, const Indices& index) { return detail::gathered(*detail::flattened(a), 0, index); }

// The distinct elements alone, ascending: no positions need be carried along.
ArrayRef distinct_values(const Array& a, bool equal_nan) {
  const ArrayRef line = detail::reshaped(*copy_of(a), Dims{a.size});
  visit_dtype(a.type(), [&]<class T>() { detail::sort_line(line->mutable_items<T>(), a.size); });
  std::int64_t count = 0;
  visit_dtype(a.type(), [&]<class T>() {
    T* first = line->mutable_items<T>();
    count = std::unique(first, first + a.size,
                        [equal_nan](const T& x, const T& y) { return same_rows(&x, &y, 1, equal_nan); }) -
            first;
  });
  return copy_of(*detail::sliced(*line, 0, 0, count));
}

// ---- unique and its like ----

PriceInput unique_price(const Array& a, int axis) {
  PriceInput p{.in = size_of(a), .length = std::max(size_of(a), 1.0), .slices = 1};
  if (axis >= 0) {
    p.length = static_cast<double>(a.shape[axis]);
    p.slices = p.length > 0 ? size_of(a) / p.length : 1;
  }
  return p;
}

Result run_unique(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  if (!call.arg(4).is_absent() && a->ndim == 0) normalize_axis(to_int(call.arg(4), "axis"), 0);
  const int axis = call.arg(4).is_absent() ? -1 : to_axis(call.arg(4), a->ndim, 0);
  const bool by_axis = axis >= 0 && a->ndim > 1;  // the rows of a vector are its elements
  const bool equal_nan = to_bool(call.arg(5), true);
  call.charge(unique_price(*a, axis), a->type());
  const bool with_index = to_bool(call.arg(1), false), with_inverse = to_bool(call.arg(2), false),
             with_counts = to_bool(call.arg(3), false);
  if (!by_axis && !with_index && !with_inverse && !with_counts) return distinct_values(*a, equal_nan);
  Rows rows = rows_of(*a);
  Dims perm, shape;
  if (by_axis) {
    for (int d = 0; d < a->ndim; ++d)
      if (d != axis) perm.push_back(d);
    perm.insert(0, axis);
    const ArrayRef first = detail::permuted(*a, perm);
    shape = Dims(first->dims());
    rows = {copy_of(*first), shape[0], shape[0] == 0 ? 0 : a->size / shape[0]};
  }
  // Whole rows are compared as they are: a NaN in them equals nothing.
  const Distinct d = distinct(rows, equal_nan && !by_axis);
  std::vector<Result> out;
  if (by_axis) {
    Dims back(a->ndim, 0);
    for (int i = 0; i < a->ndim; ++i) back[static_cast<int>(perm[i])] = i;
    out.emplace_back(copy_of(*detail::permuted(*detail::gathered(*rows.data, 0, d.first), back)));
  } else {
    out.emplace_back(picked(*a, d.first));
  }
  if (with_index) out.emplace_back(ints(d.first));
  if (with_inverse) {
    const ArrayRef inverse = ints(d.inverse);
    out.emplace_back(by_axis ? inverse : detail::reshaped(*inverse, a->dims()));
  }
  if (with_counts) out.emplace_back(ints(d.counts));
  return out.size() == 1 ? std::move(out[0]) : Result::tuple(std::move(out));
}

enum Part { values = 1, indices = 2, inverse = 4, counts = 8 };

// unique_values leaves integers and complex numbers in the order of a hash table: the one of the GNU C++ library with
// FNV-1a over the bytes of an element and as many first buckets as there are elements, at most 1024 (NumPy 2.3).
template <class T>
struct ByteHash {
  std::size_t operator()(const T& value) const {
    T v = value;
    if constexpr (detail::k_is_complex_type<T>) v += T{};  // -0 hashes as 0
    unsigned char bytes[sizeof(T)];
    std::memcpy(bytes, &v, sizeof(T));
    std::size_t hash = 0xcbf29ce484222325ULL;
    for (const unsigned char b : bytes) hash = (hash ^ b) * 0x100000001b3ULL;
    return hash;
  }
};

template <class T>
ArrayRef hashed_values(const Array& a) {
  constexpr std::size_t k_most_first_buckets = 1024;
  const ArrayRef from = contiguous_copy_if_needed(a);
  std::unordered_set<T, ByteHash<T>> set(std::min(static_cast<std::size_t>(a.size), k_most_first_buckets));
  set.insert(from->items<T>(), from->items<T>() + a.size);
  ArrayRef out = Array::make(a.type(), Dims{static_cast<std::int64_t>(set.size())});
  std::copy(set.begin(), set.end(), out->mutable_items<T>());
  return out;
}

Result run_unique_values(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  call.charge(unique_price(*a, -1), a->type());
  if (a->type() == DType::bool_ || is_real_floating(a->type())) return distinct_values(*a, false);
  return visit_dtype(a->type(), [&]<class T>() -> Result {
    if constexpr (std::is_same_v<T, bool> || detail::k_is_real_type<T>)
      return Result::none();
    else
      return hashed_values<T>(*a);
  });
}

// unique_all and its like: NaN equals nothing; the parts that `variant` names.
Result run_unique_parts(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const int parts = call.op.variant;
  call.charge(unique_price(*a, -1), a->type());
  const Distinct d = distinct(rows_of(*a), false);
  std::vector<Result> out{picked(*a, d.first)};
  if (parts & indices) out.emplace_back(ints(d.first));
  if (parts & inverse) out.emplace_back(detail::reshaped(*ints(d.inverse), a->dims()));
  if (parts & counts) out.emplace_back(ints(d.counts));
  return Result::tuple(std::move(out));
}

// ---- two sets ----

struct Two {
  ArrayRef a, b;  // flat, of one dtype
  DType dtype;
  PriceInput price;
};

Two two_of(const Call& call) {
  const ArrayRef a = to_array(call.arg(0)), b = to_array(call.arg(1));
  const DType dtype = promote(a->type(), b->type());
  return {detail::flattened(*contiguous_as(*a, dtype)),
          detail::flattened(*contiguous_as(*b, dtype)),
          dtype,
          {.m = size_of(*a), .n = size_of(*b)}};
}

ArrayRef concatenated(const Array& a, const Array& b) {
  ArrayRef out = Array::make(a.type(), Dims{a.size + b.size});
  copy_into(*detail::sliced(*out, 0, 0, a.size), a);
  copy_into(*detail::sliced(*out, 0, a.size, b.size), b);
  return out;
}

ArrayRef unique_of(const ArrayRef& a) { return distinct_values(*a, true); }

// For each element of `a` whether it is among `b` (one dtype; NaN is among nothing).
std::vector<bool> among(const Array& a, const Array& b) {
  std::vector<bool> out(static_cast<std::size_t>(a.size));
  visit_dtype(a.type(), [&]<class T>() {
    std::vector<T> sorted(static_cast<std::size_t>(b.size));
    if constexpr (!std::is_same_v<T, bool>) {
      std::copy_n(b.items<T>(), b.size, sorted.begin());
      std::sort(sorted.begin(), sorted.end(), detail::Before<T>{});
      for (std::int64_t i = 0; i < a.size; ++i)
        out[static_cast<std::size_t>(i)] =
            !detail::is_nan(a.items<T>()[i]) &&
            std::binary_search(sorted.begin(), sorted.end(), a.items<T>()[i], detail::Before<T>{});
    } else {
      for (std::int64_t i = 0; i < a.size; ++i)
        out[static_cast<std::size_t>(i)] =
            std::find(b.items<bool>(), b.items<bool>() + b.size, a.items<bool>()[i]) != b.items<bool>() + b.size;
    }
  });
  return out;
}

// Both as given, one after the other: a plain number is weak here.
ArrayRef joined(const Call& call, const Two& s) {
  const ufunc::Input both[] = {ufunc::Input(call.arg(0)), ufunc::Input(call.arg(1))};
  return contiguous_as(*concatenated(*s.a, *s.b), ufunc::result_type(both));
}

Result run_union1d(Call& call) {
  const Two s = two_of(call);
  call.charge(s.price, s.dtype);
  return unique_of(joined(call, s));
}

Result run_intersect1d(Call& call) {
  Two s = two_of(call);
  const bool already_unique = to_bool(call.arg(2), false);
  s.price.parts = already_unique ? 1 : 0;
  call.charge(s.price, s.dtype);
  Indices in_a(static_cast<std::size_t>(s.a->size)), in_b(static_cast<std::size_t>(s.b->size));
  std::iota(in_a.begin(), in_a.end(), 0);
  std::iota(in_b.begin(), in_b.end(), 0);
  if (!already_unique) {
    in_a = distinct(rows_of(*s.a), true).first;
    in_b = distinct(rows_of(*s.b), true).first;
  }
  const ArrayRef both = concatenated(*picked(*s.a, in_a), *picked(*s.b, in_b));
  Indices order(static_cast<std::size_t>(both->size)), common, found_a, found_b;
  std::iota(order.begin(), order.end(), 0);
  const auto from_a = static_cast<std::int64_t>(in_a.size());
  visit_dtype(both->type(), [&]<class T>() {
    const T* x = both->items<T>();
    std::stable_sort(order.begin(), order.end(),
                     [x](std::int64_t i, std::int64_t j) { return detail::Before<T>{}(x[i], x[j]); });
    // Neighbours that are equal; of inputs wrongly called unique they may come from one side, as in NumPy.
    for (std::size_t k = 0; k + 1 < order.size(); ++k)
      if (x[order[k]] == x[order[k + 1]]) {
        common.push_back(order[k]);
        found_a.push_back(already_unique ? order[k] : in_a[static_cast<std::size_t>(order[k])]);
        found_b.push_back(already_unique ? order[k + 1] - from_a
                                         : in_b[static_cast<std::size_t>(order[k + 1] - from_a)]);
      }
  });
  const ArrayRef values = picked(*both, common);
  if (!to_bool(call.arg(3), false)) return values;
  return Result::tuple({values, ints(found_a), ints(found_b)});
}

Result run_setdiff1d(Call& call) {
  const Two s = two_of(call);
  call.charge(s.price, s.dtype);
  const ArrayRef own = to_array(call.arg(0));
  const ArrayRef a = to_bool(call.arg(2), false) ? detail::flattened(*own) : unique_of(detail::flattened(*own));
  const std::vector<bool> gone = among(*contiguous_as(*a, s.dtype), *s.b);
  Indices kept;
  for (std::int64_t i = 0; i < a->size; ++i)
    if (!gone[static_cast<std::size_t>(i)]) kept.push_back(i);
  return detail::gathered(*a, 0, kept);
}

Result run_setxor1d(Call& call) {
  const Two s = two_of(call);
  call.charge(s.price, s.dtype);
  const bool already_unique = to_bool(call.arg(2), false);
  const ArrayRef both = already_unique ? joined(call, s) : concatenated(*unique_of(s.a), *unique_of(s.b));
  // Distinct elements of both together that occur once; a NaN always stands alone.
  const Distinct d = distinct(rows_of(*both), false);
  Indices once;
  for (std::size_t i = 0; i < d.first.size(); ++i)
    if (d.counts[i] == 1) once.push_back(d.first[i]);
  return picked(*both, once);
}

bool is_tabular(DType d) { return d == DType::bool_ || is_integer(d); }

Result run_isin(Call& call) {
  const Value& kind = call.arg(4);
  if (kind.is(ValueKind::string) && kind.as_string() != "sort" && kind.as_string() != "table")
    throw_value_error(fmt::format("Invalid kind: '{}'. Please use None, 'sort' or 'table'.", kind.as_string()));
  Two s = two_of(call);
  const ArrayRef element = to_array(call.arg(0)), test = to_array(call.arg(1));
  // A few test elements are compared one by one, unless a table of integers can be made.
  const bool one_by_one = !(is_tabular(element->type()) && is_tabular(test->type())) &&
                          s.price.n < 10 * std::pow(std::max(s.price.m, 1.0), 0.145);
  s.price.parts = one_by_one ? 1 : 0;
  const bool invert = to_bool(call.arg(3), false);
  call.charge(s.price, s.dtype);
  if (kind.is(ValueKind::string) && kind.as_string() == "table" &&
      !(is_tabular(element->type()) && is_tabular(test->type())))
    throw_value_error("The 'table' method is only supported for boolean or integer arrays.");
  const std::vector<bool> found = among(*s.a, *s.b);
  ArrayRef out = Array::make(DType::bool_, element->dims());
  for (std::int64_t i = 0; i < out->size; ++i)
    out->mutable_items<bool>()[i] = found[static_cast<std::size_t>(i)] != invert;
  return out;
}

Result run_in1d(Call&) {
  throw Error(ErrorKind::unsupported_function, "numpy.in1d was removed in numpy 2.4; use `isin` instead.");
}

constexpr Operation sets(std::string_view name, std::string_view signature, Kernel run, std::string_view formula,
                         LogShapes shapes = LogShapes::first, int variant = 0) {
  return {
      .name = name, .signature = signature, .run = run, .formula = formula, .variant = variant, .log_shapes = shapes};
}
constexpr std::string_view k_two_signature = "ar1, ar2, assume_unique=False";

constexpr Operation k_operations[] = {
    sets("unique",
         "ar, return_index=False, return_inverse=False, return_counts=False, axis=None, equal_nan=True, *, sorted=True",
         run_unique, "sort.lines"),
    sets("unique_all", "x", run_unique_parts, "sort.lines", LogShapes::first, values | indices | inverse | counts),
    sets("unique_counts", "x", run_unique_parts, "sort.lines", LogShapes::first, values | counts),
    sets("unique_inverse", "x", run_unique_parts, "sort.lines", LogShapes::first, values | inverse),
    sets("unique_values", "x", run_unique_values, "sort.lines"),
    sets("union1d", "ar1, ar2", run_union1d, "set.sorted", LogShapes::first_two),
    sets("intersect1d", "ar1, ar2, assume_unique=False, return_indices=False", run_intersect1d, "set.each_sorted",
         LogShapes::first_two),
    sets("setdiff1d", k_two_signature, run_setdiff1d, "set.sorted", LogShapes::first_two),
    sets("setxor1d", k_two_signature, run_setxor1d, "set.sorted", LogShapes::first_two),
    sets("isin", "element, test_elements, assume_unique=False, invert=False, *, kind=None", run_isin, "set.membership",
         LogShapes::first_two),
    sets("in1d", "ar1, ar2, assume_unique=False, invert=False", run_in1d, "refused"),
};

}  // namespace

detail::Table detail::sorting_set_operations() { return k_operations; }

}  // namespace flopscope
