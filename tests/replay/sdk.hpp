// SPDX-License-Identifier: MIT
// A call through the participant's headers.
#pragma once

#include <span>
#include <string_view>
#include <whest/flopscope/core/catalogue.hpp>

namespace flopscope::replay {

// Whether the headers have a function or method for the operation.
bool sdk_has(std::string_view op);

// Calls it, as a participant's C++ code would. Throws flopscope::Error, of the class that the headers' exception names.
Result invoke_through_sdk(std::string_view op, std::span<const Value> positional, std::span<const NamedValue> named);

}  // namespace flopscope::replay
