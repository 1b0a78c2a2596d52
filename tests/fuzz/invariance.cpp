// SPDX-License-Identifier: MIT
#include "invariance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <set>
#include <whest/flopscope/core/waist.hpp>
#include <whest/flopscope/symmetry/tag.hpp>

#include "arguments.hpp"
#include "checks.hpp"

namespace whest::fuzz {

using namespace flopscope;

namespace {

// Without what both arrays repeat along an axis, which may be longer than memory.
ArrayRef unrepeated(const Array& a, const Array& other) {
  Dims shape(a.dims());
  for (int d = 0; d < a.ndim; ++d)
    if (a.strides[d] == 0 && other.strides[d] == 0) shape[d] = 1;
  return contiguous_copy_if_needed(*Array::view(a.storage(), a.items<std::byte>(), a.type(), shape, a.byte_strides()));
}

bool same_array(const Array& a, const Array& b) {
  if (a.dtype != b.dtype || !std::ranges::equal(a.dims(), b.dims())) return false;
  if (bool(a.tag()) != bool(b.tag()) || (a.tag() && a.tag()->key() != b.tag()->key())) return false;
  if (a.size == 0) return true;
  const ArrayRef x = unrepeated(a, b), y = unrepeated(b, a);
  return std::memcmp(x->data, y->data, static_cast<std::size_t>(x->size * x->item_bytes())) == 0;
}

bool same_number(double x, double y) { return std::memcmp(&x, &y, sizeof x) == 0; }

}  // namespace

bool same_result(const Result& a, const Result& b) {
  if (a.variant().index() != b.variant().index()) return false;
  if (const auto* items = a.items()) {
    const auto& others = *b.items();
    return items->size() == others.size() && std::equal(items->begin(), items->end(), others.begin(), same_result);
  }
  if (a.is_array()) return same_array(*a.array(), *b.array());
  return std::visit(
      [&]<class T>(const T& x) {
        if constexpr (std::is_same_v<T, double>)
          return same_number(x, std::get<T>(b.variant()));
        else if constexpr (std::is_same_v<T, Complex128>)
          return same_number(x.real(), std::get<T>(b.variant()).real()) &&
                 same_number(x.imag(), std::get<T>(b.variant()).imag());
        else if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, std::int64_t> || std::is_same_v<T, DType> ||
                           std::is_same_v<T, std::string>)
          return x == std::get<T>(b.variant());
        else
          return true;  // groups and objects have no elements to compare
      },
      a.variant());
}

namespace {

// A call's end: what it returned or said, and what it was charged.
struct Outcome {
  std::optional<Result> result;
  std::string refusal;
  std::int64_t flops = 0;
  std::size_t records = 0;
};

Outcome run(BudgetContext& context, const Operation& op, std::span<const Value> args) {
  Outcome outcome;
  const std::int64_t flops = context.flops_used();
  const std::size_t records = context.op_log().size();
  try {
    outcome.result = invoke(op, args);
  } catch (const BudgetExhaustedError&) {
    throw;  // whoever asks second has less
  } catch (const Error& error) {
    outcome.refusal = error.what();
  } catch (const std::exception&) {
    outcome.refusal = "memory";
  }
  outcome.flops = context.flops_used() - flops;
  outcome.records = context.op_log().size() - records;
  return outcome;
}

// The place of a parameter in the argument list; -1: there is none of that name.
int place_of(const Operation& op, const char* parameter) {
  return flopscope_parameter(reinterpret_cast<const flopscope_operation*>(&op), parameter);
}

bool is_given(const std::vector<Value>& values, int place) {
  return place >= 0 && static_cast<std::size_t>(place) < values.size() &&
         !values[static_cast<std::size_t>(place)].is_missing();
}

// Operations of chance, and those that hand out memory as they find it.
bool repeats(const Operation& op) {
  return !op.name.starts_with("random.") && op.name.find("empty") == std::string_view::npos;
}

std::optional<BoundArguments> bound(const Operation& op, const Arguments& arguments) {
  try {
    return bind(op, arguments.positional, arguments.named);
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

Finding trailing_case(Random& random, BudgetContext& context, const Operation& op, const Pool& pool) {
  if (!repeats(op)) return std::nullopt;
  Arguments arguments(random, pool);
  arguments.draw(op);
  const auto call = bound(op, arguments);
  // A mask without a buffer leaves elements as they come.
  if (!call || (is_given(call->values, place_of(op, "where")) && !is_given(call->values, place_of(op, "out"))))
    return std::nullopt;
  std::size_t given = call->values.size();
  while (given > 0 && call->values[given - 1].is_missing()) --given;
  const Before before(context, op.name, arguments, pool);
  const Outcome without = run(context, op, std::span(call->values).first(given));
  if (before.arguments_changed()) return std::nullopt;
  const Outcome with = run(context, op, call->values);
  if (before.arguments_changed()) return std::nullopt;
  if (without.flops != with.flops || without.records != with.records)
    return fmt::format("{}: charged {} with missing arguments, {} without", op.name, with.flops, without.flops);
  if (without.refusal != with.refusal)
    return fmt::format("{}: says '{}' with missing arguments, '{}' without", op.name, with.refusal, without.refusal);
  if (with.result && !same_result(*with.result, *without.result))
    return fmt::format("{}: another result with missing arguments", op.name);
  return std::nullopt;
}

namespace {

constexpr std::int64_t k_most_bytes = 4096;

std::vector<std::int64_t> contiguous_steps(std::span<const std::int64_t> shape, std::int64_t item_bytes) {
  std::vector<std::int64_t> steps(shape.size());
  std::int64_t step = item_bytes;
  for (std::size_t d = shape.size(); d-- > 0; step *= shape[d]) steps[d] = step;
  return steps;
}

// A buffer, and places in it: from its start or a few elements further, the first axis in front or behind, forwards or
// backwards.
struct Block {
  ArrayRef bytes = Array::make(DType::uint8, std::array<std::int64_t, 1>{2 * k_most_bytes});

  ArrayRef place(Random& random, DType dtype, std::span<const std::int64_t> shape) const {
    const std::int64_t item = item_size(dtype);
    std::vector<std::int64_t> steps;
    if (random.one_in(2)) {
      steps = contiguous_steps(shape, item);
    } else {
      const std::vector<std::int64_t> turned(shape.rbegin(), shape.rend());
      steps = contiguous_steps(turned, item);
      std::reverse(steps.begin(), steps.end());
    }
    std::int64_t offset = item * random.below(4);
    if (!shape.empty() && random.one_in(3)) {
      offset += (shape[0] - 1) * steps[0];
      steps[0] = -steps[0];
    }
    return Array::view(bytes->storage(), bytes->items<std::byte>() + offset, dtype, shape, steps);
  }
};

bool is_small(const Array& a) { return a.size > 0 && a.size * a.item_bytes() <= k_most_bytes && !a.tag(); }

}  // namespace

bool writes_into_buffer(const Operation& op) { return place_of(op, "out") >= 0 && repeats(op); }

Finding overlap_case(Random& random, BudgetContext& context, const Operation& op, const Pool& pool) {
  const int out = place_of(op, "out");
  Arguments arguments(random, pool);
  arguments.draw(op);
  auto call = bound(op, arguments);
  if (!call || is_given(call->values, place_of(op, "where")) || is_given(call->values, out)) return std::nullopt;
  std::vector<Value>& values = call->values;
  std::vector<Value*> arrays;
  for (Value& v : values)
    if (v.is_array() && is_small(v.as_array())) arrays.push_back(&v);
  if (arrays.empty()) return std::nullopt;
  Value& read = *random.of(arrays);
  const Array& original = read.as_array();

  // The same elements, first in a buffer of their own, whose result is then written over them.
  const Block block;
  const ArrayRef operand = block.place(random, original.type(), original.dims());
  copy_into(*operand, original);
  read = Value(operand);
  const Outcome apart = run(context, op, values);
  if (!apart.result || !apart.result->is_array()) return std::nullopt;
  const Array& expected = *apart.result->array();
  if (!is_small(expected) || expected.storage() == operand->storage()) return std::nullopt;
  const ArrayRef target = block.place(random, expected.type(), expected.dims());
  values[static_cast<std::size_t>(out)] = Value(target);
  const Outcome over = run(context, op, values);
  if (!over.result) return std::nullopt;  // no buffer of that kind is taken
  if (!same_array(*target, expected))
    return fmt::format("{}: another result in a buffer over its operand {} {}", op.name, name_of(operand->type()),
                       shape_text(operand->dims()));
  return std::nullopt;
}

Finding copyto_case(Random& random, BudgetContext& context) {
  constexpr std::int64_t k_elements = 64;
  const ArrayRef base = Array::make(DType::int64, std::array<std::int64_t, 1>{k_elements});
  for (std::int64_t i = 0; i < k_elements; ++i) base->mutable_items<std::int64_t>()[i] = i;
  Shape shape;
  for (std::int64_t axes = random.between(1, 3); axes > 0; --axes) shape.push_back(random.between(1, 3));
  // Steps of either sign, as far as the buffer reaches.
  const auto view = [&]() -> ArrayRef {
    for (;;) {
      Shape steps;
      std::int64_t first = 0, last = 0;
      for (const std::int64_t extent : shape) {
        steps.push_back(random.between(-8, 8) * 8);
        (steps.back() < 0 ? first : last) += (extent - 1) * steps.back();
      }
      if ((last - first) / 8 >= k_elements) continue;
      const std::int64_t room = k_elements - (last - first) / 8;
      const auto* at = base->items<std::byte>() + random.below(room) * 8 - first;
      return Array::view(base->storage(), at, DType::int64, shape, steps);
    }
  };
  const ArrayRef from = view();
  ArrayRef to = view();
  const auto has_each_once = [](const Array& a) {
    std::set<const std::byte*> places;
    for_each_element(a, [&](const std::byte* at) { places.insert(at); });
    return std::ssize(places) == a.size;
  };
  for (int tries = 0; !has_each_once(*to); ++tries) {
    if (tries == 100) return std::nullopt;
    to = view();
  }
  const ArrayRef expected = copy_of(*from);
  const Value args[] = {Value(to), Value(from)};
  run(context, *Catalogue::instance().find("copyto"), args);
  if (same_array(*to, *expected)) return std::nullopt;
  return fmt::format("copyto: shape {}, other elements where the views overlap", shape_text(shape));
}

}  // namespace whest::fuzz
