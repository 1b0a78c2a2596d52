// SPDX-License-Identifier: MIT
// docs/flopscope.md says what the library does: every block is an example that runs, every figure of a table is
// charged, and nothing of tests/docs is left out of the document.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/core/cost_model.hpp>
#include <whest/flopscope/queries/listing.hpp>

#include "docs.hpp"
#include "golden.hpp"

namespace {

using Lines = std::vector<std::string>;

std::string text_of(const std::string& path) {
  std::ifstream file(std::string(WHEST_SOURCE_DIR "/") + path);
  REQUIRE_MESSAGE(file.good(), path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Lines lines_of(const std::string& path) {
  std::istringstream text(text_of(path));
  Lines lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

// Without the indentation that all lines share.
std::string dedented(const Lines& lines) {
  std::size_t indent = std::string::npos;
  for (const std::string& line : lines) indent = std::min(indent, line.find_first_not_of(' '));
  std::string text;
  for (const std::string& line : lines) text += (line.size() > indent ? line.substr(indent) : "") + "\n";
  return text;
}

// The blocks of examples.cpp, by name.
std::map<std::string, std::string> written_examples() {
  std::map<std::string, std::string> examples;
  std::string name;
  Lines block;
  for (const std::string& line : lines_of("tests/docs/examples.cpp")) {
    const std::size_t at = line.find_first_not_of(' ');
    const std::string code = at == std::string::npos ? "" : line.substr(at);
    if (code.starts_with("// doc: ")) {
      name = code.substr(8);
      block.clear();
    } else if (code == "// end") {
      examples[name] = dedented(block);
      name.clear();
    } else if (!name.empty()) {
      block.push_back(line);
    }
  }
  return examples;
}

struct Block {
  std::string name, model, code;
};

// The ```cpp blocks of the document. The line before one is "<!-- run: NAME -->" or "<!-- run: NAME under MODEL -->".
std::vector<Block> shown_blocks(const Lines& document) {
  std::vector<Block> blocks;
  for (std::size_t i = 0; i < document.size(); ++i) {
    if (document[i] != "```cpp") continue;
    Block block{.name = "", .model = "flopscope-0.5", .code = ""};
    if (i > 0) {
      std::istringstream mark(document[i - 1]);
      std::string word;
      for (mark >> word; mark >> word && word != "-->";) {
        if (word == "run:") mark >> block.name;
        if (word == "under") mark >> block.model;
      }
    }
    while (++i < document.size() && document[i] != "```") block.code += document[i] + "\n";
    blocks.push_back(block);
  }
  return blocks;
}

Lines cells_of(const std::string& line) {
  Lines cells;
  std::istringstream text(line);
  std::string cell;
  std::getline(text, cell, '|');
  while (std::getline(text, cell, '|')) {
    const std::size_t from = cell.find_first_not_of(' '), to = cell.find_last_not_of(' ');
    cells.push_back(from == std::string::npos ? "" : cell.substr(from, to - from + 1));
  }
  return cells;
}

// A row of a table with a column "C++": the code, and what it says each model charges.
struct ShownRow {
  std::string code;
  std::map<std::string, std::string> charges;  // by model
};

std::vector<ShownRow> shown_rows(const Lines& document) {
  const std::map<std::string, std::string> models = {
      {"0.5", "flopscope-0.5"}, {"0.9", "flopscope-0.9"}, {"0.12", "flopscope-0.12"}, {"fma1", "fma1"}};
  std::vector<ShownRow> rows;
  Lines header;
  for (const std::string& line : document) {
    if (!line.starts_with("|")) header.clear();
    if (!line.starts_with("|") || line.starts_with("|--")) continue;
    const Lines cells = cells_of(line);
    if (header.empty()) {
      header = cells;
      continue;
    }
    const auto code = std::ranges::find(header, "C++");
    if (code == header.end()) continue;
    REQUIRE(cells.size() == header.size());
    ShownRow row;
    row.code = cells[static_cast<std::size_t>(code - header.begin())];
    if (row.code.size() >= 2) row.code = row.code.substr(1, row.code.size() - 2);  // the backticks
    for (std::size_t i = 0; i < header.size(); ++i) {
      if (models.contains(header[i])) row.charges[models.at(header[i])] = cells[i];
    }
    rows.push_back(row);
  }
  return rows;
}

std::string grouped(std::int64_t n) {
  std::string digits = std::to_string(n);
  for (std::ptrdiff_t i = static_cast<std::ptrdiff_t>(digits.size()) - 3; i > 0; i -= 3)
    digits.insert(static_cast<std::size_t>(i), 1, ',');
  return digits;
}

// Restores the process's cost model.
class Under {
 public:
  explicit Under(const std::string& model) { flopscope::set_active_cost_model(flopscope::cost_model(model)); }
  Under(const Under&) = delete;
  Under& operator=(const Under&) = delete;
  ~Under() { flopscope::set_active_cost_model(m_before); }

 private:
  const flopscope::CostModel& m_before = flopscope::active_cost_model();
};

}  // namespace

TEST_CASE("every example of the document is one that runs, and the other way round") {
  std::map<std::string, std::string> written = written_examples();
  std::map<std::string, void (*)()> run;
  for (const docs::Example& example : docs::examples()) run[example.name] = example.run;
  CHECK(written.size() == run.size());
  for (const Block& block : shown_blocks(lines_of("docs/flopscope.md"))) {
    CAPTURE(block.name);
    REQUIRE(run.contains(block.name));
    REQUIRE(written.contains(block.name));  // once in the document
    CHECK(block.code == written.at(block.name));
    written.erase(block.name);
    const Under model(block.model);
    if (run.at(block.name) != nullptr) run.at(block.name)();
  }
  for (const auto& [name, code] : written) FAIL_CHECK("not in the document: ", name);
}

TEST_CASE("every figure of a table is what the code beside it is charged") {
  std::map<std::string, const docs::Row*> rows;
  for (const docs::Row& row : docs::rows()) CHECK(rows.emplace(row.text, &row).second);
  for (const ShownRow& shown : shown_rows(lines_of("docs/flopscope.md"))) {
    CAPTURE(shown.code);
    const auto at = rows.find(shown.code);
    REQUIRE(at != rows.end());
    CHECK(shown.charges.size() >= 3);
    for (const auto& [name, charge] : shown.charges) {
      CAPTURE(std::string(name));
      const Under model(name);
      const docs::Outcome outcome = at->second->run();
      CHECK(grouped(outcome.charged) == charge);
      if (!at->second->checks_values) continue;
      CHECK(outcome.shape == at->second->shape);
      REQUIRE(outcome.values.size() == at->second->values.size());
      for (std::size_t i = 0; i < outcome.values.size(); ++i)
        CHECK(std::abs(outcome.values[i] - at->second->values[i]) <= 1e-6);
    }
    rows.erase(at);
  }
  for (const auto& [text, row] : rows) FAIL_CHECK("not in the document: ", text);
}

TEST_CASE("the listing of prices is that of the cost models") {
  // Written anew by: whest_price_listing > docs/flopscope-prices.md
  CHECK(text_of("docs/flopscope-prices.md") == docs::price_listing());
}

// What the packages charge for calls of an operation, by model: the most, and whether one was not an error.
struct Seen {
  double most = 0;
  bool accepted = false;
};

std::map<std::pair<std::string, std::string>, Seen> charges_of_the_packages() {
  std::map<std::pair<std::string, std::string>, Seen> seen;
  for (const auto& file : std::filesystem::directory_iterator(WHEST_TEST_DATA "/calls")) {
    const std::string name = file.path().filename();
    if (name.find(".jsonl") == std::string::npos) continue;
    for (const auto& line : whest::test::golden_lines("calls/" + name.substr(0, name.find(".gz")))) {
      for (const auto& [model, charge] : line.at("charge").items()) {
        Seen& s = seen[{line.at("op").get<std::string>(), model}];
        if (charge.is_number()) s.most = std::max(s.most, charge.get<double>());
        s.accepted = s.accepted || !line.contains("error");
      }
    }
  }
  return seen;
}

TEST_CASE("what is listed as free is never charged, and what is listed as refused never answers") {
  using namespace flopscope;
  std::size_t checked = 0;
  for (const auto& [call, seen] : charges_of_the_packages()) {
    const auto& [name, model_name] = call;
    const Operation* op = Catalogue::instance().find(name);
    if (op == nullptr) continue;
    CAPTURE(name);
    CAPTURE(model_name);
    const CostModel& model = cost_model(model_name);
    const auto standing = queries::standing_of(model, model.price_of(op->index));
    if (standing == queries::Standing::free) CHECK(seen.most == 0);
    if (standing == queries::Standing::refused) CHECK_FALSE(seen.accepted);
    ++checked;
  }
  CHECK(checked > 1500);
}
