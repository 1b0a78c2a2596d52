// SPDX-License-Identifier: MIT
// --format and --json, the same for every command, and how errors are shown.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <ostream>
#include <string>
#include <whest/base/error.hpp>
#include <whest/report/console.hpp>
#include <whest/report/error_object.hpp>

namespace whest::app {

enum class Format { rich, plain, json };

struct OutputOptions {
  std::string format;  // as typed, empty: by the terminal
  bool json = false;

  void declare(CLI::App& app);
  // A usage error for an unknown format, or for --json beside another one.
  base::Expected<Format> resolve() const;
};

bool stdout_is_terminal();

// Whether the raw arguments ask for JSON; for errors met before (or while) they are parsed.
bool wants_json(const std::vector<std::string>& arguments);

// Columns of the terminal on stdout, within [60, 120]; 120 where there is none.
std::size_t console_columns();

// Columns of the terminal on stderr if a progress bar can be drawn there: nothing when it is no terminal, or one that
// cannot move its cursor.
std::optional<std::size_t> bar_columns();

// NO_COLOR and TERM=dumb are respected.
report::Colour console_colour();

// A line on a terminal's stderr that says what is being waited for, gone when this is; nothing where bars are not
// drawn.
class Notice {
 public:
  Notice(std::ostream* err, const std::string& text);  // no stream: no notice
  ~Notice();
  Notice(const Notice&) = delete;
  Notice& operator=(const Notice&) = delete;

 private:
  std::ostream* m_err = nullptr;
};

// What went wrong on `err`; with `json` the error object on `out` too.
void show_error(const report::CommandError& error, bool json, std::ostream& out, std::ostream& err);

// Prints a document by format; not for Format::json.
void show_document(const report::Document& document, Format format, std::ostream& out);

}  // namespace whest::app
