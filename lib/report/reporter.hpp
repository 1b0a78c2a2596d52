// SPDX-License-Identifier: MIT
// Who is told of a run: at its begin, of each network, and of the end. The result goes to one stream, remarks to
// another; nothing here opens a file or knows a terminal.
#pragma once

#include <memory>
#include <ostream>
#include <vector>
#include <whest/report/console.hpp>
#include <whest/report/document.hpp>
#include <whest/report/model.hpp>

namespace whest::report {

class Reporter {
 public:
  virtual ~Reporter() = default;
  virtual void begin(const RunReport& asked) { static_cast<void>(asked); }
  virtual void run(const RunReport& asked, const contest::NetworkScore& score) {
    static_cast<void>(asked);
    static_cast<void>(score);
  }
  virtual void finish(const RunReport& report) = 0;
};

// The JSON report, at the end.
class JsonReporter final : public Reporter {
 public:
  explicit JsonReporter(std::ostream& out) : m_out(out) {}
  void finish(const RunReport& report) override;

 private:
  std::ostream& m_out;
};

struct ConsoleStyle {
  bool rich = false;
  Colour colour = Colour::off;
  std::size_t columns = k_console_columns;
  DocumentOptions content;
};

// The report for people, at the end; a remark for each network that met a limit, at once.
class ConsoleReporter final : public Reporter {
 public:
  ConsoleReporter(std::ostream& out, std::ostream& remarks, ConsoleStyle style)
      : m_out(out), m_remarks(remarks), m_style(std::move(style)) {}
  void run(const RunReport& asked, const contest::NetworkScore& score) override;
  void finish(const RunReport& report) override;

 private:
  std::ostream& m_out;
  std::ostream& m_remarks;
  ConsoleStyle m_style;
};

// Remarks about failed networks for stderr, at the end of a run: what failed and which option shows more.
std::vector<std::string> closing_remarks(const RunReport& report, bool tracebacks_shown);

}  // namespace whest::report
