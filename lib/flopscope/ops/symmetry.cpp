// SPDX-License-Identifier: MIT
// The symmetry family: declaring, testing and making symmetric arrays (C.7).
#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/ops/detail/contraction_operations.hpp>
#include <whest/flopscope/ops/detail/finite.hpp>
#include <whest/flopscope/ops/detail/inplace_operators.hpp>
#include <whest/flopscope/ops/detail/random_operations.hpp>
#include <whest/flopscope/ops/detail/symmetric_values.hpp>

namespace flopscope {
namespace {

using namespace contract;

// Validation looks at every element once per generator.
PriceInput validation_price(const Array& a, const symmetry::Tag& tag) {
  PriceInput price;
  price.in = static_cast<double>(a.size);
  price.extra = tag.generator_count();
  return price;
}

DType validation_dtype(const Call& call, const Array& a) {
  const bool widened = call.model.rule("symmetry.integers_as_float64") && !is_floating(a.type());
  return widened ? DType::float64 : a.type();
}

void require_axes_exist(const symmetry::Tag& tag, const Array& a) {
  if (tag.axes().front() < 0 || tag.axes().back() >= a.ndim)
    throw_value_error("symmetry axes are out of range for ndim=" + std::to_string(a.ndim));
}

// The same memory, another object, with the tag.
ArrayRef tagged_view(const Array& a, const TagRef& tag) {
  ArrayRef view = Array::view(a.storage(), a.items<std::byte>(), a.type(), a.dims(), a.byte_strides());
  view->set_tag(tag);
  return view;
}

Result run_as_symmetric(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const TagRef tag = to_tag(call.arg(1));
  require_axes_exist(*tag, *a);
  require_fits(*tag, a->dims());
  call.charge(validation_price(*a, *tag), validation_dtype(call, *a));
  require_symmetric(*a, *tag, k_default_atol, k_default_rtol);
  return tagged_view(*declared_values(call.model, a, *tag), tag);
}

// The constructor: checked and charged only where the model says so.
Result run_symmetric_tensor(Call& call) {
  if (call.model.rule("symmetry.constructor_is_checked")) return run_as(call, "as_symmetric", call.args);
  const ArrayRef a = to_array(call.arg(0));
  const TagRef tag = to_tag(call.arg(1));
  require_axes_exist(*tag, *a);
  require_fits(*tag, a->dims());
  return tagged_view(*a, tag);
}

Result run_is_symmetric(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const Value& given = call.arg(1);
  if (given.is(ValueKind::none)) return Result::boolean(false);
  const TagRef tag = given.is_missing() ? a->tag() : to_tag(given);
  if (!tag) return Result::boolean(false);
  require_axes_exist(*tag, *a);
  require_fits(*tag, a->dims());
  const double atol = call.arg(2).is_absent() ? k_default_atol : to_double(call.arg(2), "atol");
  const double rtol = call.arg(3).is_absent() ? k_default_rtol : to_double(call.arg(3), "rtol");
  call.charge(validation_price(*a, *tag), validation_dtype(call, *a));
  return Result::boolean(deviation(*a, *tag, atol, rtol).passes);
}

bool is_canonical_copy(const Call& call, const Value& mode) {
  if (mode.is_absent()) return false;
  if (!call.model.rule("symmetry.has_modes")) throw_type_error("got an unexpected keyword argument 'mode'");
  if (mode.is(ValueKind::string) && mode.as_string() == "canonical-copy") return true;
  if (mode.is(ValueKind::string) && mode.as_string() == "reynolds-projection") return false;
  throw_value_error("unknown symmetrize mode; expected one of 'canonical-copy', 'reynolds-projection'");
}

PriceInput projection_price(std::int64_t elements, const symmetry::Tag& tag, bool copied) {
  PriceInput price;
  price.in = static_cast<double>(elements);
  price.extra = copied ? 0 : static_cast<double>(tag.group().order());
  return price;
}

Result run_symmetrize(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const TagRef tag = to_tag(call.arg(1));
  const bool copied = is_canonical_copy(call, call.arg(2));
  require_axes_exist(*tag, *a);
  require_fits(*tag, a->dims());
  // A copy moves values, a mean is computed in double.
  const DType mean = is_complex(a->type()) ? DType::complex128 : DType::float64;
  call.charge(projection_price(a->size, *tag, copied), copied ? a->type() : mean);
  ArrayRef result = copied ? canonical_copy(*contiguous_copy_if_needed(*a), *tag) : projected(*a, *tag);
  if (!copied && !detail::all_finite(*result)) require_symmetric(*result, *tag, k_default_atol, k_default_rtol);
  result->set_tag(tag);
  return result;
}

Result run_random_symmetric(Call& call) {
  const Dims shape = to_shape(call.arg(0), "shape");
  const TagRef tag = to_tag(call.arg(1));
  const std::string_view distribution = call.arg(2).is_absent() ? "randn" : call.arg(2).as_string();
  sampling::require_distribution_name(distribution);
  const bool copied = is_canonical_copy(call, call.arg(3));
  require_fits(*tag, shape);
  call.state_shape(shape);
  call.charge(projection_price(element_count(shape), *tag, copied), std::nullopt);
  const ArrayRef drawn = sampling::module_numbers(distribution, shape);
  ArrayRef result = copied ? canonical_copy(*drawn, *tag) : projected(*drawn, *tag);
  result->set_tag(tag);
  return result;
}

constexpr Operation k_operations[] = {
    {.name = "as_symmetric", .signature = "data, symmetry", .run = run_as_symmetric, .formula = "symmetry.validated"},
    {.name = "SymmetricTensor",
     .signature = "input_array, symmetry",
     .run = run_symmetric_tensor,
     .formula = "as as_symmetric if symmetry.constructor_is_checked else zero"},
    {.name = "is_symmetric",
     .signature = "data, symmetry=own, atol=1e-6, rtol=1e-5",
     .run = run_is_symmetric,
     .formula = "symmetry.validated"},
    {.name = "symmetrize",
     .signature = "data, symmetry, mode=reynolds-projection",
     .run = run_symmetrize,
     .formula = "symmetry.projected"},
    {.name = "random.symmetric",
     .signature = "shape, symmetry, distribution=randn, mode=reynolds-projection",
     .run = run_random_symmetric,
     .formula = "symmetry.drawn",
     .log_shapes = LogShapes::none},
};

}  // namespace

std::span<const Operation> symmetry_operations() {
  static const std::vector<Operation> k_all = [] {
    std::vector<Operation> all(std::begin(k_operations), std::end(k_operations));
    all.insert(all.end(), inplace_operators().begin(), inplace_operators().end());
    return all;
  }();
  return k_all;
}

}  // namespace flopscope
