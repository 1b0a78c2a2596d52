// SPDX-License-Identifier: MIT
// What the consoles show of a report, before any style: sections of figures, tables, gauges, bars and notes.
#pragma once

#include <string>
#include <vector>
#include <whest/report/model.hpp>

namespace whest::report {

enum class Tone { neutral, context, machine, good, warning, bad };

struct Figure {
  std::string label;
  std::string field = {};  // its name in the JSON, empty for none
  std::string value;
  bool primary = false;
};

struct Table {
  std::vector<std::string> header = {};
  std::vector<std::vector<std::string>> rows = {};
  std::size_t left_columns = 1;  // these are aligned left, the others right
};

// A share of a whole, drawn as a bar; may be above 1.
struct Gauge {
  std::string label;
  double fraction = 0.0;
  std::string note;
};

// A chart of lengths on a logarithmic or a linear scale.
struct Bars {
  std::string title;
  std::vector<std::pair<std::string, double>> values;
};

struct Section {
  std::string title;
  Tone tone = Tone::neutral;
  std::vector<Figure> figures = {};
  std::vector<Gauge> gauges = {};
  std::vector<Table> tables = {};
  std::vector<Bars> bars = {};
  std::vector<std::string> notes = {};
};

struct Document {
  std::string title;
  std::vector<Section> sections = {};
};

struct DocumentOptions {
  bool every_network = false;  // --detail full: a table of the networks
  bool operations = false;     // --profile: a table of the operations
  bool plots = false;          // --show-diagnostic-plots
  bool tracebacks = false;     // --debug
};

Document document_of(const RunReport& report, const DocumentOptions& options);

}  // namespace whest::report
