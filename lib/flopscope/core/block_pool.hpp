// SPDX-License-Identifier: MIT
// Memory of arrays: blocks aligned to 64 bytes. Freed blocks are kept for the next array of their size, small ones in
// lists of the thread, large ones in one short list of the process, so that an operation on ten elements does not pay
// for the allocator and one on ten million not for fresh pages.
#pragma once

#include <cstddef>

namespace flopscope::memory {

// Not initialised; null when the system refuses, after everything that was kept has been given back.
void* allocate(std::size_t bytes) noexcept;

// `bytes` as in the block's allocate(). Any thread may release.
void release(void* block, std::size_t bytes) noexcept;

}  // namespace flopscope::memory
