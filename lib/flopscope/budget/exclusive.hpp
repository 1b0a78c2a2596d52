// SPDX-License-Identifier: MIT
// One meter for a whole process: what keeps a helper thread from paying out of another purse.
#pragma once

namespace flopscope {

// While one lives, operations and BudgetContexts of every thread but the one that made it are refused (RuntimeError,
// nothing charged). Without it, a thread that has no context of its own charges the default one. One at a time.
class ExclusiveMeter {
 public:
  ExclusiveMeter();
  ~ExclusiveMeter();
  ExclusiveMeter(const ExclusiveMeter&) = delete;
  ExclusiveMeter& operator=(const ExclusiveMeter&) = delete;
};

}  // namespace flopscope
