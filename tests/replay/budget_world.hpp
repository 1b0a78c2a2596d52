// SPDX-License-Identifier: MIT
// The state of one golden budget scenario, and what each step does to it (tests/golden/budget/README.md, `do`).
#pragma once

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>
#include <whest/flopscope/budget/session.hpp>

#include "decode.hpp"

namespace flopscope::replay {

// What a step showed.
struct Observation {
  bool supported = true;        // false: the act is Python's own (decorators, assignment to properties, callbacks, ...)
  bool left_out = false;        // true: a name of the table of names left out
  std::optional<Json> data;     // a record or text returned
  std::optional<Result> value;  // what an operation returned
  std::string error_class, error_text;
  std::string printed;  // to standard error
  std::vector<Observation> inside;
};

class BudgetWorld {
 public:
  // Runs one step; errors become part of the observation.
  Observation step(const Json& what);

  // The name of the context that operations on this thread charge ("default" for the process-wide one).
  std::string active() const;
  // Public properties of a context (times as numbers or null), and its log records from `first` on.
  Json properties(const std::string& name) const;
  Json records(const std::string& name, std::size_t first) const;
  std::vector<std::string> context_names() const;

 private:
  void act(const Json& what, Observation& out);
  void call(const Json& what, Observation& out);
  Value argument(const Json& a);
  void look_up(const std::string& name, Observation& out);
  void make(const Json& what, Observation& out);
  void prepare(const Json& what);
  void with_scope(const Json& what, Observation& out);
  BudgetContext& context(const Json& what) { return *m_contexts.at(what.at("context").get<std::string>()); }
  const BudgetContext& named(const std::string& name) const;

  std::map<std::string, std::unique_ptr<BudgetContext>> m_contexts;
  std::map<std::string, Result> m_kept;
  std::map<std::string, Json> m_kept_values;  // what was prepared and is no array
  Decoder m_decoder;
};

// A summary as the record that the packages return.
Json summary_record(const Summary& summary, bool by_namespace);

}  // namespace flopscope::replay
