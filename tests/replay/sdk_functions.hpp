// SPDX-License-Identifier: MIT
// The functions of the participant's headers by the operation that each calls, with arguments known at run time only.
// Nothing here is of the library's own C++ classes, nor of the participant's: their names are the same.
#pragma once

#include <flopscope/abi.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace flopscope::replay {

struct SdkArgument {
  flopscope_value value;
  const char* keyword = nullptr;  // null: by position
};

// Positional arguments first, then keywords. `several`: a keyword among them makes the operation return several arrays.
struct SdkArguments {
  std::vector<SdkArgument> list;
  bool several = false;
};

struct SdkResult {
  enum class Kind : std::uint8_t { none, array, boolean, integer, real, text, dtype, tuple, list };
  Kind kind = Kind::none;
  const flopscope_array* array = nullptr;  // the receiver's reference
  std::int64_t integer = 0;                // also of boolean and dtype
  double real = 0;
  std::string text = {};
  std::vector<SdkResult> items = {};
};

// What the headers throw.
struct SdkFailure {
  std::string class_name, message;
};

struct SdkFunction {
  std::string_view op;
  SdkResult (*invoke)(const SdkArguments&);
};

std::span<const SdkFunction> sdk_elementwise();
std::span<const SdkFunction> sdk_reductions();
std::span<const SdkFunction> sdk_shapes();
std::span<const SdkFunction> sdk_selection();
std::span<const SdkFunction> sdk_methods();

}  // namespace flopscope::replay
