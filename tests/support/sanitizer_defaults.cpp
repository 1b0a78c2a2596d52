// SPDX-License-Identifier: MIT
// How the sanitizers' runtimes treat the tests' programs. Linked to each; empty without a sanitizer.
// NOLINTBEGIN(bugprone-reserved-identifier): the runtimes look for these names

// An allocation that no memory holds is refused, as the system refuses it; under the address sanitizer, where the
// address space cannot be limited, one that would fill the machine too.
#if defined(__SANITIZE_ADDRESS__)
extern "C" [[gnu::visibility("default")]] const char* __asan_default_options() {
  return "allocator_may_return_null=1:max_allocation_size_mb=1536";
}
#elif defined(__SANITIZE_THREAD__)
extern "C" [[gnu::visibility("default")]] const char* __tsan_default_options() { return "allocator_may_return_null=1"; }
#endif

// NOLINTEND(bugprone-reserved-identifier)
