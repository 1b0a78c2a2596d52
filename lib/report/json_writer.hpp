// SPDX-License-Identifier: MIT
// A report as JSON: every field of the peers under its name and type and in their order, ours behind them.
#pragma once

#include <string>
#include <whest/report/model.hpp>

namespace whest::report {

// Indented by two, with a line end; non-finite numbers are null.
std::string to_json(const RunReport& report);

}  // namespace whest::report
