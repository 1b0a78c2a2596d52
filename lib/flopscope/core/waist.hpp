// SPDX-License-Identifier: MIT
// The narrow waist: every counted operation is one call through invoke(). Price it under the active cost model, charge
// it, run it, log it, split its time. Nothing outside touches counters or storage.
#pragma once

#include <span>
#include <string_view>
#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/core/operation.hpp>

namespace flopscope {

// What a model with complex factors answers where it has none for the operation: UnsupportedDtypeError.
[[noreturn]] void throw_complex_refused(std::string_view name);

// `args` in signature order (trailing ones may be left out). Throws flopscope::Error.
Result invoke(const Operation& op, std::span<const Value> args);

// By name, Python-like arguments. Throws AttributeError for an unknown name.

Result invoke(std::string_view name, std::span<const Value> positional, std::span<const NamedValue> named);

}  // namespace flopscope
