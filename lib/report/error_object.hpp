// SPDX-License-Identifier: MIT
// What a command says when it cannot give its result: one object for machines, sentences for people.
#pragma once

#include <string>
#include <vector>

namespace whest::report {

struct CommandError {
  std::string stage;              // "run", "setup", "predict", "validate", ...
  std::string code;               // "SCORING_VALIDATION_ERROR", "SETUP_TIMEOUT", ...
  std::string message;            // one sentence
  std::string details_json = {};  // a JSON value, or empty
  std::string traceback = {};     // shown with --debug only; empty otherwise
  bool more_with_debug = false;   // there is a traceback, left out because nobody asked for it
  std::string subject = {};  // what of the participant's failed, for people: "network #1 (calm-otter)"; empty: usage
};

// {"ok": false, "error": {...}, "whest_version": ...}, indented, with a line end.
std::string error_object(const CommandError& error);

// The same for people, without anything that could steer a terminal: the sentence (with subject and code where the
// participant failed), a line for each hint of the details, the traceback. Ends with a line end.
std::string error_text(const CommandError& error);

// What the details of a failure advise, in their order: "cause_hints", and "hint" where it says something else.
std::vector<std::string> hints_of(const std::string& details_json);

}  // namespace whest::report
