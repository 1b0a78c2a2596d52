// SPDX-License-Identifier: MIT
// An entry of the catalogue, and one call of it: what an operation's code sees.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <whest/flopscope/core/cost_model.hpp>
#include <whest/flopscope/core/value.hpp>

namespace flopscope {

class BudgetContext;
class Call;

using Kernel = Result (*)(Call&);

// Which shapes the log record carries: that of the first operand whatever it is (a number has the shape ()), those of
// the first two or three, those of all arrays among the arguments, none (creation, stacking, sampling), or those that
// the call states.
enum class LogShapes : std::uint8_t { first, first_two, first_three, operands, none, stated };

struct Operation {
  std::string_view
      name;  // as participants call it and the log shows it: "add", "linalg.svd", "random.Generator.normal"
  std::string_view
      signature;  // "a, axis=None, dtype=None, out=None, keepdims=False"; "*x" collects positionals into a list
  Kernel run = nullptr;
  std::string_view formula;         // default formula; a model's data may name another
  int variant = 0;                  // selects the function within a family's kernel
  std::string_view canonical = {};  // of an alias: the operation it is another name for
  LogShapes log_shapes = LogShapes::first;
  std::uint32_t index = 0;  // set by the catalogue, as is
  std::uint32_t arity = 0;  // the length of the argument list
};

// One call. `args` are in signature order, missing ones have kind `missing`. An operation's code has three steps, in
// this order: check what shapes, dtypes and arguments decide (throwing before any charge); charge() exactly once (or
// once per log record it owes); compute and return. The time before the charge is overhead, the time after it backend.
class Call {
 public:
  Call(const Operation& operation, std::span<const Value> arguments, const CostModel& cost_model, BudgetContext& budget)
      : op(operation), args(arguments), model(cost_model), context(budget), log_shapes(operation.log_shapes) {}

  const Operation& op;
  std::span<const Value> args;
  const CostModel& model;
  BudgetContext& context;
  LogShapes log_shapes;  // the operation's, unless its code says otherwise before the charge
  std::span<const std::span<const std::int64_t>> stated_shapes;  // for LogShapes::stated

  // Trailing arguments may be left out; they read as missing.
  const Value& arg(int i) const {
    static const Value k_missing;
    return static_cast<std::size_t>(i) < args.size() ? args[static_cast<std::size_t>(i)] : k_missing;
  }

  // Prices `input` by the model's formula for this operation, times weight and factors of `dtype` (the resolved dtype
  // of the call; nullopt where it is neutral), tests the budget, adds, logs, tests the deadline. Throws
  // BudgetExhaustedError (nothing recorded) or TimeExhaustedError (recorded).
  void charge(const PriceInput& input, std::optional<DType> dtype, std::string_view subscripts = {});
  // The same with a cost computed elsewhere (einsum: sum of steps), still times weight and factors.
  void charge_cost(double flop_cost, std::optional<DType> dtype, std::optional<double> complex_factor = {},
                   std::string_view subscripts = {});
  // A second record under another operation's name and price ("copyto" for einsum(out=) in 0.12).
  void charge_as(std::string_view op_name, const PriceInput& input, std::optional<DType> dtype);
  // The same with a cost computed elsewhere.
  void charge_cost_as(std::string_view op_name, double flop_cost, std::optional<DType> dtype);
  // A free operation: cost 0; logged where the model logs it.
  void charge_nothing(std::optional<DType> dtype = {});

  // Around the charges of an operation that owes more than one record: the first is not all, and now it is.
  void owes_more(bool more = true);
  void owes_no_more();

  // What the next record shows instead of operands; it must live until the charge.
  void state_shapes(std::span<const std::span<const std::int64_t>> shapes) {
    log_shapes = LogShapes::stated;
    stated_shapes = shapes;
  }
  void state_shape(std::span<const std::int64_t> shape) {
    m_stated_shape = shape;
    state_shapes({&m_stated_shape, 1});
  }

  // A kernel that wrote into `target`'s buffer reports it here (voids tags where the model says so).
  void wrote_into(const Array& target) const;

  // Time stamps set by the waist and charge(); see budget/.
  std::int64_t entered_ticks = 0;
  std::int64_t charged_ticks = 0;  // 0: not charged yet
  std::uint32_t first_record = 0, record_count = 0;
  bool finished = false;  // its time is split already

 private:
  std::span<const std::int64_t> m_stated_shape;
};

}  // namespace flopscope
