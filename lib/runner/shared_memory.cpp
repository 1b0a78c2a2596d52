// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <whest/runner/shared_memory.hpp>

namespace whest::runner {

namespace {

std::unexpected<base::Error> failure(const char* what) {
  return base::grader_error(fmt::format("shared memory: cannot {}: {}", what, std::strerror(errno)));
}

bool write_at(int fd, std::span<const std::byte> bytes, std::int64_t offset) {
  while (!bytes.empty()) {
    const ssize_t n = ::pwrite(fd, bytes.data(), bytes.size(), offset);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(n));
    offset += n;
  }
  return true;
}

std::int64_t aligned(std::int64_t size) { return (size + k_part_alignment - 1) / k_part_alignment * k_part_alignment; }

}  // namespace

base::Expected<Fd> sealed_input(std::span<const std::span<const std::byte>> parts) {
  Fd fd(::memfd_create("whest-input", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!fd) return failure("make the input");
  std::int64_t size = 0;
  for (const auto& part : parts) size += aligned(static_cast<std::int64_t>(part.size()));
  if (::ftruncate(fd.get(), size) != 0) return failure("size the input");
  std::int64_t offset = 0;
  for (const auto& part : parts) {
    if (!write_at(fd.get(), part, offset)) return failure("fill the input");
    offset += aligned(static_cast<std::int64_t>(part.size()));
  }
  if (::fcntl(fd.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0) {
    return failure("seal the input");
  }
  return fd;
}

base::Expected<Fd> fixed_size_memory(std::int64_t size, const char* name) {
  Fd fd(::memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!fd) return failure("make it");
  if (::ftruncate(fd.get(), size) != 0) return failure("size it");
  if (::fcntl(fd.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) return failure("seal it");
  return fd;
}

std::int64_t size_of(int fd) {
  struct stat info {};
  return ::fstat(fd, &info) == 0 ? static_cast<std::int64_t>(info.st_size) : -1;
}

Mapping::Mapping(int fd, std::int64_t size, Access access) {
  const bool read_only = access == Access::read;
  void* at = ::mmap(nullptr, static_cast<std::size_t>(size), read_only ? PROT_READ : PROT_READ | PROT_WRITE,
                    MAP_SHARED | (read_only ? MAP_POPULATE : 0), fd, 0);
  if (at == MAP_FAILED) return;
  m_data = static_cast<std::byte*>(at);
  m_size = size;
}

Mapping::~Mapping() {
  if (m_data != nullptr) ::munmap(m_data, static_cast<std::size_t>(m_size));
}

}  // namespace whest::runner
