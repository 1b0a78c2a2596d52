// SPDX-License-Identifier: MIT
// Lines of golden/queries: what an operation would cost.
#pragma once

#include "format.hpp"

namespace flopscope::replay {

// Whether the fields are those of a query.
bool is_query(const Json& line);
LineResult replay_query(const Json& line, const Settings& settings);

}  // namespace flopscope::replay
