// SPDX-License-Identifier: MIT
// What must hold of any call.
#pragma once

#include <string>
#include <vector>
#include <whest/flopscope/budget/context.hpp>

#include "arguments.hpp"

namespace whest::fuzz {

// What does not hold of a result: extents that are negative, elements outside its storage, a bool of a third kind.
void check_result(const flopscope::Result& result, std::vector<std::string>& findings);

// Everything that a call may change, before it: what a call refused before its charge must leave alone.
class Before {
 public:
  Before(const flopscope::BudgetContext& context, std::string_view operation, const Arguments& arguments,
         const Pool& pool);

  std::int64_t flops_used() const { return m_used; }
  std::size_t records() const { return m_records; }
  // Whether an argument is not as it was: the call wrote into it.
  bool arguments_changed() const { return print_of_arrays() != m_arrays; }
  // What a refused call has changed; "" where it has changed nothing, or was refused after its charge.
  std::string changed_by_refusal() const;

 private:
  std::uint64_t print_of_arrays() const;
  std::uint64_t print_of_streams() const;

  const flopscope::BudgetContext& m_context;
  const Arguments& m_arguments;
  const Pool& m_pool;
  bool m_draws;
  std::int64_t m_used;
  std::size_t m_records;
  std::string m_namespace;
  std::uint64_t m_arrays, m_streams = 0;
};

}  // namespace whest::fuzz
