// SPDX-License-Identifier: MIT
// Where a process may change files (see sandbox.cpp): Linux's Landlock, which needs no privilege and lasts until the
// process ends, in everything it starts. https://docs.kernel.org/userspace-api/landlock.html
#pragma once

#include <string>

namespace whest::runner {

// From here on files and folders can be made, written, cut, renamed and removed below `folder` only (EACCES elsewhere;
// /dev/null takes writes), and, where the kernel knows how, no process outside may be signalled (EPERM). Needs
// no_new_privs. False: the kernel refused, and nothing has changed.
bool confine_changes_to(const std::string& folder);

// What the kernel can hold, without doing it.
enum class Confinement { none, all_but_cutting, whole };  // cutting a file short is held since Linux 6.2
Confinement confinement_available();

}  // namespace whest::runner
