// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <whest/report/console.hpp>
#include <whest/report/text.hpp>

namespace whest::report {

namespace {

constexpr std::size_t k_gauge_columns = 40;

const char* tone_code(Tone tone) {
  switch (tone) {
    case Tone::context:
      return "\x1b[96m";
    case Tone::machine:
      return "\x1b[94m";
    case Tone::good:
      return "\x1b[92m";
    case Tone::warning:
      return "\x1b[93m";
    case Tone::bad:
      return "\x1b[91m";
    case Tone::neutral:
      break;
  }
  return "\x1b[37m";
}

// A line of a panel: what it takes in columns may be less than its bytes.
struct Line {
  std::string text;
  std::size_t width = 0;
};

class Painter {
 public:
  Painter(std::size_t width, Colour colour) : m_width(std::max<std::size_t>(width, 40)), m_colour(colour) {}

  std::string styled(const char* code, const std::string& text) const {
    return m_colour == Colour::on && !text.empty() ? code + text + "\x1b[0m" : text;
  }

  Line plain(std::string text) const {
    text = cut(text, inner());
    const std::size_t width = columns(text);
    return {std::move(text), width};
  }

  std::size_t inner() const { return m_width - 4; }

  // A box around the lines, its title in the upper edge.
  std::string panel(const std::string& title, Tone tone, const std::vector<Line>& lines) const {
    const char* code = tone_code(tone);
    const std::string name = title.empty() ? "" : " " + cut(title, m_width - 6) + " ";
    const std::size_t left = (m_width - 2 - columns(name)) / 2;
    std::string box =
        styled(code, "╭" + repeated("─", left) + name + repeated("─", m_width - 2 - left - columns(name)) + "╮") + "\n";
    const std::string edge = styled(code, "│");
    for (const Line& line : lines) {
      box += fmt::format("{} {}{:{}} {}\n", edge, line.text, "", inner() - std::min(inner(), line.width), edge);
    }
    return box + styled(code, "╰" + repeated("─", m_width - 2) + "╯") + "\n";
  }

  // Names beside values. Where both do not fit, a name goes without its field in the JSON before anything is cut.
  void add_figures(std::vector<Line>& lines, const std::vector<Figure>& figures) const {
    std::size_t wanted = 0, bare = 0, value_width = 0;
    for (const Figure& figure : figures) {
      wanted = std::max(wanted, columns(name_of(figure)));
      bare = std::max(bare, columns(figure.label));
      value_width = std::max(value_width, columns(figure.value));
    }
    const std::size_t room = inner() - 3;
    const std::size_t label_width =
        std::min({wanted, std::max(bare, room - std::min(room, value_width)), inner() * 2 / 3});
    value_width = room - label_width;
    for (const Figure& figure : figures) {
      const bool fits = columns(name_of(figure)) <= label_width;
      const std::string label = pad_right(cut(fits ? name_of(figure) : figure.label, label_width), label_width);
      const std::string value = cut(figure.value, value_width);
      std::string tail = figure.primary ? "  ← primary score" : "";
      if (label_width + 3 + columns(value) + columns(tail) > inner()) tail.clear();
      lines.push_back(
          {styled("\x1b[1m", label) + "   " + styled(figure.primary ? "\x1b[1;92m" : "\x1b[97m", value) + tail,
           label_width + 3 + columns(value) + columns(tail)});
    }
  }

  void add_gauge(std::vector<Line>& lines, const Gauge& gauge) const {
    const std::string label = pad_right(gauge.label, 20);
    const std::string number = fmt::format(" {:.3f}% ({})", 100.0 * gauge.fraction, gauge.note);
    const std::size_t taken = columns(label) + columns(number);
    const std::size_t room = std::min(k_gauge_columns, inner() - std::min(inner(), taken));
    const double share = std::isfinite(gauge.fraction) ? std::clamp(gauge.fraction, 0.0, 1.0) : 1.0;
    const auto filled = static_cast<std::size_t>(std::ceil(share * static_cast<double>(room)));
    const char* code = gauge.fraction > 1.0 ? "\x1b[91m" : gauge.fraction > 0.5 ? "\x1b[93m" : "\x1b[92m";
    lines.push_back(
        {label + styled(code, repeated("█", filled)) + repeated("░", room - filled) + number, taken + room});
  }

  void add_table(std::vector<Line>& lines, const Table& table) const {
    const Columns layout = fitted(table);
    lines.push_back({});
    lines.push_back(table_line(table, table.header, layout, "\x1b[1m"));
    lines.push_back(plain(repeated("─", layout.total())));
    for (const auto& row : table.rows) lines.push_back(table_line(table, row, layout, nullptr));
  }

  void add_bars(std::vector<Line>& lines, const Bars& bars) const {
    double largest = 0.0;
    std::size_t label_width = 0;
    for (const auto& [label, value] : bars.values) {
      if (std::isfinite(value)) largest = std::max(largest, value);
      label_width = std::max(label_width, columns(label));
    }
    label_width = std::min<std::size_t>(label_width, 30);
    const std::size_t room = inner() - label_width - 14;
    lines.push_back({styled("\x1b[1m", bars.title), columns(bars.title)});
    for (const auto& [label, value] : bars.values) {
      const double share = largest > 0.0 && std::isfinite(value) ? value / largest : 0.0;
      const auto filled = static_cast<std::size_t>(std::lround(share * static_cast<double>(room)));
      const std::string number = fmt::format(" {:.3e}", value);
      lines.push_back(
          {pad_right(cut(label, label_width), label_width) + "  " + styled("\x1b[96m", repeated("█", filled)) + number,
           label_width + 2 + filled + columns(number)});
    }
    lines.push_back({});
  }

 private:
  static std::string name_of(const Figure& figure) {
    return figure.field.empty() ? figure.label : figure.label + " [" + figure.field + "]";
  }

  struct Columns {
    std::vector<std::size_t> widths;
    std::size_t gap = 2;
    std::size_t total() const {
      std::size_t sum = widths.empty() ? 0 : gap * (widths.size() - 1);
      for (const std::size_t width : widths) sum += width;
      return sum;
    }
  };

  // Columns as wide as what stands in them, cut down until the table fits: first headers of figures, then the gaps,
  // then text down to eight columns and to four, figures last.
  Columns fitted(const Table& table) const {
    Columns layout;
    std::vector<std::size_t> cells(table.header.size(), 0);
    for (const auto& row : table.rows) {
      for (std::size_t i = 0; i < row.size(); ++i) cells[i] = std::max(cells[i], columns(row[i]));
    }
    for (std::size_t i = 0; i < cells.size(); ++i) {
      layout.widths.push_back(std::max(cells[i], columns(table.header[i])));
    }
    for (const std::size_t least_text : {inner(), std::size_t{8}, std::size_t{4}, std::size_t{1}}) {
      std::vector<std::size_t> floors;
      for (std::size_t i = 0; i < cells.size(); ++i) {
        const bool is_text = i < table.left_columns;
        floors.push_back(is_text || least_text == 1 ? std::min(layout.widths[i], least_text)
                                                    : std::max<std::size_t>(cells[i], 4));
      }
      shrink(layout, floors);
      if (layout.total() > inner()) layout.gap = 1;
    }
    return layout;
  }

  // The widest column above its floor gives way until the table fits or all are at their floors.
  void shrink(Columns& layout, const std::vector<std::size_t>& floors) const {
    while (layout.total() > inner()) {
      std::size_t widest = floors.size();
      for (std::size_t i = 0; i < floors.size(); ++i) {
        const bool wider = widest == floors.size() || layout.widths[i] > layout.widths[widest];
        if (layout.widths[i] > floors[i] && wider) widest = i;
      }
      if (widest == floors.size()) return;
      --layout.widths[widest];
    }
  }

  Line table_line(const Table& table, const std::vector<std::string>& cells, const Columns& layout,
                  const char* code) const {
    std::string text;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::size_t width = layout.widths[i];
      const std::string cell = cut(cells[i].substr(0, cells[i].find('\n')), width);
      text += (i > 0 ? std::string(layout.gap, ' ') : "") +
              (i < table.left_columns ? pad_right(cell, width) : pad_left(cell, width));
    }
    const std::size_t width = columns(text);
    return {code != nullptr ? styled(code, text) : text, width};
  }

  std::size_t m_width;
  Colour m_colour;
};

std::vector<Line> section_lines(const Painter& painter, const Section& section) {
  std::vector<Line> lines;
  painter.add_figures(lines, section.figures);
  if (!section.gauges.empty()) lines.push_back({});
  for (const Gauge& gauge : section.gauges) painter.add_gauge(lines, gauge);
  for (const Table& table : section.tables) painter.add_table(lines, table);
  for (const Bars& bars : section.bars) painter.add_bars(lines, bars);
  for (const std::string& note : section.notes) {
    if (!lines.empty()) lines.push_back({});
    for (const std::string& line : wrap(note, painter.inner())) lines.push_back(painter.plain(line));
  }
  return lines;
}

}  // namespace

std::string render_rich(const Document& document, std::size_t width, Colour colour) {
  const Painter painter(width, colour);
  const std::string title = centered(document.title, painter.inner());
  std::string text = document.title.empty()
                         ? ""
                         : painter.panel("", Tone::context, {{painter.styled("\x1b[1;37m", title), columns(title)}});
  for (const Section& section : document.sections) {
    text += painter.panel(section.title, section.tone, section_lines(painter, section));
  }
  return text;
}

}  // namespace whest::report
