// SPDX-License-Identifier: MIT
// A second price of the same run: what every charge would have been under another cost model.
//
// At the first charge of a call the operation's code runs once more, under the other model and on books of its own, and
// is left as soon as it has charged all that it owes there: nothing is computed, nothing is written, no stream moves.
// So formula, weight, factors, rules and logging are the other model's without a second set of prices. The one thing
// that a price depends on and that models leave behind in arrays is the tag: where one model voids tags on writing and
// the other does not, the audit remembers the tags that differ. A call that meets such an array is run to its end on
// copies, for the tags of its results. What the running model refuses, or the budget, never reaches the audit.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <whest/flopscope/budget/context.hpp>
#include <whest/flopscope/core/operation.hpp>

namespace flopscope {

class Audit {
 public:
  // Thrown by the books to leave an operation that has charged what it owes. No error: it never leaves the audit.
  struct Charged {};

  Audit(const CostModel& model, const CostModel& running);

  // The books: flops_used() and op_log() are what the run would have charged and logged; the log has no times.
  const BudgetContext& books() const { return m_books; }
  // Calls of operations that the other model would have refused, by name; they cost nothing here.
  const std::map<std::string, std::int64_t, std::less<>>& refused() const { return m_refused; }

  // While a call of a participant's runs.
  class Scope {
   public:
    Scope(Audit& audit, Call& call) : m_audit(audit) { audit.begin(call); }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
    ~Scope() { m_audit.end(); }

   private:
    Audit& m_audit;
  };
  // Prices the call of the scope, once. Returns it; null when no call is open.
  Call* price();
  // Remembers which arrays of the call's result the other model would tag differently.
  void take_tags(const Result& result);

  void set_namespace(std::string_view name);

 private:
  void begin(Call& call);
  void end();
  bool tags_differ(std::span<const Value> args) const;
  void run_again(std::span<const Value> args, bool to_the_end);
  void take_tags(const Result& result, const Result& of_other);

  const CostModel& m_model;
  bool m_tags_can_differ;
  BudgetContext m_books;
  Call* m_call = nullptr;
  bool m_priced = false;
  std::optional<Result> m_other_result;
  std::map<std::string, std::int64_t, std::less<>> m_refused;
};

}  // namespace flopscope
