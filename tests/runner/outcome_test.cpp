// SPDX-License-Identifier: MIT
// The outcome table: complete, in the order of the enum, every name its own.
#include <doctest/doctest.h>

#include <set>
#include <string>
#include <whest/runner/outcome.hpp>

using namespace whest::runner;

TEST_CASE("each outcome has one row, with a name and a sentence of its own") {
  std::set<std::string_view> names, sentences;
  for (int i = 0; i <= static_cast<int>(Outcome::interrupted); ++i) {
    const OutcomeRow& row = outcome_row(static_cast<Outcome>(i));
    CAPTURE(i);
    CHECK(row.outcome == static_cast<Outcome>(i));
    CHECK(outcome_named(row.name) == row.outcome);
    CHECK(names.insert(row.name).second);
    CHECK(sentences.insert(row.sentence).second);
  }
  CHECK(names.size() == outcome_table().size());
}

TEST_CASE("errors have a code, flags have none") {
  for (const OutcomeRow& row : outcome_table()) {
    CAPTURE(std::string(row.name));
    const bool flag = row.outcome_class == OutcomeClass::scored || row.outcome_class == OutcomeClass::exhausted;
    CHECK(row.error_code.empty() == flag);
  }
}
