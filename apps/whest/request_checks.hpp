// SPDX-License-Identifier: MIT
// What is wrong with a run as asked, found before anything is computed.
#pragma once

#include <whest/base/error.hpp>

#include "pipeline.hpp"

namespace whest::app {

// A usage error for a missing estimator, options that contradict each other, a file that cannot be written, a range of
// networks that the suite does not have, an unknown cost model.
base::Expected<void> check_request(const RunRequest& request);

}  // namespace whest::app
