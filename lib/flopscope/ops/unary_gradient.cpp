// SPDX-License-Identifier: MIT
// gradient: second-order differences inside, one-sided ones at the ends, for even and uneven coordinates.
#include <fmt/format.h>

#include <algorithm>
#include <vector>
#include <whest/flopscope/ops/detail/composite.hpp>
#include <whest/flopscope/ops/detail/difference.hpp>
#include <whest/flopscope/ops/detail/families.hpp>
#include <whest/flopscope/ops/detail/reduce.hpp>
#include <whest/flopscope/ops/detail/ufuncs.hpp>

namespace flopscope {
namespace {

using namespace ufunc;

// The coordinates along one axis: a step, or the differences of uneven coordinates.
struct Spacing {
  double step = 1;
  ArrayRef steps;  // null: even
  bool from_coordinates = false;
};

Spacing spacing_of(const Value& v, const Array& f, int axis) {
  const ArrayRef x = to_array(v);
  if (x->ndim == 0) return {item_double(*x), nullptr, false};
  if (x->ndim != 1) throw_value_error("distances must be either scalars or 1d");
  if (x->size != f.shape[axis])
    throw_value_error("when 1d, distances must match the length of the corresponding dimension");
  const ArrayRef d = differences(is_integer(x->type()) ? cast(*x, DType::float64) : x, 0);
  const ArrayRef even = apply(k_equal, d, slice(*d, 0, 0, std::min<std::int64_t>(d->size, 1)));
  const bool yes = true;
  const bool is_even = *fold(k_logical_and, *even, all_axes(even->dims()), &yes)->items<bool>();
  if (is_even) return {d->size > 0 ? read_double(*d, d->items<std::byte>()) : 0, nullptr, true};
  return {0, d, true};
}

// a * u + b * v + c * w, where the factors are numbers or arrays.
ArrayRef combine(const Input& a, const ArrayRef& u, const Input& b, const ArrayRef& v, const Input& c,
                 const ArrayRef& w) {
  const ArrayRef two = apply(k_add, apply(k_multiply, a, Input(*u)), apply(k_multiply, b, Input(*v)));
  return apply(k_add, two, apply(k_multiply, c, Input(*w)));
}
Input number(double x) { return Input(Value::real(x)); }

ArrayRef inside(const ArrayRef& f, int axis, const Spacing& h) {
  const std::int64_t n = f->shape[axis];
  const ArrayRef before = slice(*f, axis, 0, n - 2), after = slice(*f, axis, 2, n);
  if (!h.steps) return apply(k_true_divide, apply(k_subtract, after, before), 2 * h.step);
  const ArrayRef d1 = slice(*h.steps, 0, 0, n - 2), d2 = slice(*h.steps, 0, 1, n - 1);
  const ArrayRef both = apply(k_add, d1, d2);
  const auto spread = [&](const ArrayRef& x) {
    Dims shape(f->ndim, 1);
    shape[axis] = n - 2;
    return with_shape(x, shape);
  };
  const ArrayRef a = spread(apply(k_negative, apply(k_true_divide, d2, apply(k_multiply, d1, both))));
  const ArrayRef b = spread(apply(k_true_divide, apply(k_subtract, d2, d1), apply(k_multiply, d1, d2)));
  const ArrayRef c = spread(apply(k_true_divide, d1, apply(k_multiply, d2, both)));
  return combine(Input(*a), before, Input(*b), slice(*f, axis, 1, n - 1), Input(*c), after);
}

// The difference at an end, `sign` 1 at the start and -1 at the end; first or second order.
ArrayRef at_end(const ArrayRef& f, int axis, const Spacing& h, bool start, bool second_order) {
  const std::int64_t n = f->shape[axis];
  const auto item = [&](std::int64_t i) { return slice(*f, axis, i, i + 1); };
  const auto step = [&](std::int64_t i) {
    return h.steps ? read_double(*h.steps, h.steps->items<std::byte>() + i * h.steps->strides[0]) : h.step;
  };
  if (!second_order) {
    const std::int64_t first = start ? 0 : n - 2;
    return apply(k_true_divide, apply(k_subtract, item(first + 1), item(first)), step(first));
  }
  if (!h.steps) {
    const double s = h.step;
    return start ? combine(number(-1.5 / s), item(0), number(2 / s), item(1), number(-0.5 / s), item(2))
                 : combine(number(0.5 / s), item(n - 3), number(-2 / s), item(n - 2), number(1.5 / s), item(n - 1));
  }
  const double d1 = step(start ? 0 : n - 3), d2 = step(start ? 1 : n - 2);
  if (start)
    return combine(number(-(2 * d1 + d2) / (d1 * (d1 + d2))), item(0), number((d1 + d2) / (d1 * d2)), item(1),
                   number(-d1 / (d2 * (d1 + d2))), item(2));
  return combine(number(d2 / (d1 * (d1 + d2))), item(n - 3), number(-(d2 + d1) / (d1 * d2)), item(n - 2),
                 number((2 * d2 + d1) / (d2 * (d1 + d2))), item(n - 1));
}

ArrayRef gradient_along(const ArrayRef& f, int axis, const Spacing& h, bool second_order) {
  const std::int64_t n = f->shape[axis];
  const ArrayRef out = Array::make(f->type(), f->dims());
  if (f->size == 0) return out;
  if (n > 2) copy_into(*slice(*out, axis, 1, n - 1), *inside(f, axis, h));
  copy_into(*slice(*out, axis, 0, 1), *at_end(f, axis, h, true, second_order));
  copy_into(*slice(*out, axis, n - 1, n), *at_end(f, axis, h, false, second_order));
  return out;
}

// What the spacings add to the price: the differences of coordinates, their test for evenness, uneven weights.
double spacing_price(const Array& f, std::span<const int> axes, std::span<const Spacing> spacings) {
  double price = 0;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    if (!spacings[i].from_coordinates) continue;
    const auto n = static_cast<double>(f.shape[axes[i]]);
    price += 3 * (n - 1);
    const double others = n > 0 ? static_cast<double>(f.size) / n : 0;
    if (spacings[i].steps) price += 10 * (n - 2) + 3 * (n - 2) * others + 4 * others;
  }
  return price;
}

// gradient: (f, *varargs, axis, edge_order)
Result run_gradient(Call& call) {
  ArrayRef f = to_array(call.arg(0));
  const std::span<const Value> given = call.arg(1).is_sequence() ? call.arg(1).as_items() : std::span<const Value>{};
  std::vector<int> axes;
  if (const auto chosen = to_axes(call.arg(2), f->ndim))
    for (const std::int64_t d : *chosen) axes.push_back(static_cast<int>(d));
  else
    for (int d = 0; d < f->ndim; ++d) axes.push_back(d);
  const std::int64_t order = call.arg(3).is_absent() ? 1 : to_int(call.arg(3), "edge_order");
  if (order > 2) throw_value_error("'edge_order' greater than 2 not supported");
  if (given.size() > 1 && given.size() != axes.size()) throw_type_error("invalid number of arguments");
  const bool second_order = order != 1;
  std::vector<Spacing> spacings;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    if (given.empty())
      spacings.emplace_back();
    else
      spacings.push_back(spacing_of(given[given.size() == 1 ? 0 : i], *f, axes[i]));
    if (f->shape[axes[i]] < order + 1)
      throw_value_error(
          "Shape of array too small to calculate a numerical gradient, at least (edge_order + 1) elements are "
          "required.");
    if (second_order && f->shape[axes[i]] < 3)  // an order below 1 passes the test above
      throw_index_error(fmt::format("index 2 is out of bounds for axis {} with size {}", axes[i], f->shape[axes[i]]));
  }
  if (is_integer(f->type())) f = cast(*f, DType::float64);
  PriceInput price;
  price.in = static_cast<double>(f->size);
  for (int d = 0; d < f->ndim; ++d)  // every axis, whichever are asked for
    if (f->shape[d] > 0)
      price.out +=
          2 * std::max<double>(static_cast<double>(f->shape[d]) - 2, 0) * (price.in / static_cast<double>(f->shape[d]));
  price.parts = static_cast<double>(axes.size());
  price.extra = spacing_price(*f, axes, spacings);
  if (second_order)
    for (const int d : axes) price.rhs += 6 * price.in / static_cast<double>(f->shape[d]);
  call.charge(price, is_floating(f->type()) ? f->type() : DType::float64);

  std::vector<Result> out;
  for (std::size_t i = 0; i < axes.size(); ++i) out.emplace_back(gradient_along(f, axes[i], spacings[i], second_order));
  if (out.size() == 1) return out[0];
  return Result::tuple(std::move(out));
}

constexpr Operation k_operations[] = {
    {.name = "gradient",
     .signature = "f, *varargs, axis=None, edge_order=1",
     .run = run_gradient,
     .formula = "gradient.inside"},
};

}  // namespace

std::span<const Operation> gradient_operations() { return k_operations; }

}  // namespace flopscope
