// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <whest/report/progress_bar.hpp>
#include <whest/report/text.hpp>

namespace whest::report {

namespace {

constexpr std::size_t k_stage_columns = 21;
constexpr std::size_t k_bar_columns = 40;        // at most
constexpr std::size_t k_least_bar_columns = 20;  // the note gives way before it
constexpr std::size_t k_line_columns = 110;
constexpr double k_redraw_s = 0.1;

const char* stage_name(contest::Stage stage) {
  switch (stage) {
    case contest::Stage::generation:
      return "Generating networks";
    case contest::Stage::ground_truth:
      return "Sampling ground truth";
    case contest::Stage::scoring:
      break;
  }
  return "Scoring";
}

std::string clock_text(double seconds) {
  const auto whole = static_cast<long>(seconds);
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

}  // namespace

std::string ProgressBar::line(const contest::Progress& progress, double elapsed_s) const {
  const double share =
      progress.total > 0 ? static_cast<double>(progress.done) / static_cast<double>(progress.total) : 1.0;
  std::string figures = fmt::format(" {}/{} {}", progress.done, progress.total, clock_text(elapsed_s));
  const bool knows = share > 0.05 && share < 1.0;
  if (knows) figures += fmt::format(", {} left", clock_text(elapsed_s * (1.0 - share) / share));
  const std::size_t width = std::min(k_line_columns, std::max<std::size_t>(m_columns, 2) - 1);
  const std::string note = progress.note.empty() || share >= 1.0 ? "" : "  " + progress.note;
  const std::size_t taken = k_stage_columns + 1 + columns(figures);
  const std::size_t rest = width - std::min(width, taken);
  const bool with_note = columns(note) + k_least_bar_columns <= rest;
  const std::size_t room = std::min(k_bar_columns, with_note ? rest - columns(note) : rest);
  const auto filled = static_cast<std::size_t>(share * static_cast<double>(room));
  std::string text = pad_right(stage_name(progress.stage), k_stage_columns) + " " + repeated("━", filled) +
                     repeated("╌", room - filled) + figures;
  if (with_note) text += note;
  return cut(text, width);
}

void ProgressBar::show(const contest::Progress& progress) {
  const std::lock_guard lock(m_mutex);
  const double now_s = m_clock.monotonic_s();
  const bool fresh = m_stage != progress.stage;
  if (fresh) {
    m_stage = progress.stage;
    m_begin_s = now_s;
  }
  const bool finished = progress.done >= progress.total;
  if (!fresh && !finished && now_s - m_drawn_s < k_redraw_s) return;
  m_drawn_s = now_s;
  m_out << "\r\x1b[K" << line(progress, now_s - m_begin_s);
  m_open = !finished;
  if (finished) m_out << "\n";
  m_out << std::flush;
}

void ProgressBar::clear() {
  const std::lock_guard lock(m_mutex);
  if (m_open) m_out << "\r\x1b[K" << std::flush;
  m_open = false;
}

}  // namespace whest::report
