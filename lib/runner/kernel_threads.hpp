// SPDX-License-Identifier: MIT
// The threads of the linear algebra library behind flopscope, so that none of their work looks like an estimator's.
#pragma once

#include <cstdint>

namespace whest::runner {

// Counted operations use `count` threads from now on. The library (OpenBLAS) starts a thread per core when it is
// loaded, and a thread without work spins for tens of milliseconds before it sleeps: CPU time that a predict would be
// billed for. Its threads are ended here; those that an operation starts again sleep as soon as k_idle_timeout says,
// where the environment has it. Not for use while an operation runs.
void set_kernel_threads(int count);

// Maps the library's work buffers for that many threads (address space only, until they are used), and returns the
// bytes of address space that starting the threads still takes. For before a limit on address space: behind one, the
// library tries to get a buffer for ever. Does nothing where a limit that is there already leaves no room.
std::int64_t reserve_kernel_memory(int count);

// The environment variable by which the library's idle threads sleep at once, and its value: 2^value processor ticks.
inline constexpr const char* k_idle_timeout_variable = "OPENBLAS_THREAD_TIMEOUT";
inline constexpr const char* k_idle_timeout = "10";

}  // namespace whest::runner
