// SPDX-License-Identifier: MIT
// Recomputes everything in a report that follows from something else in it.
#pragma once

#include <string>
#include <vector>
#include <whest/report/model.hpp>

namespace whest::report {

// One sentence for each figure that does not follow; empty when the report is consistent. Times may differ by 1e-9 s
// for each term of their sum; counts, scores and means must be equal to the bit.
std::vector<std::string> verify(const RunReport& report);

}  // namespace whest::report
