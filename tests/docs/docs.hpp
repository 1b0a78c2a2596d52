// SPDX-License-Identifier: MIT
// What docs/flopscope.md shows and this folder runs: examples by name, and rows of tables by their C++ text.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace docs {

// A block of C++ of the document; `run` checks by doctest's macros, null where there is nothing to run.
struct Example {
  const char* name;
  void (*run)();
};
std::span<const Example> examples();

// A row of a table: the C++ cell as written, and what it gives. Fresh operands for every run.
struct Outcome {
  std::int64_t charged = 0;
  std::vector<std::int64_t> shape;
  std::vector<double> values;
};
struct Row {
  std::string text;
  std::function<Outcome()> run;
  std::vector<std::int64_t> shape;  // expected, where `checks_values`
  std::vector<double> values;
  bool checks_values = false;
};
const std::vector<Row>& rows();

// docs/flopscope-prices.md: formula, weight and complex factor of every operation under every model.
std::string price_listing();

}  // namespace docs
