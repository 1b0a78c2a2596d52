// SPDX-License-Identifier: MIT
// Scratch<T>: what an operation works in, from the blocks that arrays use (block_pool.hpp), so that a large one does
// not wait for fresh pages at every call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>
#include <whest/flopscope/core/block_pool.hpp>

namespace flopscope {

template <class T>
struct ScratchAllocator {
  static_assert(std::is_trivially_copyable_v<T>);
  using value_type = T;

  ScratchAllocator() = default;
  template <class U>
  ScratchAllocator(const ScratchAllocator<U>&) noexcept {}

  T* allocate(std::size_t n) {
    void* block = n > SIZE_MAX / sizeof(T) ? nullptr : memory::allocate(n * sizeof(T));
    if (block == nullptr) throw std::bad_alloc();
    return static_cast<T*>(block);
  }
  void deallocate(T* block, std::size_t n) noexcept { memory::release(block, n * sizeof(T)); }

  // An element made from nothing is not initialised.
  template <class U>
  void construct(U*) noexcept {}
  template <class U, class... Args>
  void construct(U* at, Args&&... args) {
    ::new (static_cast<void*>(at)) U(std::forward<Args>(args)...);
  }
  friend bool operator==(const ScratchAllocator&, const ScratchAllocator&) { return true; }
};

// Scratch<T>(n) and resize(n) leave their elements as they find them; assign(n, value) sets them.
template <class T>
using Scratch = std::vector<T, ScratchAllocator<T>>;

}  // namespace flopscope
