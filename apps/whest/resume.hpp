// SPDX-License-Identifier: MIT
// --resume: an earlier report whose scores are kept.
#pragma once

#include <whest/contest/data.hpp>
#include <whest/report/model.hpp>

#include "pipeline.hpp"
#include "runners.hpp"

namespace whest::app {

// The report named by --resume, cut to the networks of the range. A usage error when it is not ours, was made by
// another suite, estimator or set of rules, or holds figures that cannot be (report::verify): the sentence names the
// first thing that differs.
base::Expected<report::RunReport> load_resumable(const RunRequest& request, const estimator::Located& located,
                                                 const contest::IndexRange& range);

}  // namespace whest::app
