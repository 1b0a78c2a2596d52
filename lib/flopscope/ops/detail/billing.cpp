// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <whest/flopscope/core/waist.hpp>
#include <whest/flopscope/ops/detail/billing.hpp>
#include <whest/flopscope/ops/detail/layout.hpp>

namespace flopscope::ufunc {
namespace {

bool no_price_for_complex(const Call& call) {
  return call.model.has_complex_factors() && std::isnan(call.model.price_of(call.op.index).complex_factor);
}

DType first_output(const Elementwise& e) { return e.loop.types[e.inputs.size()]; }

bool any_complex(std::span<const Array* const> buffers) {
  return std::any_of(buffers.begin(), buffers.end(), [](const Array* b) { return b && is_complex(b->type()); });
}

// Two tests of truth on operands of unlike dtypes run over their truths.
bool tests_truths(const Call& call, const Elementwise& e) {
  if (!(e.what.traits & k_logical) || !call.model.rule("pointwise.mixed_logical_is_bool")) return false;
  return e.inputs[0].is_weak() || e.inputs[1].is_weak() || e.inputs[0].type() != e.inputs[1].type();
}

// Where the loop that runs is priced (0.12): its dtype, and whatever the call reads at a higher rate.
DType dtype_of_loop(const Call& call, const Elementwise& e) {
  if (e.asked) return detail::heavier(call.model, e.loop.types[0], first_output(e));
  if (e.inputs.size() == 1) return e.loop.types[0];
  if (e.what.traits & k_logical) {
    const DType read = result_type(e.inputs);
    if (!tests_truths(call, e)) return read;
    const bool dearer = call.model.dtype_rate(read) > call.model.dtype_rate(DType::bool_);
    return dearer && !e.loop_asked ? read : DType::bool_;
  }
  // A Python int compared with integers is looked at by value, whatever its size: the array's dtype is billed. Two of
  // them are compared as Python's own numbers, which have no price.
  if (e.what.function->weak_any_size) {
    const auto plain = [](const Input& in) { return in.is_weak() && in.weak() == WeakKind::integer; };
    if (std::ranges::all_of(e.inputs, plain))
      throw Error(ErrorKind::unsupported_dtype, fmt::format("{}: dtype object is not billable", e.what.name));
    for (std::size_t k = 0; k < 2; ++k)
      if (e.inputs[1 - k].is_weak() && !e.inputs[k].is_weak() && is_integer(e.inputs[k].type()) &&
          e.inputs[1 - k].weak() == WeakKind::integer)
        return e.inputs[k].type();
  }
  // The number of ldexp is billed as the int64 it is, though the loop of the smallest floats runs.
  if (e.what.function->fixed_second_int && e.inputs[0].is_weak() && e.inputs[0].weak() == WeakKind::integer)
    return DType::float64;
  return e.loop.types[0];
}

// A function of two numbers whose loop is real moves, into a complex buffer, two reals for one.
std::optional<double> factor_of_loop(const Call& call, const Elementwise& e) {
  if (e.inputs.size() != 2 || e.what.function->outputs != 1) return {};
  const auto used = std::span(e.loop.types).first(e.inputs.size() + 1);
  if (!tests_truths(call, e) && std::any_of(used.begin(), used.end(), is_complex)) return {};
  return any_complex(e.buffers) ? 2.0 : 1.0;
}

Billed billed_by_loop(const Call& call, const Elementwise& e) {
  const bool two_results = e.what.function->outputs == 2;
  if (e.asked && two_results && e.inputs.size() == 2) return {*e.asked};
  Billed out{dtype_of_loop(call, e), factor_of_loop(call, e)};
  for (std::size_t k = 0; k < e.buffers.size(); ++k) {
    if (e.buffers[k] == nullptr) continue;
    // Of two results, the buffer that NumPy would have made itself changes nothing.
    const bool neutral = two_results && e.buffers[k]->type() == e.loop.types[e.inputs.size() + k];
    if (!neutral) out.dtype = promote(out.dtype, e.buffers[k]->type());
  }
  return out;
}

// Before that: the promotion of all operands and buffers, and the result's dtype where there is no loop for integers.
Billed billed_by_promotion(const Call& call, const Elementwise& e) {
  if (e.asked) return {*e.asked};
  std::vector<Input> all(e.inputs.begin(), e.inputs.end());
  for (const Array* b : e.buffers)
    if (b != nullptr) all.emplace_back(*b);
  if (e.inputs.size() == 1) {
    DType dtype = with_result(e.inputs[0].type(), first_output(e));
    for (const Input& in : std::span(all).subspan(1)) dtype = promote(dtype, in.type());
    return {dtype};
  }
  const DType promoted = result_type(all);
  if (e.what.traits & k_logical) return {promoted};
  if (e.what.traits & k_real_only) return {is_floating(promoted) ? promoted : DType::float64};
  // Integers are billed by the double precision that their loop may want, unless a buffer makes them floating; a
  // function that knows double precision only wants it of whatever costs less.
  const DType result = first_output(e);
  const bool doubles_only =
      is_floating(result) && e.what.function->direct[static_cast<std::size_t>(DType::float32)] < 0;
  const bool wanted = is_floating(result) && (doubles_only || !is_floating(promoted));
  if (doubles_only && is_integer(promoted)) return {detail::heavier(call.model, promoted, result)};
  return {wanted ? promote(promoted, result) : promoted};
}

}  // namespace

DType with_result(DType operand, DType result) { return is_floating(result) ? promote(operand, result) : operand; }

Billed billed_dtype(const Call& call, const Elementwise& e) {
  if (!call.model.has_complex_factors()) return {e.asked.value_or(e.loop.types[0])};  // only logged
  const Billed out = call.model.prices_dtype_of_loop() ? billed_by_loop(call, e) : billed_by_promotion(call, e);
  if (is_complex(out.dtype) && !out.complex_factor && no_price_for_complex(call)) throw_complex_refused(call.op.name);
  return out;
}

void refuse_unpriced_complex(const Call& call, DType dtype) {
  if (is_complex(dtype) && no_price_for_complex(call)) throw_complex_refused(call.op.name);
}

void refuse_asked_complex(const Call& call, const Value& asked) {
  if (!asked.is(ValueKind::dtype) || !no_price_for_complex(call) || call.model.prices_dtype_of_loop()) return;
  const std::optional<DType> dtype = to_dtype(asked);
  if (dtype && is_complex(*dtype)) throw_complex_refused(call.op.name);
}

}  // namespace flopscope::ufunc
