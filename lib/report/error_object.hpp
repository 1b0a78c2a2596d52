// SPDX-License-Identifier: MIT
// What a command says when it cannot give its result: one object for machines, one sentence for people.
#pragma once

#include <string>

namespace whest::report {

struct CommandError {
  std::string stage;         // "run", "setup", "predict", "validate", ...
  std::string code;          // "SCORING_VALIDATION_ERROR", "SETUP_TIMEOUT", ...
  std::string message;       // one sentence
  std::string details_json;  // a JSON value, or empty
  std::string traceback;     // shown with --debug only; empty otherwise
};

// {"ok": false, "error": {...}, "whest_version": ...}, indented, with a line end.
std::string error_object(const CommandError& error);

}  // namespace whest::report
