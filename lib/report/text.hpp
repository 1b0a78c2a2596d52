// SPDX-License-Identifier: MIT
// Text for a terminal: widths in columns, padding, cutting, wrapping, and nothing that could steer the terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace whest::report {

// Columns of UTF-8 text without escape sequences, one for each code point.
std::size_t columns(std::string_view text);

std::string pad_right(std::string_view text, std::size_t width);
std::string pad_left(std::string_view text, std::size_t width);
std::string centered(std::string_view text, std::size_t width);

// At most `width` columns, the cut shown by an ellipsis.
std::string cut(std::string_view text, std::size_t width);

// Lines of at most `width` columns, broken at blanks where there are some; line ends in the text are kept.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

// What a participant wrote, safe to show: control characters (escapes too) and broken UTF-8 become '?', tabs four
// blanks.
std::string printable(std::string_view text);

std::string repeated(std::string_view unit, std::size_t count);

}  // namespace whest::report
