// SPDX-License-Identifier: MIT
#include <dlfcn.h>
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <vector>
#include <whest/runner/kernel_threads.hpp>

namespace whest::runner {

namespace {

// OpenBLAS is behind flopscope, which does not hand its switches out; another library under its name may lack some.
template <typename Function>
Function* find(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_DEFAULT, name));
}

constexpr std::int64_t k_buffer_bytes = std::int64_t{160} << 20;  // more than a buffer of any build of the library
constexpr int k_most_buffers = 64;                                // fewer than it has places for

bool has_room(std::int64_t bytes) {
  rlimit now{};
  return ::getrlimit(RLIMIT_AS, &now) == 0 && static_cast<rlim_t>(bytes) <= now.rlim_cur;
}

std::int64_t stack_bytes() {
  pthread_attr_t attributes;
  std::size_t bytes = 0;
  if (::pthread_getattr_default_np(&attributes) == 0) {
    ::pthread_attr_getstacksize(&attributes, &bytes);
    ::pthread_attr_destroy(&attributes);
  }
  return static_cast<std::int64_t>(bytes) + ::sysconf(_SC_PAGESIZE);  // and a guard page
}

}  // namespace

void set_kernel_threads(int count) {
  if (const auto read_environment = find<void()>("openblas_read_env")) read_environment();
  if (const auto set = find<void(int)>("openblas_set_num_threads")) set(count);
  if (const auto end_threads = find<int()>("blas_thread_shutdown_")) end_threads();
}

std::int64_t reserve_kernel_memory(int count) {
  const auto allocate = find<void*(int)>("blas_memory_alloc");
  const auto release = find<void(void*)>("blas_memory_free");
  const int buffers = std::min(count, k_most_buffers);
  if (allocate != nullptr && release != nullptr && has_room(2 * buffers * k_buffer_bytes)) {
    std::vector<void*> taken;
    for (int i = 0; i < buffers; ++i) taken.push_back(allocate(0));
    for (void* buffer : taken) release(buffer);  // which keeps it mapped for the next who asks
  }
  return (count - 1) * stack_bytes();
}

}  // namespace whest::runner
