// SPDX-License-Identifier: MIT
// Runs a program to its end and takes what it prints.
#pragma once

#include <string>
#include <vector>
#include <whest/base/cancel.hpp>
#include <whest/base/error.hpp>

namespace whest::estimator {

struct Finished {
  int exit_status = 0;  // 128 + the signal when one ended it
  std::string output;   // standard output and error together
};

// `command[0]` is looked up in PATH; standard input is empty. A usage error when it cannot be started. With a token it
// is a group of processes of its own, all of them ended (SIGTERM) when the token is set.
base::Expected<Finished> run_command(const std::vector<std::string>& command,
                                     const base::CancelToken* cancel = nullptr);

}  // namespace whest::estimator
