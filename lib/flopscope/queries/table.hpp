// SPDX-License-Identifier: MIT
// The cost queries that are an operation's price formula on given sizes.
#pragma once

#include <span>
#include <whest/flopscope/queries/arguments.hpp>

namespace flopscope::queries {

// Where the query of an operation lives beside accounting.
enum class Beside : std::uint8_t { nothing, linalg, fft };

struct Query {
  std::string_view name;             // "svd_cost"
  std::string_view operation;        // whose formula and weight it has
  std::string_view signature;        // of flopscope 0.5
  std::string_view later_signature;  // where the model's rule "queries.later_signatures" is on; empty: the same
  PriceInput (*read)(const Arguments&);
  Beside beside = Beside::nothing;
};

std::span<const Query> linalg_queries();
std::span<const Query> other_queries();  // fft, polynomials, windows

}  // namespace flopscope::queries
