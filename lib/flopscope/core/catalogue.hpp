// SPDX-License-Identifier: MIT
// The catalogue: every operation by name. Families contribute one table each.
#pragma once

#include <span>
#include <string_view>
#include <vector>
#include <whest/flopscope/core/operation.hpp>

namespace flopscope {

// One table per family, in ops/<family>.cpp. (Tables are static; the catalogue copies them once.)
std::span<const Operation> unary_operations();
std::span<const Operation> binary_operations();
std::span<const Operation> reduction_operations();
std::span<const Operation> contraction_operations();
std::span<const Operation> creation_operations();
std::span<const Operation> movement_operations();
std::span<const Operation> indexing_operations();
std::span<const Operation> gather_operations();
std::span<const Operation> sorting_operations();
std::span<const Operation> polynomial_operations();
std::span<const Operation> linalg_operations();
std::span<const Operation> fft_operations();
std::span<const Operation> random_operations();
std::span<const Operation> stats_operations();
std::span<const Operation> symmetry_operations();

class Catalogue {
 public:
  static const Catalogue& instance();
  const Operation* find(std::string_view name) const;  // nullptr when there is none
  std::span<const Operation> all() const { return m_operations; }

 private:
  Catalogue();
  std::vector<Operation> m_operations;   // ordered by family; Operation::index is the position
  std::vector<std::uint32_t> m_by_name;  // sorted by name
};

// Binds Python-like arguments to an operation's signature; throws TypeError on an unknown, repeated or missing one.
// The returned values borrow from the arguments; `storage` keeps the collected "*x" list.
struct NamedValue {
  std::string_view name;
  Value value;
};
struct BoundArguments {
  std::vector<Value> values;
  std::vector<Value> variadic;
};
BoundArguments bind(const Operation& op, std::span<const Value> positional, std::span<const NamedValue> named);

}  // namespace flopscope
