// SPDX-License-Identifier: MIT
// What symmetry and contractions refuse, in the classes of core/errors.hpp.
#pragma once

#include <whest/flopscope/core/errors.hpp>

namespace flopscope::symmetry {

using Refusal = flopscope::Error;

[[noreturn]] inline void refuse_value(const std::string& message) { throw_value_error(message); }
[[noreturn]] inline void refuse_symmetry(const std::string& message) {
  throw Error(ErrorKind::symmetry_error, message);
}
// A group that would have to be listed and has more than 50,000 elements.
[[noreturn]] inline void refuse_too_large() {
  throw Error(ErrorKind::runtime_error, "the group is too large to enumerate exactly");
}

}  // namespace flopscope::symmetry
