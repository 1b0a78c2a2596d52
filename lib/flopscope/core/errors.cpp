// SPDX-License-Identifier: MIT
#include <whest/flopscope/core/errors.hpp>

namespace flopscope {

std::string_view class_name(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::value_error:
      return "ValueError";
    case ErrorKind::type_error:
      return "TypeError";
    case ErrorKind::index_error:
      return "IndexError";
    case ErrorKind::axis_error:
      return "AxisError";
    case ErrorKind::lin_alg_error:
      return "LinAlgError";
    case ErrorKind::symmetry_error:
      return "SymmetryError";
    case ErrorKind::unsupported_function:
      return "UnsupportedFunctionError";
    case ErrorKind::attribute_error:
      return "AttributeError";
    case ErrorKind::key_error:
      return "KeyError";
    case ErrorKind::zero_division:
      return "ZeroDivisionError";
    case ErrorKind::overflow:
      return "OverflowError";
    case ErrorKind::not_implemented:
      return "NotImplementedError";
    case ErrorKind::no_budget_context:
      return "NoBudgetContextError";
    case ErrorKind::budget_exhausted:
      return "BudgetExhaustedError";
    case ErrorKind::time_exhausted:
      return "TimeExhaustedError";
    case ErrorKind::runtime_error:
      return "RuntimeError";
    case ErrorKind::memory_error:
      return "MemoryError";
    case ErrorKind::unsupported_dtype:
      break;
  }
  return "UnsupportedDtypeError";
}

}  // namespace flopscope
