// SPDX-License-Identifier: MIT
// One line on a terminal that shows how far a stage is.
#pragma once

#include <mutex>
#include <optional>
#include <ostream>
#include <string>
#include <whest/base/clock.hpp>
#include <whest/contest/progress.hpp>
#include <whest/report/console.hpp>

namespace whest::report {

// Draws on `out`, which must be a terminal of `columns`, at most ten times a second; each finished stage keeps its
// line. A line never reaches the last column, so that it does not wrap. Safe to call from several threads.
class ProgressBar {
 public:
  ProgressBar(std::ostream& out, const base::Clock& clock, std::size_t columns = k_console_columns)
      : m_out(out), m_clock(clock), m_columns(columns) {}
  ~ProgressBar() { clear(); }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void show(const contest::Progress& progress);

  // Takes an unfinished bar off the screen, so that something else can be printed.
  void clear();

 private:
  std::string line(const contest::Progress& progress, double elapsed_s) const;

  std::ostream& m_out;
  const base::Clock& m_clock;
  std::size_t m_columns;
  std::mutex m_mutex;
  std::optional<contest::Stage> m_stage;
  double m_begin_s = 0.0;
  double m_drawn_s = 0.0;
  bool m_open = false;
};

}  // namespace whest::report
