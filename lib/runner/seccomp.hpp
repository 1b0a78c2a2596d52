// SPDX-License-Identifier: MIT
// The system call filters of worker and child (see sandbox.cpp), as BPF programs for seccomp. They take a few
// microseconds to install and last until the process ends, in everything it starts.
#pragma once

#include <sys/types.h>

namespace whest::runner {

// Each needs no_new_privs and returns whether the kernel took the filter.
bool filter_worker_calls(pid_t host);
bool filter_child_calls(pid_t self);

// Asks the kernel without installing anything.
bool system_call_filter_available();

}  // namespace whest::runner
