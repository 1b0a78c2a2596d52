// SPDX-License-Identifier: MIT
// Estimators and runners as the commands use them.
#pragma once

#include <memory>
#include <ostream>
#include <string>
#include <whest/base/cancel.hpp>
#include <whest/base/error.hpp>
#include <whest/estimator/locate.hpp>
#include <whest/runner/runner.hpp>

namespace whest::app {

// Finds (and compiles, where it is a source) what --estimator names; runs none of it. A usage error otherwise. `err`
// hears of the wait, which the token ends.
base::Expected<estimator::Located> locate_estimator(const std::string& estimator, std::ostream* err = nullptr,
                                                    const base::CancelToken* cancel = nullptr);

// A runner by its canonical name, "local" or "subprocess".
std::unique_ptr<runner::Runner> make_runner(const std::string& name);

}  // namespace whest::app
