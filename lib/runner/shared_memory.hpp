// SPDX-License-Identifier: MIT
// Shared memory between host and worker: files without a name (memfd), sealed so that nobody can pull them away from
// under the other side, and their mappings.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>
#include <whest/base/error.hpp>
#include <whest/runner/descriptors.hpp>

namespace whest::runner {

// A file with these parts one behind the other, each from a multiple of k_part_alignment on; sealed against every
// change, so that whoever gets the descriptor can only read.
inline constexpr std::int64_t k_part_alignment = 64;
base::Expected<Fd> sealed_input(std::span<const std::span<const std::byte>> parts);

// A file of `size` zero bytes that can be written but neither grow nor shrink: mapping it is safe whoever holds it.
base::Expected<Fd> fixed_size_memory(std::int64_t size, const char* name);

// The size of what a descriptor names, or -1.
std::int64_t size_of(int fd);

enum class Access { read, read_write };

class Mapping {
 public:
  Mapping() = default;
  // Maps all `size` bytes (read: with their page tables, so that no reader pays for them); empty on failure.
  Mapping(int fd, std::int64_t size, Access access);
  Mapping(Mapping&& other) noexcept
      : m_data(std::exchange(other.m_data, nullptr)), m_size(std::exchange(other.m_size, 0)) {}
  Mapping& operator=(Mapping other) noexcept {
    std::swap(m_data, other.m_data);
    std::swap(m_size, other.m_size);
    return *this;
  }
  ~Mapping();
  explicit operator bool() const { return m_data != nullptr; }
  std::byte* data() const { return m_data; }
  std::int64_t size() const { return m_size; }

 private:
  std::byte* m_data = nullptr;
  std::int64_t m_size = 0;
};

}  // namespace whest::runner
