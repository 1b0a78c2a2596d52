// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <whest/report/console.hpp>
#include <whest/report/text.hpp>

namespace whest::report {

namespace {

void add_figures(std::string& text, const std::vector<Figure>& figures) {
  std::size_t width = 0;
  for (const Figure& figure : figures) width = std::max(width, columns(figure.label));
  for (const Figure& figure : figures) {
    const std::string field = figure.field.empty() ? "" : fmt::format("  [{}]", figure.field);
    text += fmt::format("  {}  {}{}\n", pad_right(figure.label + ":", width + 1), figure.value, field);
  }
}

void add_table(std::string& text, const Table& table) {
  std::vector<std::size_t> widths;
  for (const std::string& head : table.header) widths.push_back(columns(head));
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns(row[i]));
  }
  const auto add_row = [&](const std::vector<std::string>& cells) {
    std::string line = " ";
    for (std::size_t i = 0; i < cells.size(); ++i) {
      std::string cell = cells[i];
      std::replace(cell.begin(), cell.end(), '\n', ' ');
      line += " " + (i < table.left_columns ? pad_right(cell, widths[i]) : pad_left(cell, widths[i])) + " ";
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  };
  text += "\n";
  add_row(table.header);
  for (const auto& row : table.rows) add_row(row);
}

}  // namespace

std::string render_plain(const Document& document) {
  std::string text = document.title.empty() ? "" : document.title + "\n";
  for (const Section& section : document.sections) {
    text += fmt::format("\n{}\n{}\n", section.title, std::string(columns(section.title), '-'));
    add_figures(text, section.figures);
    for (const Gauge& gauge : section.gauges) {
      text += fmt::format("  {}: {:.3f}% ({})\n", gauge.label, 100.0 * gauge.fraction, gauge.note);
    }
    for (const Table& table : section.tables) add_table(text, table);
    for (const Bars& bars : section.bars) {
      text += fmt::format("  {}\n", bars.title);
      for (const auto& [label, value] : bars.values) text += fmt::format("    {}  {:.6e}\n", label, value);
    }
    for (const std::string& note : section.notes) {
      for (const std::string& line : wrap(note, k_console_columns - 2)) text += "  " + line + "\n";
    }
  }
  return text;
}

}  // namespace whest::report
