// SPDX-License-Identifier: MIT
// Differences along an axis, and what is made of them: diff, ediff1d, trapezoid, unwrap. gradient has its own file.
#include <fmt/format.h>

#include <cmath>
#include <numbers>
#include <vector>
#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/ops/detail/composite.hpp>
#include <whest/flopscope/ops/detail/difference.hpp>
#include <whest/flopscope/ops/detail/families.hpp>
#include <whest/flopscope/ops/detail/reduce.hpp>
#include <whest/flopscope/ops/detail/ufuncs.hpp>

namespace flopscope {

using namespace ufunc;

ArrayRef ufunc::differences(const ArrayRef& a, int axis) {
  const std::int64_t n = a->shape[axis];
  return apply(a->type() == DType::bool_ ? k_not_equal : k_subtract, slice(*a, axis, std::min<std::int64_t>(n, 1), n),
               slice(*a, axis, 0, std::max<std::int64_t>(n - 1, 0)));
}

namespace {

// The elements computed by n differences in turn of an array with `length` elements along the axis; differences of
// nothing count negative, as the packages have it.
double difference_count(double others, std::int64_t length, std::int64_t n) {
  const auto steps = static_cast<double>(n);
  return others * (steps * static_cast<double>(length) - steps * (steps + 1) / 2);
}

ArrayRef prepared(const Value& v, const Array& a, int axis) {
  ArrayRef x = to_array(v);
  if (x->ndim > 0) return x;
  Dims shape(a.dims());
  shape[axis] = 1;
  return broadcast_view(*x, shape);
}

// diff: (a, n, axis, prepend, append)
Result run_diff(Call& call) {
  const ArrayRef given = to_array(call.arg(0));
  const std::int64_t n = call.arg(1).is_absent() ? 1 : to_int(call.arg(1), "n");
  if (n < 0) throw_value_error(fmt::format("order must be non-negative but got {}", n));
  if (given->ndim == 0) throw_index_error("tuple index out of range");
  const int axis = to_axis(call.arg(2), given->ndim, -1);
  std::vector<ArrayRef> parts;
  if (!call.arg(3).is_absent()) parts.push_back(prepared(call.arg(3), *given, axis));
  parts.push_back(given);
  if (!call.arg(4).is_absent()) parts.push_back(prepared(call.arg(4), *given, axis));
  ArrayRef a = parts.size() == 1 ? given : join_arrays(parts, axis);

  const std::int64_t length = call.model.rule("diff.counts_padding") ? a->shape[axis] : given->shape[axis];
  const double others = given->shape[axis] > 0 ? static_cast<double>(given->size / given->shape[axis]) : 0;
  PriceInput price;
  price.in = static_cast<double>(given->size);
  price.out = difference_count(others, length, n);
  call.charge(price, a->type());
  if (n == 0)  // the array itself, without its tag
    return Array::view(given->storage(), given->items<std::byte>(), given->type(), given->dims(),
                       given->byte_strides());
  for (std::int64_t k = 0; k < n && (k == 0 || a->shape[axis] > 0); ++k) a = differences(a, axis);
  return a;
}

// ediff1d: (ary, to_end, to_begin)
Result run_ediff1d(Call& call) {
  const ArrayRef given = to_array(call.arg(0));
  const ArrayRef a = with_shape(given, Dims{given->size});
  std::vector<ArrayRef> parts;
  const auto end_part = [&](const Value& v, std::string_view what) {
    if (v.is_absent()) return;
    const Input in(v);
    const bool fits = can_cast_same_kind(in.strong_type(), a->type());
    if (!fits)
      throw_type_error(
          fmt::format("dtype of `{}` must be compatible with input `ary` under the `same_kind` rule.", what));
    const ArrayRef x = to_array(v);
    parts.push_back(cast(*with_shape(x, Dims{x->size}), a->type()));
  };
  end_part(call.arg(2), "to_begin");
  std::int64_t size = a->size - 1;
  const std::size_t middle = parts.size();
  end_part(call.arg(1), "to_end");
  for (const ArrayRef& p : parts) size += p->size;
  PriceInput price;
  price.in = static_cast<double>(a->size);
  price.out = static_cast<double>(size);
  call.charge(price, a->type());
  parts.insert(parts.begin() + static_cast<std::ptrdiff_t>(middle),
               apply(k_subtract, slice(*a, 0, std::min<std::int64_t>(a->size, 1), a->size),
                     slice(*a, 0, 0, std::max<std::int64_t>(a->size - 1, 0))));
  return parts.size() == 1 ? parts[0] : join_arrays(parts, 0);
}

// trapezoid: (y, x, dx, axis)
Result run_trapezoid(Call& call) {
  const ArrayRef y = to_array(call.arg(0));
  if (y->ndim == 0) throw_index_error("list assignment index out of range");
  const int axis = to_axis(call.arg(3), y->ndim, -1);
  ArrayRef x = call.arg(1).is_absent() ? nullptr : to_array(call.arg(1));
  const int x_axis = x && x->ndim != 1 ? to_axis(call.arg(3), x->ndim, -1) : 0;
  const Input step(call.arg(2).is_absent() ? Value::real(1) : call.arg(2)), spacing = x ? Input(*x) : step;
  const Input all[] = {Input(*y), step, spacing};  // the step is billed where there are points too
  PriceInput price;
  price.in = price.out = static_cast<double>(y->size);
  call.charge(price, result_type(all));

  Input width = spacing;
  if (x) {
    ArrayRef d = differences(x, x_axis);
    if (x->ndim == 1) {
      Dims shape(y->ndim, 1);
      shape[axis] = d->size;
      d = with_shape(d, shape);
    }
    width = Input(d);
  }
  const std::int64_t n = y->shape[axis];
  const ArrayRef sums = apply(k_add, slice(*y, axis, std::min<std::int64_t>(n, 1), n),
                              slice(*y, axis, 0, std::max<std::int64_t>(n - 1, 0)));
  const ArrayRef areas = apply(k_true_divide, apply(k_multiply, width, Input(*sums)), 2.0);
  return sum_of(*areas, one_axis(axis, areas->dims()), areas->type());
}

// trapz is gone from NumPy: the packages refuse it when it is called.
Result run_removed(Call&) {
  throw Error(ErrorKind::unsupported_function, "numpy.trapz was removed in numpy 2.4; use `trapezoid` instead");
}

// unwrap: (p, discont, axis, *, period)
Result run_unwrap(Call& call) {
  const ArrayRef p = to_array(call.arg(0));
  if (p->ndim == 0) throw_value_error("diff requires input that is at least one dimensional");
  const int axis = to_axis(call.arg(2), p->ndim, -1);
  const Value period = call.arg(3).is_absent() ? Value::real(2 * std::numbers::pi) : call.arg(3);
  const Input both[] = {Input(*p), Input(period)};
  const DType dtype = result_type(both);
  PriceInput price;
  price.in = price.out = static_cast<double>(p->size);
  call.charge(price, is_floating(dtype) ? dtype : DType::float64);

  const double length = to_double(period, "period");
  const bool whole = !is_floating(dtype);
  const double high = whole ? std::floor(length / 2) : length / 2;
  const bool ambiguous = !whole || std::fmod(length, 2) == 0;
  const auto number = [whole](double x) {
    return Input(whole ? Value::integer(static_cast<std::int64_t>(x)) : Value::real(x));
  };
  const Input jump(call.arg(1).is_absent() ? Value::real(length / 2) : call.arg(1));

  const ArrayRef dd = differences(p, axis);
  const ArrayRef shifted = apply(k_subtract, Input(*dd), number(-high));
  ArrayRef mod = apply(k_add, Input(*apply(k_remainder, Input(*shifted), Input(period))), number(-high));
  if (ambiguous) {
    const ArrayRef at_low =
        apply(k_logical_and, apply(k_equal, Input(*mod), number(-high)), apply(k_greater, Input(*dd), number(0)));
    mod = select(*at_low, *broadcast_view(*scalar_array<double>(high), mod->dims()), *mod);
  }
  ArrayRef correction = apply(k_subtract, mod, dd);
  const ArrayRef small = apply(k_less, Input(*apply(k_absolute, dd)), jump);
  correction = masked(*correction, *apply(k_logical_not, small), Element{}.bytes);
  const ArrayRef out = cast(*p, dtype);
  if (correction->size == 0) return out;
  const ArrayRef rest = slice(*out, axis, 1, p->shape[axis]);
  copy_into(*rest, *apply(k_add, slice(*p, axis, 1, p->shape[axis]), running_sum(correction, axis)));
  return out;
}

constexpr Operation k_operations[] = {
    {.name = "diff",
     .signature = "a, n=1, axis=-1, prepend=None, append=None",
     .run = run_diff,
     .formula = "elements.whole"},
    {.name = "ediff1d",
     .signature = "ary, to_end=None, to_begin=None",
     .run = run_ediff1d,
     .formula = "elements.whole"},
    {.name = "trapezoid", .signature = "y, x=None, dx=1.0, axis=-1", .run = run_trapezoid, .formula = "elements.dense"},
    {.name = "trapz", .signature = "y, x=None, dx=1.0, axis=-1", .run = run_removed, .formula = "refused"},
    {.name = "unwrap",
     .signature = "p, discont=None, axis=-1, *, period=6.283185307179586",
     .run = run_unwrap,
     .formula = "unwrap.short"},
};

}  // namespace

std::span<const Operation> difference_operations() { return k_operations; }

}  // namespace flopscope
