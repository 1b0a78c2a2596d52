// SPDX-License-Identifier: MIT
// What must not matter to a call: whether arguments at the end of the list are missing or left out, and whether the
// buffer that it writes to lies over what it reads. Each function draws a call of `op`, runs it both ways in the open
// context, and says what differs, or nothing (also where the call cannot be told both ways).
#pragma once

#include <whest/flopscope/core/catalogue.hpp>

#include "reference.hpp"
#include "values.hpp"

namespace whest::fuzz {

Finding trailing_case(Random& random, flopscope::BudgetContext& context, const flopscope::Operation& op,
                      const Pool& pool);
// Whether overlap_case has something to try with it: it writes into a buffer, and the same at every call.
bool writes_into_buffer(const flopscope::Operation& op);
Finding overlap_case(Random& random, flopscope::BudgetContext& context, const flopscope::Operation& op,
                     const Pool& pool);
// copyto between two views of one buffer, of any steps.
Finding copyto_case(Random& random, flopscope::BudgetContext& context);

// Whether two results are the same to the last bit, tags included.
bool same_result(const flopscope::Result& a, const flopscope::Result& b);

}  // namespace whest::fuzz
