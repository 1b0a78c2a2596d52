// SPDX-License-Identifier: MIT
#include <dlfcn.h>

#include <whest/runner/kernel_threads.hpp>

namespace whest::runner {

namespace {

// OpenBLAS is behind flopscope, which does not hand its switches out; another library under its name may lack some.
template <typename Function>
Function* find(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_DEFAULT, name));
}

}  // namespace

void set_kernel_threads(int count) {
  if (const auto read_environment = find<void()>("openblas_read_env")) read_environment();
  if (const auto set = find<void(int)>("openblas_set_num_threads")) set(count);
  if (const auto end_threads = find<int()>("blas_thread_shutdown_")) end_threads();
}

}  // namespace whest::runner
