// SPDX-License-Identifier: MIT
// An estimator that runs in this process can end it. While one of these lives, the end is explained on stderr first;
// the process still ends as it would have.
#pragma once

namespace whest::app {

class CrashNotice {
 public:
  // `active`: false where the estimator runs elsewhere.
  explicit CrashNotice(bool active);
  ~CrashNotice();
  CrashNotice(const CrashNotice&) = delete;
  CrashNotice& operator=(const CrashNotice&) = delete;

 private:
  bool m_active;
};

}  // namespace whest::app
