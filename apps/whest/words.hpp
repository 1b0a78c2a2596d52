// SPDX-License-Identifier: MIT
// The words behind a command, checked before they are parsed, so that what is wrong with them is said in our sentences.
#pragma once

#include <CLI/CLI.hpp>
#include <span>
#include <string>
#include <vector>
#include <whest/base/error.hpp>

namespace whest::app {

// `words` (those behind the command's name) as the parser of `command` cannot misread them: every option with its value
// in one word, positional arguments behind "--". A usage error for an option that the command does not have, a value
// that is missing, empty, or given to a switch, an option given twice, an argument too many. Behind --help nothing is
// checked.
base::Expected<std::vector<std::string>> tidy_words(const CLI::App& command, std::span<const std::string> words);

}  // namespace whest::app
