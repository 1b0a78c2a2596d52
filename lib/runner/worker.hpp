// SPDX-License-Identifier: MIT
// The worker's side of the subprocess runner; all of apps/worker but its main. See sandbox.cpp for what it is part of.
#pragma once

namespace whest::runner {

// Serves the host on `socket` until it says stop or is gone. Returns the exit status.
int serve(int socket);

// An allocation of the process that predicts was refused; told where the host can read it. In any other: nothing.
void note_refused_allocation() noexcept;

}  // namespace whest::runner
