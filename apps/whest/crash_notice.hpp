// SPDX-License-Identifier: MIT
// An estimator that runs in this process can end it. While one of these lives, the end is explained first, and no exit
// of the estimator's passes for a result.
#pragma once

#include <optional>
#include <string>

#include "command.hpp"

namespace whest::app {

// What a process that the estimator ends still says.
struct LastWords {
  std::string stage;           // of the error object: "run", "setup", "validate"
  std::string code;            // of it
  bool json = false;           // the error object goes to standard output too
  std::optional<Exit> result;  // the result has been shown: only standard error hears of it, and this is the status
};

// Without a result, an exit of whatever kind ends the process with status 1, a signal ends it as it would have.
class CrashNotice {
 public:
  // `active`: false where the estimator runs elsewhere. One at a time.
  CrashNotice(bool active, const LastWords& words);
  ~CrashNotice();
  CrashNotice(const CrashNotice&) = delete;
  CrashNotice& operator=(const CrashNotice&) = delete;

 private:
  bool m_active;
};

}  // namespace whest::app
