// SPDX-License-Identifier: MIT
// The dtype that prices an elementwise call: its operands, its loop and its buffers, by the rules of the model.
#pragma once

#include <whest/flopscope/ops/detail/counted.hpp>

namespace flopscope::ufunc {

// What is known of a call when it is priced. `buffers` are the caller's outputs; null: none.
struct Elementwise {
  const Counted& what;
  const Loop& loop;
  std::span<const Input> inputs;
  std::optional<DType> asked;
  std::span<const Array* const> buffers;
  bool loop_asked = false;  // a dtype was given, be it one that every loop yields
};

struct Billed {
  DType dtype;
  std::optional<double> complex_factor = {};  // in the place of the model's
};

// Where operands are promoted and no loop is asked for: the operand's dtype, with that of a floating result.
DType with_result(DType operand, DType result);

// Throws UnsupportedDtypeError where the model has no price for complex numbers.
Billed billed_dtype(const Call& call, const Elementwise& e);

// For a call that is priced by one dtype.
void refuse_unpriced_complex(const Call& call, DType dtype);

// The same before a loop is looked for: before 0.12 a dtype that the caller asks for is all that is billed.
void refuse_asked_complex(const Call& call, const Value& asked);

}  // namespace flopscope::ufunc
