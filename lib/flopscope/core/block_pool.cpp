// SPDX-License-Identifier: MIT
#include <sys/mman.h>
#include <sys/resource.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <new>
#include <utility>
#include <whest/flopscope/core/block_pool.hpp>

namespace flopscope::memory {
namespace {

// A pool would hide from the address sanitizer what is used after it was freed.
#if defined(__SANITIZE_ADDRESS__)
constexpr bool k_pooled = false;
#else
constexpr bool k_pooled = true;
#endif

// ---- Small blocks: sizes in steps of 64 bytes to 1 KiB, then four steps to each doubling; a list for each. ----

constexpr std::size_t k_fine_limit = 1024, k_small_limit = 64 * 1024;
constexpr int k_fine_classes = 16, k_classes = k_fine_classes + 4 * 6;
constexpr std::size_t k_kept_per_thread = 2 * 1024 * 1024;

struct SizeClass {
  int index;
  std::size_t bytes;
};

SizeClass size_class(std::size_t bytes) {
  if (bytes <= k_fine_limit) [[likely]] {
    const std::size_t steps = std::max<std::size_t>((bytes + 63) / 64, 1);
    return {static_cast<int>(steps) - 1, steps * 64};
  }
  const int log2 = std::bit_width(bytes - 1) - 1;  // 2^log2 < bytes <= 2^(log2 + 1)
  const std::size_t quarters = ((bytes - 1) >> (log2 - 2)) + 1;
  return {k_fine_classes + 4 * (log2 - 10) + static_cast<int>(quarters) - 5, quarters << (log2 - 2)};
}

struct FreeBlock {
  FreeBlock* next;
};

struct Lists {
  FreeBlock* heads[k_classes] = {};
  std::size_t kept_bytes = 0;

  void clear() {
    for (FreeBlock*& head : heads)
      while (head != nullptr) std::free(std::exchange(head, head->next));
    kept_bytes = 0;
  }
};

// Plain thread locals in the library's static block: reading one takes one instruction.
#define WHEST_FAST_THREAD_LOCAL [[gnu::tls_model("initial-exec")]] static thread_local constinit
WHEST_FAST_THREAD_LOCAL Lists* t_lists = nullptr;
WHEST_FAST_THREAD_LOCAL bool t_ended = false;  // arrays may outlive their thread's lists
#undef WHEST_FAST_THREAD_LOCAL

struct ListsOwner {
  Lists lists;
  ~ListsOwner() {
    t_lists = nullptr;
    t_ended = true;
    lists.clear();
  }
};

Lists* lists_of_thread() {
  if (t_lists != nullptr || t_ended) [[likely]]
    return t_lists;
  static thread_local ListsOwner t_owner;
  return t_lists = &t_owner.lists;
}

void* take_small(const SizeClass& size) {
  Lists* lists = lists_of_thread();
  if (lists == nullptr) [[unlikely]]
    return nullptr;
  FreeBlock*& head = lists->heads[size.index];
  if (head == nullptr) [[unlikely]]
    return nullptr;
  lists->kept_bytes -= size.bytes;
  return std::exchange(head, head->next);
}

bool keep_small(void* block, const SizeClass& size) {
  Lists* lists = lists_of_thread();
  if (lists == nullptr || lists->kept_bytes + size.bytes > k_kept_per_thread) [[unlikely]]
    return false;
  FreeBlock*& head = lists->heads[size.index];
  head = new (block) FreeBlock{head};
  lists->kept_bytes += size.bytes;
  return true;
}

// ---- Large blocks: whole pages; the few freed last, reused for the same size. ----

constexpr std::size_t k_page = 4096, k_huge_page = 2 * 1024 * 1024;
constexpr std::size_t k_most_kept_bytes = 256 * 1024 * 1024;
constexpr int k_most_kept = 16;

struct Kept {
  void* block;
  std::size_t bytes;
};

// The lock is only ever tried: after a fork another thread's may be held for ever.
struct LargeBlocks {
  std::mutex mutex;
  Kept kept[k_most_kept] = {};
  int count = 0;
  std::size_t kept_bytes = 0;
};
constinit LargeBlocks s_large;

// An eighth of the memory that the process may have, so that what is kept takes little away from other uses.
std::size_t most_kept_bytes() {
  rlimit limit{};
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return k_most_kept_bytes;
  return std::min<std::size_t>(k_most_kept_bytes, limit.rlim_cur / 8);
}

std::size_t large_bytes(std::size_t bytes) { return (bytes + k_page - 1) / k_page * k_page; }

void* take_large(std::size_t bytes) {
  const std::unique_lock lock(s_large.mutex, std::try_to_lock);
  if (!lock) return nullptr;
  for (int i = s_large.count - 1; i >= 0; --i) {
    if (s_large.kept[i].bytes != bytes) continue;
    void* block = s_large.kept[i].block;
    std::copy(s_large.kept + i + 1, s_large.kept + s_large.count, s_large.kept + i);
    --s_large.count;
    s_large.kept_bytes -= bytes;
    return block;
  }
  return nullptr;
}

void drop_oldest_large() {
  s_large.kept_bytes -= s_large.kept[0].bytes;
  std::free(s_large.kept[0].block);
  std::copy(s_large.kept + 1, s_large.kept + s_large.count, s_large.kept);
  --s_large.count;
}

bool keep_large(void* block, std::size_t bytes) {
  const std::size_t most = most_kept_bytes();
  if (bytes > most) return false;
  const std::unique_lock lock(s_large.mutex, std::try_to_lock);
  if (!lock) return false;
  while (s_large.count > 0 && (s_large.count == k_most_kept || s_large.kept_bytes + bytes > most)) drop_oldest_large();
  s_large.kept[s_large.count++] = {block, bytes};
  s_large.kept_bytes += bytes;
  return true;
}

void drop_all_kept() {
  if (Lists* lists = lists_of_thread()) lists->clear();
  const std::unique_lock lock(s_large.mutex, std::try_to_lock);
  while (lock && s_large.count > 0) drop_oldest_large();
}

// Pages of 2 MiB inside the block, where the system has them: a hundredth of the page faults.
void ask_for_huge_pages(void* block, std::size_t bytes) {
  const std::size_t lead = -reinterpret_cast<std::uintptr_t>(block) % k_huge_page;  // to the first whole one
  if (lead + k_huge_page > bytes) return;
  madvise(static_cast<std::byte*>(block) + lead, (bytes - lead) / k_huge_page * k_huge_page, MADV_HUGEPAGE);
}

void* from_system(std::size_t bytes) {
  void* block = std::aligned_alloc(64, bytes);
  if (block == nullptr && k_pooled) {
    drop_all_kept();
    block = std::aligned_alloc(64, bytes);
  }
  return block;
}

}  // namespace

void* allocate(std::size_t bytes) noexcept {
  if (bytes <= k_small_limit) [[likely]] {
    const SizeClass size = size_class(bytes);
    if (k_pooled)
      if (void* block = take_small(size)) [[likely]]
        return block;
    return from_system(size.bytes);
  }
  if (bytes > SIZE_MAX - k_page) return nullptr;
  const std::size_t whole = large_bytes(bytes);
  if (k_pooled)
    if (void* block = take_large(whole)) return block;
  void* block = from_system(whole);
  if (block != nullptr && whole >= 2 * k_huge_page) ask_for_huge_pages(block, whole);
  return block;
}

void release(void* block, std::size_t bytes) noexcept {
  if (k_pooled &&
      (bytes <= k_small_limit ? keep_small(block, size_class(bytes)) : keep_large(block, large_bytes(bytes))))
    return;
  std::free(block);
}

}  // namespace flopscope::memory
