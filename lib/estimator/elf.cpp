// SPDX-License-Identifier: MIT
#include <elf.h>
#include <fmt/format.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <vector>
#include <whest/estimator/elf.hpp>

namespace whest::estimator {

namespace {

// One past the last byte that `size` bytes at `offset` take; the largest number where that overflows.
std::uint64_t end_of(std::uint64_t offset, std::uint64_t size) {
  std::uint64_t end = 0;
  return __builtin_add_overflow(offset, size, &end) ? UINT64_MAX : end;
}

template <class T>
bool read_at(std::ifstream& file, std::uint64_t offset, T* to, std::size_t count) {
  file.seekg(static_cast<std::streamoff>(offset));
  return static_cast<bool>(file.read(reinterpret_cast<char*>(to), static_cast<std::streamsize>(count * sizeof(T))));
}

}  // namespace

base::Expected<void> check_shared_object(const std::string& path, const std::string& shown) {
  std::error_code error;
  const std::uint64_t size = std::filesystem::file_size(path, error);
  if (error) return base::usage_error(fmt::format("'{}' cannot be loaded: {}.", shown, error.message()));
  const auto cut = [&](std::uint64_t promised) {
    return base::usage_error(
        fmt::format("'{}' cannot be loaded: the file is cut off, it has {} bytes where its headers say at least {}.",
                    shown, size, promised));
  };
  std::ifstream file(path, std::ios::binary);
  Elf64_Ehdr header{};
  // The magic first, so that a short text is told from a short object.
  if (!read_at(file, 0, header.e_ident, EI_NIDENT) || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
      header.e_ident[EI_CLASS] != ELFCLASS64) {
    return base::usage_error(fmt::format("'{}' cannot be loaded: it is no 64-bit ELF shared object.", shown));
  }
  if (!read_at(file, 0, &header, 1)) return cut(sizeof header);
  if (header.e_phentsize != sizeof(Elf64_Phdr)) {
    return base::usage_error(fmt::format("'{}' cannot be loaded: its ELF header is damaged.", shown));
  }
  const std::uint64_t table_end = end_of(header.e_phoff, std::uint64_t{header.e_phnum} * sizeof(Elf64_Phdr));
  std::vector<Elf64_Phdr> segments(header.e_phnum);
  if (table_end > size || !read_at(file, header.e_phoff, segments.data(), segments.size())) return cut(table_end);
  for (const Elf64_Phdr& segment : segments) {
    const std::uint64_t end = end_of(segment.p_offset, segment.p_filesz);
    if (end > size) return cut(end);
  }
  return {};
}

}  // namespace whest::estimator
