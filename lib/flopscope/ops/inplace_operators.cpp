// SPDX-License-Identifier: MIT
// The in-place operators: only where the model's arrays can be assigned to (0.5), and only while the array's tag holds
// (C.8); elsewhere TypeError, free.
#include <fmt/format.h>

#include <array>
#include <whest/flopscope/ops/detail/contraction_operations.hpp>
#include <whest/flopscope/ops/detail/inplace_operators.hpp>
#include <whest/flopscope/symmetry/tag.hpp>

namespace flopscope {
namespace {

struct InPlace {
  std::string_view name;   // of the method
  std::string_view price;  // "as FUNCTION if ...": the function whose result is written back, and billed

  constexpr std::string_view function() const { return price.substr(3, price.find(" if ") - 3); }
};

#define WHEST_AS(function) "as " function " if arrays_can_be_assigned_to else refused"

constexpr InPlace k_inplace[] = {
    {"method.__iadd__", WHEST_AS("add")},
    {"method.__isub__", WHEST_AS("subtract")},
    {"method.__imul__", WHEST_AS("multiply")},
    {"method.__itruediv__", WHEST_AS("true_divide")},
    {"method.__ipow__", WHEST_AS("power")},
    {"method.__imatmul__", WHEST_AS("matmul")},
    {"method.__imod__", WHEST_AS("remainder")},
    {"method.__ifloordiv__", WHEST_AS("floor_divide")},
    {"method.__iand__", WHEST_AS("bitwise_and")},
    {"method.__ior__", WHEST_AS("bitwise_or")},
    {"method.__ixor__", WHEST_AS("bitwise_xor")},
    {"method.__ilshift__", WHEST_AS("left_shift")},
    {"method.__irshift__", WHEST_AS("right_shift")},
};
#undef WHEST_AS

// Every element of the array's own group must be in the result's.
bool keeps_tag(const Array& a, const Array& result) {
  if (!a.tag() || a.tag()->group().is_trivial()) return true;
  if (!result.tag() || result.ndim != a.ndim) return false;
  return a.tag()->full_group(a.ndim).is_subgroup_of(result.tag()->full_group(a.ndim));
}

Result run_inplace(Call& call) {
  const std::string_view function = k_inplace[call.op.variant].function();
  if (!call.model.rule("arrays_can_be_assigned_to") || !call.arg(0).is_array())
    throw_type_error(fmt::format("in-place {} is not supported; flopscope arrays are immutable.", function));
  const Array& a = call.arg(0).as_array();
  a.require_writable();
  std::array<Value, 8> args{call.arg(0), call.arg(1)};  // the rest of the function's arguments are missing
  const ArrayRef result = contract::run_as(call, function, args).take_array();
  if (!keeps_tag(a, *result))
    throw_value_error(fmt::format("in-place {} would destroy or weaken the array's symmetry; assign the result of {}()",
                                  function, function));
  if (!std::ranges::equal(result->dims(), a.dims()))
    throw_value_error(fmt::format("non-broadcastable output operand with shape {} doesn't match the broadcast shape {}",
                                  shape_text(a.dims()), shape_text(result->dims())));
  if (!can_cast_same_kind(result->type(), a.type()))
    throw_type_error(fmt::format("Cannot cast output from {} to {}", name_of(result->type()), name_of(a.type())));
  copy_into(a, *result);
  call.wrote_into(a);
  return ref_of(a);
}

}  // namespace

std::span<const Operation> inplace_operators() {
  static const auto k_operations = [] {
    std::array<Operation, std::size(k_inplace)> out;
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = {.name = k_inplace[i].name,
                .signature = "a, b",
                .run = run_inplace,
                .formula = k_inplace[i].price,
                .variant = static_cast<int>(i),
                .log_shapes = LogShapes::first_two};
    return out;
  }();
  return k_operations;
}

}  // namespace flopscope
