// SPDX-License-Identifier: MIT
// The command line of flopscope_fuzz.
#pragma once

#include <cstdint>
#include <expected>
#include <string>

namespace whest::fuzz {

struct Options {
  std::int64_t calls = 20'000;
  std::uint64_t seed = 1;
  std::string cost_model = "flopscope-0.12";
  std::string only;
  bool trace = false;
  bool list_refused = false;
  bool help = false;
};

// A sentence that says what is wrong where the words are no command line.
std::expected<Options, std::string> parse_options(int argc, const char* const* argv);
std::string help_text();

}  // namespace whest::fuzz
