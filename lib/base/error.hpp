// SPDX-License-Identifier: MIT
// The error of a fallible call. Three kinds, never mixed: what the user asked for is wrong (usage), the program itself
// failed (grader). What a participant did is data in the report, never one of these.
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace whest::base {

enum class ErrorKind {
  usage,   // bad option, config or input file: exit 2
  grader,  // a fault of the program or the machine: exit 3
};

struct Error {
  ErrorKind kind = ErrorKind::usage;
  std::string message;  // one sentence: what, where, what was expected
};

template <class T>
using Expected = std::expected<T, Error>;

inline std::unexpected<Error> usage_error(std::string message) {
  return std::unexpected(Error{ErrorKind::usage, std::move(message)});
}
inline std::unexpected<Error> grader_error(std::string message) {
  return std::unexpected(Error{ErrorKind::grader, std::move(message)});
}

}  // namespace whest::base
