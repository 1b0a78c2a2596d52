// SPDX-License-Identifier: MIT
// SIGINT, SIGTERM and SIGHUP: the first asks the run to end, the second ends the program at once.
#pragma once

#include <whest/base/cancel.hpp>

namespace whest::app {

// While it lives, the first signal sets the token. One at a time.
class InterruptScope {
 public:
  explicit InterruptScope(base::CancelToken& token);
  ~InterruptScope();
  InterruptScope(const InterruptScope&) = delete;
  InterruptScope& operator=(const InterruptScope&) = delete;
};

}  // namespace whest::app
