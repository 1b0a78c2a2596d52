// SPDX-License-Identifier: MIT
// The C functions of the live display.
#include <flopscope/live.h>
#include <unistd.h>

#include <whest/flopscope/abi/error_boundary.hpp>
#include <whest/flopscope/budget/live.hpp>

struct flopscope_live {
  flopscope::LiveDisplay display{STDERR_FILENO};
};

flopscope_status flopscope_live_open(flopscope_live** live) {
  return flopscope::abi::guarded([&] { *live = new flopscope_live; });
}
void flopscope_live_close(flopscope_live* live) { delete live; }
