// SPDX-License-Identifier: MIT
// Text for terminals: widths, cuts, wraps, and what a participant must not be able to write there.
#include <doctest/doctest.h>

#include <whest/report/text.hpp>

using namespace whest::report;

TEST_CASE("widths count code points") {
  CHECK(columns("abc") == 3);
  CHECK(columns("╭─╮") == 3);
  CHECK(pad_right("é", 3) == "é  ");
  CHECK(pad_left("é", 3) == "  é");
  CHECK(centered("ab", 5) == " ab  ");
}

TEST_CASE("a cut keeps whole code points and shows itself") {
  CHECK(cut("abcdef", 6) == "abcdef");
  CHECK(cut("abcdefg", 6) == "abcde…");
  CHECK(cut("ééééé", 3) == "éé…");
  CHECK(cut("abc", 0).empty());
}

TEST_CASE("wrapping breaks at blanks, else anywhere, and keeps line ends") {
  CHECK(wrap("one two three", 7) == std::vector<std::string>{"one two", "three"});
  CHECK(wrap("abcdefgh", 3) == std::vector<std::string>{"abc", "def", "gh"});
  CHECK(wrap("a\n\nb", 10) == std::vector<std::string>{"a", "", "b"});
  CHECK(wrap("    indented", 8) == std::vector<std::string>{"    inde", "nted"});
}

TEST_CASE("escape sequences, control characters and broken UTF-8 do not reach the terminal") {
  CHECK(printable("plain é ╭ \xF0\x9F\x98\x80") == "plain é ╭ \xF0\x9F\x98\x80");
  CHECK(printable("\x1b[31mred\x1b]0;title\x07") == "?[31mred?]0;title?");
  CHECK(printable("a\rb\x7f") == "a?b?");
  CHECK(printable("\xC2\x9B"
                  "31m") == "??31m");  // the one-byte CSI, as UTF-8
  CHECK(printable("\xFF\xC3") == "??");
  CHECK(printable("tab\tend\n") == "tab    end\n");
}
