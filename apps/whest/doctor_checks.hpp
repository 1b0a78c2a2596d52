// SPDX-License-Identifier: MIT
// The checks of whest doctor.
#pragma once

#include <string>
#include <vector>
#include <whest/contest/round.hpp>

namespace whest::app {

enum class CheckStatus { ok, warn, fail };

struct Check {
  std::string name;
  CheckStatus status = CheckStatus::ok;
  std::string detail;
};

std::vector<Check> run_checks(const contest::Round& round);

// float32 operations a second that all cores together reach in multiply-adds on registers, measured for about 0.1 s.
double measured_peak_flops_per_s();

}  // namespace whest::app
