// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <whest/flopscope/budget/audit.hpp>
#include <whest/flopscope/budget/context.hpp>
#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/core/waist.hpp>

namespace flopscope {
void throw_complex_refused(std::string_view name) {
  throw Error(ErrorKind::unsupported_dtype, fmt::format("operation '{}' is not defined for complex dtypes", name));
}

namespace {

// trunc(cost * rate * complex factor * weight), in that order; a price above 2^63 saturates there.
std::int64_t charged_flops(double cost, double rate, double complex_factor, double weight) {
  const double charged = cost * rate * complex_factor * weight;
  if (!(charged > 0)) return 0;
  return charged >= 9.2233720368547758e18 ? INT64_MAX : static_cast<std::int64_t>(charged);
}

// A model with complex factors may have none for an operation (NaN): then complex data is refused, before any charge.
bool refuses_complex(const Call& call, const OpPrice& price) {
  return call.model.has_complex_factors() && std::isnan(price.complex_factor);
}

bool holds_complex(const Value& v) {
  if (v.is_array()) return is_complex(v.as_array().type());
  if (v.is_sequence()) return std::any_of(v.as_items().begin(), v.as_items().end(), holds_complex);
  return v.is(ValueKind::complex);
}

void charge_priced(Call& call, std::string_view name, const OpPrice& price, double cost, std::optional<DType> dtype,
                   std::optional<double> complex_factor, std::string_view subscripts) {
  double rate = 1;
  double factor = 1;
  if (dtype) [[likely]] {
    if (is_complex(*dtype) && !complex_factor && refuses_complex(call, price)) throw_complex_refused(name);
    rate = call.model.dtype_rate(*dtype);
    if (is_complex(*dtype) && call.model.has_complex_factors()) factor = complex_factor.value_or(price.complex_factor);
  }
  const std::int64_t charged = price.logged ? charged_flops(cost, rate, factor, price.weight) : 0;
  call.context.charge(call, name, charged, dtype, subscripts, price.logged);
}

}  // namespace

void Call::charge(const PriceInput& input, std::optional<DType> dtype, std::string_view subscripts) {
  const OpPrice& price = model.price_of(op.index);
  charge_priced(*this, op.name, price, price.formula->price(input), dtype, input.complex_factor, subscripts);
}

void Call::charge_cost(double flop_cost, std::optional<DType> dtype, std::optional<double> complex_factor,
                       std::string_view subscripts) {
  charge_priced(*this, op.name, model.price_of(op.index), flop_cost, dtype, complex_factor, subscripts);
}

namespace {

const Operation& named(std::string_view op_name) {
  const Operation* other = Catalogue::instance().find(op_name);
  if (other == nullptr) throw Error(ErrorKind::runtime_error, fmt::format("no operation '{}' to charge as", op_name));
  return *other;
}

}  // namespace

void Call::charge_as(std::string_view op_name, const PriceInput& input, std::optional<DType> dtype) {
  const Operation& other = named(op_name);
  const OpPrice& price = model.price_of(other.index);
  charge_priced(*this, other.name, price, price.formula->price(input), dtype, input.complex_factor, {});
}

void Call::charge_cost_as(std::string_view op_name, double flop_cost, std::optional<DType> dtype) {
  const Operation& other = named(op_name);
  charge_priced(*this, other.name, model.price_of(other.index), flop_cost, dtype, {}, {});
}

void Call::charge_nothing(std::optional<DType> dtype) { charge_cost(0, dtype); }

void Call::owes_more(bool more) { context.expect_more_charges(more); }
void Call::owes_no_more() { context.expect_no_more_charges(); }

void Call::wrote_into(const Array& target) const {
  target.storage()->count_write();
  if (model.writes_void_tags()) target.storage()->void_tags();
}

namespace {

// The outermost call is what the audit prices again, at its first charge.
[[gnu::noinline]] Result run_audited(Call& call) {
  Audit& audit = *call.context.audit();
  const Audit::Scope scope(audit, call);
  Result result = call.op.run(call);
  audit.take_tags(result);
  return result;
}

// In a function of its own, where the result is made in its last place.
Result run_to_the_end(Call& call) {
  Result result = call.context.audit() == nullptr ? call.op.run(call) : run_audited(call);
  call.context.finish(call, true);
  return result;
}

}  // namespace

namespace {

void require_supported(const Operation& op, const CostModel& model) {
  if (!model.price_of(op.index).supported)
    throw Error(ErrorKind::unsupported_function,
                fmt::format("flopscope does not support '{}' under the cost model {}.", op.name, model.name()));
}

}  // namespace

Result invoke(const Operation& op, std::span<const Value> args) {
  BudgetContext& context = current_context();
  Call call(op, args, context.model(), context);
  call.entered_ticks = now_ticks();
  require_supported(op, call.model);
  try {
    return run_to_the_end(call);
  } catch (const Error& e) {
    if (!call.finished) context.finish(call, false);
    // The model's refusal of complex operands comes before NumPy's.
    if (e.kind() == ErrorKind::type_error && refuses_complex(call, call.model.price_of(op.index)) &&
        std::any_of(args.begin(), args.end(), holds_complex))
      throw_complex_refused(op.name);
    throw;
  } catch (...) {
    if (!call.finished) context.finish(call, false);
    throw;
  }
}

Result invoke(std::string_view name, std::span<const Value> positional, std::span<const NamedValue> named) {
  const Operation* op = Catalogue::instance().find(name);
  if (op == nullptr)
    throw Error(ErrorKind::attribute_error, fmt::format("flopscope.numpy does not provide '{}'.", name));
  require_supported(*op, current_context().model());  // of an operation that there is not, no argument is known
  const BoundArguments bound = bind(*op, positional, named);
  return invoke(*op, bound.values);
}

}  // namespace flopscope
