// SPDX-License-Identifier: MIT
// Slow references for values and prices. Each function draws a case, runs it in the open context, and says what does
// not agree, or nothing. Prices are counted one by one (brute.hpp), under the active cost model.
#pragma once

#include <optional>
#include <string>
#include <whest/flopscope/budget/context.hpp>

#include "random.hpp"

namespace whest::fuzz {

using Finding = std::optional<std::string>;

// A charge against what was counted, of which only whole FLOPs are charged, and never fewer than none.
Finding price_finding(const std::string& what, std::int64_t charged, double counted);

Finding einsum_case(Random& random, flopscope::BudgetContext& context);     // one to three operands; prices to two
Finding product_case(Random& random, flopscope::BudgetContext& context);    // matmul, outer, inner...: as einsum
Finding pointwise_case(Random& random, flopscope::BudgetContext& context);  // two arrays, broadcast or tagged
Finding unary_case(Random& random, flopscope::BudgetContext& context);      // the price of functions of one array
Finding reduction_case(Random& random, flopscope::BudgetContext& context);  // sums, extremes, moments
Finding orbits_case(Random& random, flopscope::BudgetContext& context);     // unique_elements of a random group

}  // namespace whest::fuzz
