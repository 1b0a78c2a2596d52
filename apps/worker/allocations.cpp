// SPDX-License-Identifier: MIT
// The C library's allocation functions, in place of its own for this program and what it loads: the same memory, but
// one that is refused is noted, so that a crash on a null pointer can be told from one that memory caused.
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <whest/runner/worker.hpp>

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // these bring their own

// glibc's names for what is replaced here.
extern "C" {
void* __libc_malloc(std::size_t bytes);                           // NOLINT(bugprone-reserved-identifier)
void* __libc_calloc(std::size_t count, std::size_t bytes);        // NOLINT(bugprone-reserved-identifier)
void* __libc_realloc(void* block, std::size_t bytes);             // NOLINT(bugprone-reserved-identifier)
void* __libc_memalign(std::size_t alignment, std::size_t bytes);  // NOLINT(bugprone-reserved-identifier)
}

namespace {

void* noted(void* block) {
  if (block == nullptr && errno == ENOMEM) whest::runner::note_refused_allocation();
  return block;
}

}  // namespace

#define WHEST_REPLACEMENT extern "C" [[gnu::visibility("default")]]

WHEST_REPLACEMENT void* malloc(std::size_t bytes) noexcept { return noted(__libc_malloc(bytes)); }
WHEST_REPLACEMENT void* calloc(std::size_t count, std::size_t bytes) noexcept {
  return noted(__libc_calloc(count, bytes));
}
WHEST_REPLACEMENT void* realloc(void* block, std::size_t bytes) noexcept {
  void* moved = __libc_realloc(block, bytes);
  return bytes == 0 ? moved : noted(moved);  // of 0 bytes: freed
}
WHEST_REPLACEMENT void* memalign(std::size_t alignment, std::size_t bytes) noexcept {
  return noted(__libc_memalign(alignment, bytes));
}
WHEST_REPLACEMENT void* aligned_alloc(std::size_t alignment, std::size_t bytes) noexcept {
  return memalign(alignment, bytes);
}
WHEST_REPLACEMENT int posix_memalign(void** block, std::size_t alignment, std::size_t bytes) noexcept {
  if (alignment % sizeof(void*) != 0 || (alignment & (alignment - 1)) != 0 || alignment == 0) return EINVAL;
  void* fresh = memalign(alignment, bytes);
  if (fresh == nullptr) return ENOMEM;
  *block = fresh;
  return 0;
}
WHEST_REPLACEMENT void* mmap(void* address, std::size_t bytes, int protection, int flags, int fd,
                             off_t offset) noexcept {
  const long at = ::syscall(SYS_mmap, address, bytes, protection, flags, fd, offset);
  if (at == -1 && errno == ENOMEM) whest::runner::note_refused_allocation();
  return reinterpret_cast<void*>(at);  // NOLINT(performance-no-int-to-ptr): the system says it as a number
}

#elif defined(__SANITIZE_ADDRESS__)

// A participant's end is its own in a sanitized build too: its signal, its exit status.
extern "C" [[gnu::visibility("default")]] const char*
__asan_default_options() {  // NOLINT(bugprone-reserved-identifier)
  return "detect_leaks=0:handle_segv=0:handle_abort=0:allocator_may_return_null=1";
}

#endif
