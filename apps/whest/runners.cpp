// SPDX-License-Identifier: MIT
#include "runners.hpp"

#include <whest/runner/in_process.hpp>
#include <whest/runner/subprocess.hpp>

#include "output.hpp"

namespace whest::app {

base::Expected<estimator::Located> locate_estimator(const std::string& estimator, std::ostream* err,
                                                    const base::CancelToken* cancel) {
  const Notice notice(err, "Preparing " + estimator + " ...");
  return estimator::locate(estimator, cancel);
}

std::unique_ptr<runner::Runner> make_runner(const std::string& name) {
  if (name == "subprocess") return std::make_unique<runner::SubprocessRunner>();
  return std::make_unique<runner::InProcessRunner>();
}

}  // namespace whest::app
