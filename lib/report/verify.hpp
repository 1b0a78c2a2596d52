// SPDX-License-Identifier: MIT
// Checks everything in a report that can be checked: figures alone, and those that follow from something else in it.
#pragma once

#include <string>
#include <vector>
#include <whest/report/model.hpp>

namespace whest::report {

// One clause ("per_mlp[3]: flops_used is -9, expected 0 to ...") for each figure that cannot be or does not follow;
// empty when the report is consistent. First the list of networks (each once, in the range) and the figures alone
// (lengths, signs, finite numbers); only where those are sound what follows from them. Sums of times may differ by
// 1e-9 (seconds, relative above one); counts, scores and means must be equal to the bit.
std::vector<std::string> verify(const RunReport& report);

}  // namespace whest::report
