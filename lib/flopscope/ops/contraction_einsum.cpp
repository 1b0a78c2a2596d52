// SPDX-License-Identifier: MIT
// einsum and einsum_path.
#include <algorithm>
#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/ops/detail/contract.hpp>
#include <whest/flopscope/ops/detail/contraction_operations.hpp>
#include <whest/flopscope/ops/detail/contraction_plan.hpp>
#include <whest/flopscope/ops/detail/counted.hpp>
#include <whest/flopscope/ops/detail/einsum_path_info.hpp>
#include <whest/flopscope/ops/detail/layout.hpp>
#include <whest/flopscope/ops/detail/symmetric_values.hpp>

namespace flopscope::contract {
namespace {

std::vector<ArrayRef> operands_of(std::span<const Value> values) {
  std::vector<ArrayRef> operands;
  for (const Value& v : values) {
    if (!v.is_array())
      throw Error(ErrorKind::attribute_error, "an operand of einsum must be an array: it has no attribute 'shape'");
    operands.push_back(ref_of(v.as_array()));
  }
  return operands;
}

// The result may go into a tagged buffer only if it has that symmetry, by its tag or, where it has none, by its values;
// a buffer tagged by its making is just no longer symmetric, where the model voids tags on writing.
void require_tag_holds(const Call& call, const Value& out, const Array& result) {
  if (out.is_absent() || !out.as_array().tag()) return;
  const TagRef &wanted = out.as_array().tag(), &tag = result.tag();
  if (wanted->inferred() && call.model.writes_void_tags()) return;
  const int ndim = out.as_array().ndim;
  if (!tag && result.ndim == ndim) {
    takes_tag(call.model, result, *wanted);
    return;
  }
  const bool holds =
      wanted->group().is_trivial() || (tag && wanted->full_group(ndim).is_subgroup_of(tag->full_group(ndim)));
  if (!holds)
    throw Error(ErrorKind::symmetry_error, "the output buffer is tagged with a symmetry that the result does not have");
}

}  // namespace

symmetry::PathRequest to_path_request(const Value& optimize) {
  using Request = symmetry::PathRequest;
  if (optimize.is_missing()) return {};
  if (optimize.is(ValueKind::string)) return {Request::Kind::named, std::string(optimize.as_string()), {}};
  if (optimize.is(ValueKind::none)) return {Request::Kind::on, "auto", {}};
  if (optimize.is(ValueKind::boolean))
    return {to_bool(optimize, true) ? Request::Kind::on : Request::Kind::off, "auto", {}};
  if (!optimize.is_sequence()) throw_type_error("optimize must be the name of a strategy, a truth value or a path");
  Request request{Request::Kind::given, "", {}};
  for (const Value& step : optimize.as_items()) {
    if (!step.is_sequence()) throw_type_error("a path is a list of lists of integers");
    request.path.emplace_back();
    for (const Value& position : step.as_items())
      request.path.back().push_back(static_cast<int>(to_int(position, "optimize")));
  }
  return request;
}

Result run_einsum(Call& call) {
  if (!call.arg(0).is(ValueKind::string)) throw_type_error("einsum() takes its subscripts as text");
  const std::string_view subscripts = call.arg(0).as_string();
  const std::span<const Value> values = call.arg(1).as_items();
  const std::vector<ArrayRef> operands = operands_of(values);
  const Value &out = call.arg(2), &declared = call.arg(4);
  const auto plan = plan_for(call.model, subscripts, operands, identities(values));
  check_request(to_path_request(call.arg(3)), operands.size());
  const DType own = operands.empty() ? DType::float64 : detail::common_dtype(operands);
  if (!out.is_absent()) {  // a larger buffer repeats the result
    const Dims shape(plan->expression.output_shape());
    detail::require_out(out, out.is_array() ? ufunc::stretched_to(out.as_array(), shape) : shape);
  }
  const DType dtype = ufunc::promoted_with_out(call, own, out.is_absent() ? nullptr : &out.as_array());
  const bool out_is_charged = !out.is_absent() && call.model.rule("einsum.out_is_copied");
  if (out_is_charged) call.owes_more();
  call.charge_cost(plan->cost, dtype, plan->complex_factor, plan->expression.text());
  ArrayRef result = contract(plan->expression, operands, plan->path, out_is_charged ? dtype : own);
  if (!declared.is_absent()) {
    const TagRef tag = to_tag(declared);
    if (takes_tag(call.model, *result, *tag)) {
      result = declared_values(call.model, result, *tag);
      result->set_tag(tag);
    }
  } else if (plan->tag && takes_tag(call.model, *result, *plan->tag)) {
    result->set_tag(plan->tag);
  }
  require_tag_holds(call, out, *result);
  if (out_is_charged) {
    PriceInput copy;
    copy.in = copy.out = copy.extra = static_cast<double>(out.as_array().size);
    call.charge_as("copyto", copy, out.as_array().type());
    call.owes_no_more();
  }
  return detail::into_out(call, out, std::move(result));
}

Result run_einsum_path(Call& call) {
  if (!call.arg(0).is(ValueKind::string)) throw_type_error("einsum_path() takes its subscripts as text");
  call.charge_cost(1, std::nullopt);
  const std::span<const Value> values = call.arg(1).as_items();
  const std::vector<ArrayRef> operands = operands_of(values);
  const auto plan = plan_for(call.model, call.arg(0).as_string(), operands, identities(values));
  const symmetry::PathRequest request = to_path_request(call.arg(2));
  check_request(request, operands.size());
  std::vector<symmetry::EinsumOperand> facts;
  const std::vector<int> objects = identities(values);
  for (std::size_t i = 0; i < operands.size(); ++i) facts.push_back({operands[i]->tag(), objects[i]});
  auto info = std::make_shared<PathInfoObject>(
      make_path_info(plan->expression, facts, plan->price, request, einsum_rules(call.model)));
  std::vector<Result> steps;
  for (const auto& step : info->info().path) {
    std::vector<Result> positions;
    for (const int position : step) positions.push_back(Result::integer(position));
    steps.push_back(Result::tuple(std::move(positions)));
  }
  return Result::tuple({Result::list(std::move(steps)), Result::Variant(ObjectRef(std::move(info)))});
}

}  // namespace flopscope::contract
