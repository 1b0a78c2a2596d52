// SPDX-License-Identifier: MIT
#include "output.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <whest/base/suggest.hpp>
#include <whest/report/text.hpp>

namespace whest::app {

void OutputOptions::declare(CLI::App& app) {
  app.add_option("--format", format, "rich, plain or json (default: rich on a terminal, else plain)")
      ->type_name("FORMAT");
  app.add_flag("--json", json, "same as --format json");
}

base::Expected<Format> OutputOptions::resolve() const {
  const std::vector<std::string> names = {"rich", "plain", "json"};
  if (!format.empty() && std::find(names.begin(), names.end(), format) == names.end()) {
    return base::usage_error(fmt::format("--format must be one of rich, plain, json, got '{}'.{}", format,
                                         base::did_you_mean(format, names)));
  }
  if (json && !format.empty() && format != "json") {
    return base::usage_error(fmt::format("--json and --format {} contradict each other.", format));
  }
  if (json || format == "json") return Format::json;
  if (format == "plain") return Format::plain;
  if (format == "rich") return Format::rich;
  return stdout_is_terminal() ? Format::rich : Format::plain;
}

bool stdout_is_terminal() { return isatty(STDOUT_FILENO) == 1; }

bool wants_json(const std::vector<std::string>& arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--json" || arguments[i] == "--format=json") return true;
    if (arguments[i] == "--format" && i + 1 < arguments.size() && arguments[i + 1] == "json") return true;
  }
  return false;
}

namespace {

// 0 where it does not say.
std::size_t terminal_columns(int descriptor) {
  winsize size{};
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

bool terminal_is_dumb() {
  const char* terminal = std::getenv("TERM");
  return terminal != nullptr && std::strcmp(terminal, "dumb") == 0;
}

}  // namespace

std::size_t console_columns() {
  const std::size_t columns = terminal_columns(STDOUT_FILENO);
  return columns == 0 ? report::k_console_columns : std::clamp<std::size_t>(columns, 60, report::k_console_columns);
}

std::optional<std::size_t> bar_columns() {
  if (isatty(STDERR_FILENO) != 1 || terminal_is_dumb()) return std::nullopt;
  const std::size_t columns = terminal_columns(STDERR_FILENO);
  return columns == 0 ? 80 : columns;
}

Notice::Notice(std::ostream* err, const std::string& text) {
  const auto columns = bar_columns();
  if (!columns || err == nullptr) return;
  m_err = err;
  *err << report::cut(report::printable(text), *columns - 1) << std::flush;
}

Notice::~Notice() {
  if (m_err != nullptr) *m_err << "\r\x1b[K" << std::flush;
}

report::Colour console_colour() {
  const char* no_colour = std::getenv("NO_COLOR");
  const bool off = (no_colour != nullptr && *no_colour != '\0') || terminal_is_dumb();
  return off ? report::Colour::off : report::Colour::on;
}

void show_error(const report::CommandError& error, bool json, std::ostream& out, std::ostream& err) {
  if (json) out << report::error_object(error) << std::flush;
  err << report::error_text(error) << std::flush;
}

void show_document(const report::Document& document, Format format, std::ostream& out) {
  out << (format == Format::rich ? report::render_rich(document, console_columns(), console_colour())
                                 : report::render_plain(document))
      << std::flush;
}

}  // namespace whest::app
