// SPDX-License-Identifier: MIT
// tensordot, kron and multi_dot.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <whest/flopscope/ops/detail/contract.hpp>
#include <whest/flopscope/ops/detail/contraction_operations.hpp>
#include <whest/flopscope/ops/detail/contraction_plan.hpp>
#include <whest/flopscope/ops/detail/layout.hpp>
#include <whest/flopscope/ops/detail/ufuncs.hpp>

namespace flopscope::contract {
namespace {

using symmetry::k_label_letters;

struct ContractedAxes {
  std::vector<int> a, b;                  // normalised
  std::vector<int> counted_a, counted_b;  // those not given as negative numbers: for the price by sizes
};

int checked_axis(std::int64_t axis, int ndim, const char* which) {
  if (axis < -ndim || axis >= ndim)
    throw_index_error(
        fmt::format("tensordot: axis {} is out of range for the {} operand, which has {} axes", axis, which, ndim));
  return static_cast<int>(axis < 0 ? axis + ndim : axis);
}

std::vector<std::int64_t> axis_list(const Value& v) {
  std::vector<std::int64_t> axes;
  if (v.is_array() && v.as_array().ndim > 0) return detail::to_ints(v, "axes");
  if (!v.is_sequence()) return {to_int(v, "axes")};
  for (const Value& item : v.as_items()) axes.push_back(to_int(item, "axes"));
  return axes;
}

ContractedAxes axes_of(const Value& axes, const Array& a, const Array& b) {
  std::vector<std::int64_t> left, right;
  if (axes.is_sequence()) {
    if (axes.as_items().size() != 2) throw_value_error("tensordot: axes must be an integer or a pair");
    left = axis_list(axes.as_items()[0]);
    right = axis_list(axes.as_items()[1]);
  } else {
    const std::int64_t count = axes.is_absent() ? 2 : to_int(axes, "axes");
    for (std::int64_t i = 0; i < count; ++i) {
      if (count > a.ndim)
        throw_index_error(fmt::format("tensordot: axis {} is out of range for the first operand, which has {} axes",
                                      i - count, a.ndim));
      left.push_back(a.ndim - count + i);
      right.push_back(i);
    }
  }
  if (left.size() != right.size()) throw_value_error("shape-mismatch for sum");
  ContractedAxes result;
  for (std::size_t i = 0; i < left.size(); ++i) {
    result.a.push_back(checked_axis(left[i], a.ndim, "first"));
    result.b.push_back(checked_axis(right[i], b.ndim, "second"));
    if (left[i] >= 0) result.counted_a.push_back(result.a.back());
    if (right[i] >= 0) result.counted_b.push_back(result.b.back());
    require_equal_extents("tensordot", a, result.a.back(), b, result.b.back());
  }
  return result;
}

std::size_t label_count(const Array& a, const Array& b, const ContractedAxes& axes) {
  return static_cast<std::size_t>(a.ndim + b.ndim) - axes.a.size();
}

// The array without its axes of length 1, and where each axis went (-1: away).
struct Squeezed {
  ArrayRef array;
  std::vector<int> place;
};

Squeezed squeezed(const Array& a) {
  Squeezed s;
  Dims shape, strides;
  for (int d = 0; d < a.ndim; ++d) {
    s.place.push_back(a.shape[d] == 1 ? -1 : shape.size());
    if (a.shape[d] == 1) continue;
    shape.push_back(a.shape[d]);
    strides.push_back(a.strides[d]);
  }
  s.array = Array::view(a.storage(), static_cast<const std::byte*>(a.data), a.type(), shape, strides);
  return s;
}

// The same for the op log, where the second operand's axes have letters by their place.
std::string logged_subscripts(const Array& a, const Array& b, const ContractedAxes& axes) {
  if (a.ndim + b.ndim > static_cast<int>(k_label_letters.size())) return "";
  const std::string left(k_label_letters.substr(0, static_cast<std::size_t>(a.ndim)));
  std::string right(k_label_letters.substr(left.size(), static_cast<std::size_t>(b.ndim))), result;
  for (std::size_t i = 0; i < axes.a.size(); ++i)
    right[static_cast<std::size_t>(axes.b[i])] = left[static_cast<std::size_t>(axes.a[i])];
  for (int i = 0; i < a.ndim; ++i)
    if (std::ranges::find(axes.a, i) == axes.a.end()) result += left[static_cast<std::size_t>(i)];
  for (int i = 0; i < b.ndim; ++i)
    if (std::ranges::find(axes.b, i) == axes.b.end()) result += right[static_cast<std::size_t>(i)];
  return left + "," + right + "->" + result;
}

std::string subscripts_of(const Array& a, const Array& b, const ContractedAxes& axes) {
  if (label_count(a, b, axes) > k_label_letters.size()) throw_value_error("tensordot: too many axes");
  const std::string left(k_label_letters.substr(0, static_cast<std::size_t>(a.ndim)));
  std::string right, result;
  for (int i = 0; i < a.ndim; ++i)
    if (std::ranges::find(axes.a, i) == axes.a.end()) result += left[static_cast<std::size_t>(i)];
  std::size_t next = left.size();
  for (int i = 0; i < b.ndim; ++i) {
    const auto at = std::ranges::find(axes.b, i);
    if (at != axes.b.end()) {
      right += left[static_cast<std::size_t>(axes.a[static_cast<std::size_t>(at - axes.b.begin())])];
    } else {
      right += k_label_letters[next];
      result += k_label_letters[next++];
    }
  }
  return left + "," + right + "->" + result;
}

// The operands' own symmetries side by side; whether they are one object plays no part.
TagRef tensordot_tag(const Array& a, const Array& b, std::span<const int> axes_a, std::span<const int> axes_b) {
  TagRef left = symmetry::reduce(a.tag(), a.ndim, axes_a, false),
         right = symmetry::reduce(b.tag(), b.ndim, axes_b, false);
  if (right) {
    std::vector<int> shifted(static_cast<std::size_t>(b.ndim));
    std::iota(shifted.begin(), shifted.end(), a.ndim - static_cast<int>(axes_a.size()));
    right = symmetry::relabelled(right, shifted);
  }
  if (!left || !right) return left ? left : right;
  return symmetry::Tag::direct_product({left, right});
}

// 0.5: one product per element of the result and index summed, by the operands' sizes; a tag of the result scales it.
// An axis given as a negative number is not seen as summed there.
double cost_by_sizes(const Array& a, const Array& b, const ContractedAxes& axes) {
  const auto contains = [](const std::vector<int>& list, int i) { return std::ranges::find(list, i) != list.end(); };
  std::vector<std::int64_t> shape;
  double contracted = 1;
  for (int i = 0; i < a.ndim; ++i) {
    if (contains(axes.counted_a, i))
      contracted *= static_cast<double>(a.shape[i]);
    else
      shape.push_back(a.shape[i]);
  }
  for (int i = 0; i < b.ndim; ++i)
    if (!contains(axes.counted_b, i)) shape.push_back(b.shape[i]);
  double cost = std::floor(static_cast<double>(a.size) * static_cast<double>(b.size) / std::max(contracted, 1.0));
  const double elements = static_cast<double>(element_count(shape));
  const TagRef tag = shape.empty() ? nullptr : tensordot_tag(a, b, axes.counted_a, axes.counted_b);
  if (tag && elements > 0) cost = std::floor(cost * symmetry::unique_elements(tag, shape) / elements);
  return std::max(cost, 1.0);
}

// Every axis of both, first with first, second with second, ...: an inner product.
bool contracts_all_in_order(const Array& a, const Array& b, const ContractedAxes& axes) {
  const auto counts_up = [](const std::vector<int>& list, int ndim) {
    for (std::size_t i = 0; i < list.size(); ++i)
      if (list[i] != static_cast<int>(i)) return false;
    return static_cast<int>(list.size()) == ndim;
  };
  return a.ndim >= 1 && counts_up(axes.counted_a, a.ndim) && counts_up(axes.counted_b, b.ndim);
}

}  // namespace

Result run_tensordot(Call& call) {
  const Value values[] = {call.arg(0), call.arg(1)};
  const ArrayRef given[] = {to_array(values[0]), to_array(values[1])};
  const Array &a = *given[0], &b = *given[1];
  const ContractedAxes axes = axes_of(call.arg(2), a, b);
  ArrayRef operands[] = {given[0], given[1]};
  ContractedAxes worked = axes;
  if (label_count(a, b, axes) > k_label_letters.size()) {  // axes of length 1 change neither the work nor its price
    const Squeezed left = squeezed(a), right = squeezed(b);
    worked = {};
    for (std::size_t i = 0; i < axes.a.size(); ++i) {
      if (left.place[static_cast<std::size_t>(axes.a[i])] < 0) continue;
      worked.a.push_back(left.place[static_cast<std::size_t>(axes.a[i])]);
      worked.b.push_back(right.place[static_cast<std::size_t>(axes.b[i])]);
    }
    operands[0] = left.array;
    operands[1] = right.array;
  }
  const auto plan =
      plan_for(call.model, subscripts_of(*operands[0], *operands[1], worked), operands, identities(values));
  const DType dtype = promote(a.type(), b.type());
  std::vector<std::int64_t> shape;
  for (int i = 0; i < a.ndim; ++i)
    if (std::ranges::find(axes.a, i) == axes.a.end()) shape.push_back(a.shape[i]);
  for (int i = 0; i < b.ndim; ++i)
    if (std::ranges::find(axes.b, i) == axes.b.end()) shape.push_back(b.shape[i]);
  const TagRef tag = shape.empty() ? nullptr : tensordot_tag(a, b, axes.a, axes.b);
  if (!contracts_all_in_order(a, b, axes) && call.model.rule("tensordot.by_sizes"))
    call.charge_cost(cost_by_sizes(a, b, axes), dtype);
  else
    call.charge_cost(plan->cost, dtype, plan->complex_factor, logged_subscripts(a, b, axes));
  ArrayRef result = contract(plan->expression, operands, plan->path, dtype);
  if (result->ndim != static_cast<int>(shape.size())) result = detail::reshaped(*result, Dims(shape));
  if (tag) result->set_tag(tag);
  return result;
}

Result run_kron(Call& call) {
  const ArrayRef a = to_array(call.arg(0)), b = to_array(call.arg(1));
  const DType dtype = promote(a->type(), b->type());
  const int ndim = std::max(a->ndim, b->ndim);
  if (2 * ndim > k_max_dims) throw_value_error("kron: too many axes");
  Dims spread_a, spread_b, shape;  // every axis of the result is one of a and one of b
  for (int i = 0; i < ndim; ++i) {
    const auto size_in = [&](const Array& x) { return i < ndim - x.ndim ? 1 : x.shape[i - (ndim - x.ndim)]; };
    for (const std::int64_t size : {size_in(*a), std::int64_t{1}}) spread_a.push_back(size);
    for (const std::int64_t size : {std::int64_t{1}, size_in(*b)}) spread_b.push_back(size);
    shape.push_back(size_in(*a) * size_in(*b));
  }
  PriceInput price;
  price.out = price.unique_out = std::max(static_cast<double>(element_count(shape)), 1.0);
  call.charge(price, dtype);
  return reshaped(ufunc::apply(ufunc::k_multiply, reshaped(a, spread_a), reshaped(b, spread_b)), shape);
}

namespace {

// The best order of a chain of matrices p[0] x p[1], p[1] x p[2], ...: where to split each run, and the products.
struct Chain {
  std::vector<std::vector<double>> cost;
  std::vector<std::vector<int>> split;
};

Chain best_order(const std::vector<double>& p) {
  const int n = static_cast<int>(p.size()) - 1;
  Chain chain{std::vector(static_cast<std::size_t>(n), std::vector<double>(static_cast<std::size_t>(n), 0)),
              std::vector(static_cast<std::size_t>(n), std::vector<int>(static_cast<std::size_t>(n), 0))};
  const auto at = [](int i) { return static_cast<std::size_t>(i); };
  for (int length = 1; length < n; ++length)
    for (int i = 0; i + length < n; ++i) {
      const int j = i + length;
      chain.cost[at(i)][at(j)] = std::numeric_limits<double>::infinity();
      for (int k = i; k < j; ++k) {
        const double cost =
            chain.cost[at(i)][at(k)] + chain.cost[at(k + 1)][at(j)] + p[at(i)] * p[at(k + 1)] * p[at(j + 1)];
        if (cost < chain.cost[at(i)][at(j)]) {
          chain.cost[at(i)][at(j)] = cost;
          chain.split[at(i)][at(j)] = k;
        }
      }
    }
  return chain;
}

// Sum of 2mkn - mn, at least 1, over the products of a run.
double exact_cost(const Chain& chain, const std::vector<double>& p, int i, int j) {
  if (i == j) return 0;
  const int k = chain.split[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)];
  const double m = p[static_cast<std::size_t>(i)], inner = p[static_cast<std::size_t>(k + 1)],
               n = p[static_cast<std::size_t>(j + 1)];
  return exact_cost(chain, p, i, k) + exact_cost(chain, p, k + 1, j) + std::max(2 * m * inner * n - m * n, 1.0);
}

// Each product is of the dtype of its two factors.
ArrayRef multiply_chain(const Chain& chain, const std::vector<ArrayRef>& matrices, int i, int j) {
  if (i == j) return matrices[static_cast<std::size_t>(i)];
  const int k = chain.split[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)];
  const ArrayRef operands[] = {multiply_chain(chain, matrices, i, k), multiply_chain(chain, matrices, k + 1, j)};
  const std::vector<std::vector<std::int64_t>> shapes{{operands[0]->shape[0], operands[0]->shape[1]},
                                                      {operands[1]->shape[0], operands[1]->shape[1]}};
  return contract(symmetry::parse_einsum("ij,jk->ik", shapes), operands, {{0, 1}},
                  promote(operands[0]->type(), operands[1]->type()));
}

}  // namespace

Result run_multi_dot(Call& call) {
  if (!call.arg(0).is_sequence()) throw_type_error("multi_dot() takes a sequence of arrays");
  std::vector<ArrayRef> arrays;
  for (const Value& v : call.arg(0).as_items()) arrays.push_back(to_array(v));
  const int n = static_cast<int>(arrays.size());
  if (n < 2) throw_value_error("Expecting at least two arrays.");
  std::vector<double> as_given{static_cast<double>(arrays.front()->ndim > 0 ? arrays.front()->shape[0] : 1)}, p;
  const bool row = arrays.front()->ndim == 1, column = arrays.back()->ndim == 1;
  DType dtype = arrays.front()->type();
  for (const ArrayRef& a : arrays) {
    as_given.push_back(static_cast<double>(a->ndim > 0 ? a->shape[a->ndim - 1] : 1));
    dtype = promote(dtype, a->type());
  }
  if (row) arrays.front() = reshaped(arrays.front(), {{1, arrays.front()->size}});
  if (column) arrays.back() = reshaped(arrays.back(), {{arrays.back()->size, 1}});
  for (const ArrayRef& a : arrays)
    if (a->ndim != 2)
      throw Error(ErrorKind::lin_alg_error,
                  fmt::format("{}-dimensional array given. Array must be two-dimensional", a->ndim));
  for (int i = 0; i + 1 < n; ++i)
    require_equal_extents("multi_dot", *arrays[static_cast<std::size_t>(i)], 1,
                          *arrays[static_cast<std::size_t>(i) + 1], 0);
  p.push_back(static_cast<double>(arrays.front()->shape[0]));
  for (const ArrayRef& a : arrays) p.push_back(static_cast<double>(a->shape[1]));
  const Chain chain = best_order(p);
  PriceInput price;
  price.k = best_order(as_given).cost[0][static_cast<std::size_t>(n - 1)];
  price.parts = n;
  price.extra = exact_cost(chain, p, 0, n - 1);
  std::vector<std::int64_t> shape;
  if (!row) shape.push_back(arrays.front()->shape[0]);
  if (!column) shape.push_back(arrays.back()->shape[1]);
  detail::require_out(call.arg(1), shape);
  if (!call.arg(1).is_absent() && call.arg(1).as_array().type() != dtype)
    throw_value_error("output array is not acceptable (must have the right datatype and number of dimensions)");
  call.charge(price, dtype);
  return detail::into_out(call, call.arg(1), reshaped(multiply_chain(chain, arrays, 0, n - 1), shape));
}

}  // namespace flopscope::contract
