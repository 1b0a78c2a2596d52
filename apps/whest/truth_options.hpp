// SPDX-License-Identifier: MIT
// How a run makes its ground truth, beyond what the round says: --precision, --target-stderr, --checkpoint.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>
#include <whest/base/error.hpp>
#include <whest/contest/data.hpp>
#include <whest/report/model.hpp>

namespace whest::app {

class TruthOptions {
 public:
  void declare(CLI::App& app);

  // Flags, then WHEST_PRECISION and WHEST_TARGET_STDERR. Adds what was asked to `settings` (the round's, resolved),
  // from which it also learns whether --n-samples was given: beside a target it is a limit then.
  base::Expected<contest::TruthRequest> resolve(std::vector<report::Setting>& settings) const;

 private:
  std::string m_precision, m_target, m_checkpoint;
  const CLI::App* m_app = nullptr;
};

}  // namespace whest::app
