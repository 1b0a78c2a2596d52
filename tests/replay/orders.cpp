// SPDX-License-Identifier: MIT
// Sorts that are not stable and partitions leave the order of equal or unselected elements open (NumPy's depends on the
// vector units of the machine), so what the positions select is compared.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <whest/flopscope/core/waist.hpp>
#include <whest/flopscope/ops/detail/order.hpp>

#include "compare.hpp"

namespace flopscope::replay {
namespace {

enum class Order { sorted_positions, partitioned_positions, partitioned_values };

std::optional<Order> order_of(const std::string& op) {
  if (op == "argsort") return Order::sorted_positions;
  if (op == "argpartition") return Order::partitioned_positions;
  if (op == "partition") return Order::partitioned_values;
  return std::nullopt;
}

bool is_stable(std::span<const NamedValue> named) {
  return std::any_of(named.begin(), named.end(), [](const NamedValue& n) {
    if (n.name == "kind")
      return n.value.is(ValueKind::string) && (n.value.as_string() == "stable" || n.value.as_string() == "mergesort");
    return n.name == "stable" && n.value.is(ValueKind::boolean) && n.value.i != 0;
  });
}

// NumPy's order: complex numbers by real part, then imaginary; NaN last.
bool before(Complex128 x, Complex128 y) {
  const auto less = [](double a, double b) { return a < b || (std::isnan(b) && !std::isnan(a)); };
  if (less(x.real(), y.real())) return true;
  return !less(y.real(), x.real()) && less(x.imag(), y.imag());
}
bool equivalent(Complex128 x, Complex128 y) { return !before(x, y) && !before(y, x); }

using Line = std::vector<Complex128>;

Line line_of(const detail::Lines& lines, std::int64_t k) {
  Line out;
  const auto bytes = lines.data->item_bytes();
  for (std::int64_t i = 0; i < lines.length; ++i)
    out.push_back(read_complex(*lines.data, lines.data->items<std::byte>() + (k * lines.length + i) * bytes));
  return out;
}

// `values` with the parts between the positions in `kth` sorted: sorted whole where the partition is right.
bool is_partitioned(Line values, const Line& sorted, const std::vector<std::int64_t>& kth) {
  auto from = values.begin();
  for (const std::int64_t k : kth) {
    const auto at = values.begin() + k;
    if (at >= from) std::sort(from, at, before);
    from = std::max(from, at + 1);
  }
  std::sort(from, values.end(), before);
  return std::equal(values.begin(), values.end(), sorted.begin(), sorted.end(), equivalent);
}

std::vector<std::int64_t> positions(std::span<const Value> args, std::int64_t n) {
  std::vector<std::int64_t> kth;
  if (args.size() > 1 && args[1].is_sequence())
    for (const Value& v : args[1].as_items()) kth.push_back(to_int(v, "kth"));
  else if (args.size() > 1 && args[1].is_array())
    for_each_element(args[1].as_array(),
                     [&](const std::byte* at) { kth.push_back(read_int64(args[1].as_array(), at)); });
  else if (args.size() > 1)
    kth.push_back(to_int(args[1], "kth"));
  for (std::int64_t& k : kth) k += k < 0 ? n : 0;
  std::sort(kth.begin(), kth.end());
  return kth;
}

// The axis worked along; -2: the flattened array.
int axis_of(std::size_t at, int ndim, std::span<const Value> args, std::span<const NamedValue> named) {
  const Value* given = args.size() > at && !args[at].is_missing() ? &args[at] : nullptr;
  for (const NamedValue& n : named)
    if (n.name == "axis") given = &n.value;
  if (given == nullptr) return ndim - 1;
  return given->is(ValueKind::none) ? -2 : normalize_axis(to_int(*given, "axis"), ndim);
}

}  // namespace

std::optional<std::string> compare_order(const std::string& op, std::span<const Value> args,
                                         std::span<const NamedValue> named, const Result& got, const Json& expected) {
  const auto order = order_of(op);
  if (!order || is_stable(named) || args.empty() || !args[0].is_array() || args[0].as_array().ndim == 0 ||
      !got.is_array())
    return std::nullopt;
  if (std::string s = compare_result(got, expected, {}, true); !s.empty()) return s;
  const int axis = axis_of(*order == Order::sorted_positions ? 1 : 2, args[0].as_array().ndim, args, named);
  const Array& a = args[0].as_array();
  const ArrayRef whole = axis == -2 ? invoke("ravel", std::span(&args[0], 1), {}).array() : ref_of(a);
  const detail::Lines from = detail::lines_along(*whole, axis == -2 ? 0 : axis);
  const detail::Lines to = detail::lines_along(*got.array(), axis == -2 ? 0 : axis);
  for (std::int64_t k = 0; k < from.lines; ++k) {
    const Line source = line_of(from, k), answer = line_of(to, k);
    Line sorted = source, selected = answer;
    std::sort(sorted.begin(), sorted.end(), before);
    if (*order != Order::partitioned_values) {
      std::vector<bool> seen(source.size());
      for (std::size_t i = 0; i < answer.size(); ++i) {
        const auto at = static_cast<std::size_t>(answer[i].real());
        if (at >= source.size() || seen[at]) return fmt::format("line {}: no permutation", k);
        seen[at] = true;
        selected[i] = source[at];
      }
    }
    const bool right = *order == Order::sorted_positions
                           ? std::equal(selected.begin(), selected.end(), sorted.begin(), sorted.end(), equivalent)
                           : is_partitioned(selected, sorted, positions(args, from.length));
    if (!right) return fmt::format("line {} is not in order", k);
  }
  return "";
}

}  // namespace flopscope::replay
