// SPDX-License-Identifier: MIT
// Sums of products, in an order that the library beneath chooses: within n eps of the same sums of sizes, which the
// operation itself gives for |operands|, as it gives n for operands of ones.
#include <cmath>
#include <deque>
#include <set>
#include <whest/flopscope/budget/context.hpp>
#include <whest/flopscope/core/errors.hpp>
#include <whest/flopscope/core/waist.hpp>

#include "compare.hpp"

namespace flopscope::replay {
namespace {

// Operations that are sums of products of their operands, so that the same of their sizes bounds what rounding does.
bool is_multilinear(const std::string& op) {
  static const std::set<std::string> k_names = {
      "dot",          "matmul",   "inner",         "vdot",          "vecdot",           "matvec",           "vecmat",
      "tensordot",    "einsum",   "linalg.matmul", "linalg.vecdot", "linalg.tensordot", "linalg.multi_dot", "trace",
      "linalg.trace", "convolve", "correlate"};
  return k_names.contains(op);
}

// Arguments with each array of numbers replaced by `change(array)`; buffers and dtypes left out.
class Replaced {
 public:
  template <class Change>
  Replaced(const std::string& op, std::span<const Value> args, Change change) {
    const Operation& operation = *Catalogue::instance().find(op);
    for (const Value& v : args) values.push_back(of(v, change));
    const std::string_view signature = operation.signature;
    for (const char* name : {"out=", "dtype="}) {
      const std::size_t at = signature.find(name);
      if (at == std::string_view::npos) continue;
      const std::string_view before = signature.substr(0, at);
      auto place = static_cast<std::size_t>(std::ranges::count(before, ','));
      if (before.find("*,") != std::string_view::npos) --place;
      if (place < values.size()) values[place] = Value();
    }
  }
  std::vector<Value> values;

 private:
  template <class Change>
  Value of(const Value& v, Change change) {
    if (v.is_array()) return *m_arrays.emplace_back(change(v.as_array()));
    if (v.is(ValueKind::real)) return Value::real(std::fabs(v.f));
    if (!v.is_sequence()) return v;
    std::vector<Value> items;
    for (const Value& item : v.as_items()) items.push_back(item.is_array() ? of(item, change) : item);
    return Value::tuple(m_items.emplace_back(std::move(items)));
  }
  std::deque<ArrayRef> m_arrays;
  std::deque<std::vector<Value>> m_items;
};

// The operation on other arguments, charged to nobody; null where it gives no array.
ArrayRef answer_of(const std::string& op, const std::vector<Value>& args) {
  BudgetContext context({.flop_budget = 1e18, .quiet = true, .name_space = {}, .wall_time_limit_s = {}});
  context.enter();
  ArrayRef out;
  try {
    const Result result = invoke(*Catalogue::instance().find(op), args);
    if (result.is_array()) out = contiguous_as(*result.array(), DType::float64);
  } catch (const Error&) {
    out = nullptr;
  }
  context.exit();
  return out;
}

void collect_arrays(const Value& v, std::vector<const Array*>& out) {
  if (v.is_array()) out.push_back(&v.as_array());
  if (v.is_sequence())
    for (const Value& item : v.as_items()) collect_arrays(item, out);
}

// The coarsest arithmetic in it: a chain rounds between its products, a buffer may be finer than what it takes.
double coarsest_epsilon(std::span<const Value> args, const Result& got) {
  std::vector<const Array*> arrays;
  for (const Value& v : args) collect_arrays(v, arrays);
  double eps = result_epsilon(got);
  if (arrays.size() > 2)
    for (const Array* a : arrays)
      if (!is_integer(a->type())) eps = std::max(eps, epsilon_of(a->type()));
  return eps;
}

// The numbers of terms: a chain of products adds up along each of its inner axes, not along all at once.
double longest_sum(const std::string& op, std::span<const Value> args, std::int64_t i, const ArrayRef& terms) {
  std::vector<const Array*> arrays;
  if (op == "linalg.multi_dot") collect_arrays(args[0], arrays);
  if (arrays.size() < 2) return terms->items<double>()[i];
  double n = 0;
  for (std::size_t k = 1; k < arrays.size(); ++k) n += static_cast<double>(arrays[k]->shape[0]);
  return n;
}

}  // namespace

std::optional<std::string> compare_sums(const std::string& op, std::span<const Value> args, const Result& got,
                                        const Json& expected) {
  if (!is_multilinear(op) || args.empty() || expected.is_null() || !got.is_array() || is_integer(got.array()->type()))
    return std::nullopt;
  const Replaced sizes(op, args, [](const Array& a) {
    ArrayRef out = Array::make(DType::float64, Dims(a.dims()));
    double* to = out->mutable_items<double>();
    for_each_element(a, [&](const std::byte* at) { *to++ = std::abs(read_complex(a, at)); });
    return out;
  });
  const Replaced ones(op, args, [](const Array& a) {
    ArrayRef out = Array::make(DType::float64, Dims(a.dims()));
    std::fill_n(out->mutable_items<double>(), out->size, 1.0);
    return out;
  });
  const ArrayRef sums = answer_of(op, sizes.values), terms = answer_of(op, ones.values);
  if (!sums || !terms || sums->size != got.array()->size || terms->size != sums->size) return std::nullopt;
  const double eps = coarsest_epsilon(args, got);
  return compare_bounded(got, expected, [&, eps](std::int64_t i) {
    // n - 1 additions in either order, and a product of complex numbers is rounded up to four times.
    return (longest_sum(op, args, i, terms) + 4) * eps * sums->items<double>()[i];
  });
}

}  // namespace flopscope::replay
