// SPDX-License-Identifier: MIT
// Processes that setup() started and that would work on for predict, unseen by its CPU clock: they end with setup().
#pragma once

namespace whest::runner {

// Makes the calling process the parent of every process that is orphaned below it, so that none gets out of sight.
void adopt_orphans();

// Kills and waits for every other process of the calling process's group (which nobody can leave, see sandbox.cpp),
// until there is none. Call it while no child is wanted.
void end_other_processes();

// Whether this process has more than one thread: then others may appear again.
bool has_other_threads();

// CPU seconds of all processes below this one that have been waited for.
double ended_processes_cpu_s();

}  // namespace whest::runner
