// SPDX-License-Identifier: MIT
// One meter for a whole process: what keeps a helper thread from paying out of another purse.
#pragma once

namespace flopscope {

class BudgetContext;

// While one lives, whatever `only` does not pay is refused (RuntimeError, nothing charged): operations of threads that
// have another BudgetContext open or none, and opening another one. Without it, a thread that has no context of its own
// charges the default one. One at a time.
class ExclusiveMeter {
 public:
  explicit ExclusiveMeter(const BudgetContext& only);
  ~ExclusiveMeter();
  ExclusiveMeter(const ExclusiveMeter&) = delete;
  ExclusiveMeter& operator=(const ExclusiveMeter&) = delete;
};

}  // namespace flopscope
